// The reader's events on this page and the state they add up to, kept as events come in.

import { compareEvents, keyText } from "./events.js";
import { forgotten, merge } from "./merge.js";
import { state } from "./state.js";

/** A set of events in order with the state of every subject; the same as `merge` and `state` give. */
export class Ledger {
  #texts = new Set();
  #gone = new Set();
  events = [];
  foreign = [];
  states = new Map();

  constructor(renamed = new Map()) {
    this.renamed = renamed;
  }

  get progress() {
    return { events: this.events, foreign: this.foreign };
  }

  /** Begin anew with all that stands in these parts. */
  fill(parts) {
    const all = merge(...parts);
    this.events = all.events;
    this.foreign = all.foreign;
    this.#texts = new Set(all.events.map((event) => event.text));
    this.#gone = forgotten(all.events);
    this.states = state(this.events, this.renamed);
  }

  /** Take in what one more part has; only the subjects that it touches are looked at again. */
  take(part) {
    const fresh = part.events.filter((event) => !this.#texts.has(event.text));
    if (part.foreign.length || this.#strips(fresh)) return this.fill([this.progress, part]);
    for (const event of fresh) {
      if (!this.#texts.has(event.text)) this.events.push(event);
      this.#texts.add(event.text);
    }
    this.events.sort(compareEvents);
    const touched = this.#touched(fresh);
    if (touched.size) this.#look(touched);
  }

  /** Whether these want something forgotten, or are what others do. */
  #strips(fresh) {
    return fresh.some((event) => event.fields.forget || this.#gone.has(keyOf(event)));
  }

  #today(event) {
    const { subject } = event.fields;
    return this.renamed.get(subject) ?? subject;
  }

  /** The subjects that these events speak of, by themselves or by what they take back. */
  #touched(fresh) {
    const undone = new Set();
    const subjects = new Set();
    for (let at = this.events.length - 1; at >= 0; at--) {
      const event = this.events[at];
      if (!fresh.includes(event) && !undone.has(keyOf(event))) continue;
      if (event.fields.undo) undone.add(keyText(event.fields.undo));
      if (event.fields.subject !== undefined) subjects.add(this.#today(event));
    }
    return subjects;
  }

  #look(subjects) {
    const counts = (event) => event.fields.undo || subjects.has(this.#today(event));
    const states = state(this.events.filter(counts), this.renamed);
    for (const subject of subjects) {
      if (states.has(subject)) this.states.set(subject, states.get(subject));
      else this.states.delete(subject);
    }
  }
}

/** The part without what these events want forgotten; they themselves are not in it. */
export function swept(part, wishes) {
  const own = new Set(part.events.map((event) => event.text));
  const wished = new Set(wishes.map((event) => event.text));
  const { events, foreign } = merge(part, { events: wishes, foreign: [] });
  return { events: events.filter(({ text }) => own.has(text) || !wished.has(text)), foreign };
}

function keyOf(event) {
  return keyText([event.device, event.n]);
}
