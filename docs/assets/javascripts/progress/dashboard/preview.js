// What an import would change, told before anything is added.

import { keyText } from "../events.js";
import { gained, merge } from "../merge.js";
import { state } from "../state.js";

const FIELDS = ["status", "rating", "note", "spent"];

/**
 * What `theirs` adds to `mine`: how many events, how many are here already, and for each new one
 * what it says field by field, with what stands here and what would stand afterwards.
 * @returns {{adds: number, here: number, changes: object[]}}
 */
export function preview(mine, theirs, renamed) {
  const events = gained(mine, theirs);
  const both = merge(mine, theirs);
  const foreign = both.foreign.length - mine.foreign.length;
  const before = state(mine.events, renamed);
  const after = state(both.events, renamed);
  const all = new Map(both.events.map((event) => [keyText([event.device, event.n]), event]));
  const subjectOf = (event) => subjectIn(event, all, renamed);
  const changes = events.flatMap((event) => changesOf(event, subjectOf(event), before, after));
  const total = theirs.events.length + theirs.foreign.length;
  return { adds: events.length + foreign, here: Math.max(0, total - events.length - foreign), total, changes };
}

/** One row an event and field that it sets; a row without a field takes back, forgets or is of later formats. */
function changesOf(event, subject, before, after) {
  const [here, then] = [before.get(subject), after.get(subject)];
  const said = FIELDS.filter((name) => Object.hasOwn(event.fields, name));
  const rows = said.map((field) => ({
    event,
    subject,
    field,
    here: here?.[field] ?? null,
    there: event.fields[field],
    after: then?.[field] ?? null,
    ...conflict(event, field, here, then),
  }));
  return rows.length ? rows : [{ event, subject, field: "", undo: event.fields.undo, forget: event.fields.forget }];
}

/** The subject of an event, or of the one that it takes back or forgets; a chain of those may have none. */
function subjectIn(event, all, renamed) {
  for (let seen = 0; event && seen < all.size; seen++) {
    const { subject, undo, forget } = event.fields;
    if (subject !== undefined) return renamed.get(subject) ?? subject;
    event = undo || forget ? all.get(keyText(undo ?? forget)) : null;
  }
  return "";
}

/** Both sides said something else of one field: who said what stands here, and which event wins. */
function conflict(event, field, here, then) {
  const own = here?.setBy[field];
  const winner = then?.setBy[field];
  const differ = own && own.text !== event.text && own.fields[field] !== event.fields[field];
  const decides = winner && (isSame(winner, event) || isSame(winner, own ?? event));
  return differ && decides ? { by: own, winner } : {};
}

function isSame(a, b) {
  return keyText([a.device, a.n]) === keyText([b.device, b.n]);
}
