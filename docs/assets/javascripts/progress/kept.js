// The reader's events as the browser keeps them, in pieces that no two pages ever write to.
//
// A browser shows what one page wrote to another only after a while, even where both wait for one
// lock, so a value that two pages read and write back loses events. Here each page writes pieces
// of its own and reads all there are; each is a progress file, and small, since a click writes it whole.

import { randomId } from "./device.js";
import { parse, write } from "./file.js";
import { swept } from "./ledger.js";

const MOST = 100;
const NONE = { key: "", events: [] };

/** The pieces of one site in a storage. */
export class Kept {
  #seen = new Map();
  #own = NONE;

  constructor(storage, site) {
    this.storage = storage;
    this.folder = `${site}/progress/`;
  }

  /** What the pieces hold, as they were read last. */
  get parts() {
    return [...this.#seen.values()].map((piece) => piece.progress);
  }

  /** The texts that could not be read to the end, by key; they stay where and as they are. */
  get broken() {
    const broken = [...this.#seen].filter(([, piece]) => piece.broken.length);
    return new Map(broken.map(([key, piece]) => [key, piece.text]));
  }

  /** Read what changed: the parts that hold more than before, and whether any holds less. */
  look() {
    const before = this.#seen;
    this.#seen = new Map();
    const fresh = [];
    let lost = false;
    for (const [key, text] of this.#texts()) {
      const known = before.get(key);
      const piece = known?.text === text ? known : { text, ...parse(text) };
      this.#seen.set(key, piece);
      if (piece !== known) fresh.push(piece.progress);
      if (piece !== known && known) lost ||= !holds(piece, known);
    }
    if (!this.#seen.has(this.#own.key)) this.#own = NONE;
    return { fresh, lost: lost || [...before.keys()].some((key) => !this.#seen.has(key)) };
  }

  /** Keep one more event; throws where there is no room, and then nothing has changed. */
  append(event) {
    const { key, events } = this.#own;
    const full = events.length === 0 || events.length >= MOST;
    const piece = full ? { key: this.#newKey(), events: [event] } : { key, events: [...events, event] };
    this.#write(piece.key, { events: piece.events, foreign: [] });
    this.#own = piece;
  }

  /** Keep many at once, all or none. */
  add(progress) {
    this.#write(this.#newKey(), progress);
  }

  /**
   * Take what these events want forgotten out of all pieces, or only out of this page's own; what
   * another page, which could not know its last events, wrote over is put back. Whether anything was.
   */
  sweep(wishes, all) {
    const own = swept({ events: this.#own.events, foreign: [] }, wishes);
    this.#own = { ...this.#own, events: own.events };
    let changed = own.events.length > 0 && this.#write(this.#own.key, own);
    for (const [key, { progress, broken }] of all ? this.#seen : []) {
      if (key !== this.#own.key && !broken.length) changed = this.#write(key, swept(progress, wishes)) || changed;
    }
    return changed;
  }

  /** Throw every piece away, whatever it holds. */
  clear() {
    for (const key of this.#texts().keys()) this.storage.removeItem(key);
    this.#own = NONE;
  }

  #texts() {
    const texts = new Map();
    for (let n = 0; n < this.storage.length; n++) {
      const key = this.storage.key(n);
      if (key.startsWith(this.folder)) texts.set(key, this.storage.getItem(key) ?? "");
    }
    return texts;
  }

  #write(key, progress) {
    const text = write(progress);
    const differs = this.storage.getItem(key) !== text;
    if (differs) this.storage.setItem(key, text);
    return differs;
  }

  #newKey() {
    return this.folder + randomId();
  }
}

function holds(piece, known) {
  const texts = new Set(piece.progress.events.map((event) => event.text));
  return known.progress.events.every((event) => texts.has(event.text));
}
