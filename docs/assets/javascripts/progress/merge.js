// Sets of events made one: their union, less what was to be forgotten. The twin of
// tools/model/progress/merge.py.

import { compareEvents, eventOf, faults, keyText } from "./events.js";
import { compareText } from "./spelling.js";

// What a forgotten event still says. Its own wish to forget is kept, or what it wanted forgotten
// would come back from wherever it still stands.
const KEPT = ["device", "n", "forget"];

/**
 * @typedef {{events: Event[], foreign: string[]}} Progress
 *   a set of events in order, and the JSON texts that stood among them and are none
 */

/** All that stands in any part, once and in order; what any part wants forgotten is stripped. */
export function merge(...parts) {
  const events = parts.flatMap((part) => part.events);
  const gone = forgotten(events);
  const isGone = (event) => event !== null && gone.has(keyText([event.device, event.n]));
  const kept = events.map((event) => (isGone(event) ? stripped(event) : event));
  const foreign = new Set(parts.flatMap((part) => part.foreign));
  if (gone.size) {
    for (const text of foreign) {
      const stub = stubOf(text);
      if (isGone(stub) && foreign.delete(text)) kept.push(stub);
    }
  }
  return { events: inOrder(kept), foreign: [...foreign].sort(compareText) };
}

/** The events once each, in order. */
export function inOrder(events) {
  return [...new Map(events.map((event) => [event.text, event])).values()].sort(compareEvents);
}

/** The events that `theirs` would add to `mine`. */
export function gained(mine, theirs) {
  const here = new Set(mine.events.map((event) => event.text));
  return merge(mine, theirs).events.filter((event) => !here.has(event.text));
}

/** The keys, as texts, of the events that others want forgotten; that cannot be taken back. */
export function forgotten(events) {
  return new Set(events.filter((event) => event.fields.forget).map((event) => keyText(event.fields.forget)));
}

/** What is left of a forgotten event: its key, and its own wish to forget. */
export function stripped(event) {
  const names = KEPT.filter((name) => Object.hasOwn(event.fields, name));
  return eventOf(Object.fromEntries(names.map((name) => [name, event.fields[name]])));
}

/** The key alone, as an event, of what is no event and still has one. */
function stubOf(text) {
  const data = JSON.parse(text);
  const stub = { device: data?.device, n: data?.n };
  return faults(stub).length ? null : eventOf(stub);
}
