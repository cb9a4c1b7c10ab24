// What a reader did, and every way to change it; all pages of a site write into one journal.

import { Devices } from "./device.js";
import { eventOf, faults, nextCount } from "./events.js";
import { Kept } from "./kept.js";
import { Ledger } from "./ledger.js";
import { gained, merge } from "./merge.js";
import { live } from "./state.js";

const SOON = 20;

/** One reader's progress in a storage that other pages may write to as well. */
export class Journal {
  #listeners = new Set();
  #timer = 0;
  /** Why the last change was not kept, "full" or "counter"; nothing where it was. */
  trouble = "";

  constructor(storage, site, { locks = null, renamed = new Map(), now = () => new Date() } = {}) {
    this.kept = new Kept(storage, site);
    this.devices = new Devices(storage, site, locks);
    this.ledger = new Ledger(renamed);
    this.now = now;
    this.refresh();
  }

  /** What each subject has come to: `{status, rating, note, spent, since, setBy}` by subject. */
  get state() {
    return this.ledger.states;
  }

  /** The whole set: `{events, foreign}` as merge.js has it. */
  get progress() {
    return this.ledger.progress;
  }

  /** The stored values that could not be read to the end, by key. */
  get broken() {
    return this.kept.broken;
  }

  /** Call back after every change, made here or on another page; returns how to stop it. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Keep one event that says this, such as `{subject, status}`; null, and `trouble`, where it was not kept. */
  async record(said) {
    return this.#attempt(async () => {
      const device = await this.devices.hold();
      this.refresh();
      const n = nextCount(this.ledger.events);
      if (n === null) throw new Error("counter");
      const fields = { device, n, at: `${this.now().toISOString().slice(0, 16)}Z`, ...said };
      const wrong = faults(fields);
      if (wrong.length) throw new TypeError(`wrong: ${wrong}`);
      const event = eventOf(fields);
      this.kept.append(event);
      this.refresh();
      return event;
    });
  }

  /** Take an event back; without a key the last that this profile made and that still stands. */
  async undo(key = this.#last()) {
    return key && this.record({ undo: key });
  }

  /** Let nothing of an event remain but its key, wherever this set is merged. */
  async forget(key) {
    const event = await this.record({ forget: key });
    if (event) await this.#attempt(() => this.refresh(true));
    return event;
  }

  /** Take in another set; how many events were new, or null where there is no room for them. */
  async add(theirs) {
    return this.#attempt(() => {
      this.refresh();
      const events = gained(this.progress, theirs);
      const known = new Set(this.progress.foreign);
      const foreign = merge(this.progress, theirs).foreign.filter((text) => !known.has(text));
      if (events.length + foreign.length === 0) return 0;
      this.kept.add({ events, foreign });
      this.devices.renew();
      this.refresh(true);
      return events.length;
    });
  }

  /** Throw everything away, here and on all open pages. */
  clear() {
    this.kept.clear();
    this.devices.renew();
    this.trouble = "";
    this.refresh();
    this.#tell();
  }

  /** Another page changed what is stored: soon look at it, at many changes once. */
  hear() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh() && this.#tell(), SOON);
  }

  /** Take in what other pages wrote; whether there was anything. */
  refresh(all = false) {
    const { fresh, lost } = this.kept.look();
    if (!lost && !fresh.length && !all) return false;
    if (lost || this.ledger.events.length === 0) this.ledger.fill(this.kept.parts);
    else for (const part of fresh) this.ledger.take(part);
    const wishes = this.ledger.events.filter((event) => event.fields.forget);
    if (this.kept.sweep(wishes, all)) this.refresh();
    return true;
  }

  #last() {
    const mine = new Set(this.devices.all());
    const last = live(this.ledger.events).findLast(
      (event) => mine.has(event.device) && event.fields.subject !== undefined,
    );
    return last ? [last.device, last.n] : null;
  }

  async #attempt(change) {
    try {
      this.trouble = "";
      return await change();
    } catch (error) {
      if (error instanceof TypeError) throw error;
      this.trouble = error.message === "counter" ? "counter" : "full";
      return null;
    } finally {
      this.#tell();
    }
  }

  #tell() {
    for (const listener of [...this.#listeners]) listener(this);
  }
}
