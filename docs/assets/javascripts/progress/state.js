// What a set of events adds up to, subject by subject. The twin of tools/model/progress/state.py.

import { keyText } from "./events.js";
import { forgotten, inOrder } from "./merge.js";

const SAID = ["status", "rating", "note"];

/**
 * The state of every subject that something still stands of: the last live event that sets a field
 * wins, and null clears it; minutes are added up. `renamed` leads from the subjects of retired ids
 * to those of today. `setBy` has the event that set each field.
 * @returns {Map<string, {status: ?string, rating: ?number, note: ?string, spent: number,
 *   since: ?string, setBy: Object<string, Event>}>}
 */
export function state(events, renamed = new Map()) {
  const states = new Map();
  for (const event of live(events)) {
    const { subject } = event.fields;
    if (subject === undefined) continue;
    const today = renamed.get(subject) ?? subject;
    if (!states.has(today)) states.set(today, { setBy: {}, spent: 0 });
    const one = states.get(today);
    for (const name of SAID) if (Object.hasOwn(event.fields, name)) one.setBy[name] = event;
    one.spent += event.fields.spent ?? 0;
  }
  for (const [subject, one] of states) {
    if (hasSaid(one)) states.set(subject, settledState(one));
    else states.delete(subject);
  }
  return states;
}

/**
 * The events that were neither undone nor forgotten, in order. An undo counts only when its target
 * is earlier and it is not itself undone, so the last event is judged first.
 */
export function live(events) {
  const gone = forgotten(events);
  const left = [];
  for (const event of inOrder(events).reverse()) {
    const key = keyText([event.device, event.n]);
    if (gone.has(key)) continue;
    const target = event.fields.undo && keyText(event.fields.undo);
    // What is later has been judged before.
    if (target && target !== key) gone.add(target);
    left.push(event);
  }
  return left.reverse();
}

/**
 * What `undo` takes back: the device's last live event that says something of a subject. Undoing
 * again goes one step further back; the undo of an undo is asked for by its key.
 */
export function undoable(events, device) {
  return live(events).findLast((event) => event.device === device && event.fields.subject !== undefined) ?? null;
}

function hasSaid({ setBy, spent }) {
  return spent > 0 || SAID.some((name) => (setBy[name]?.fields[name] ?? null) !== null);
}

function settledState({ setBy, spent }) {
  const said = Object.entries(setBy).filter(([name, event]) => event.fields[name] !== null);
  const by = Object.fromEntries(said);
  const value = (name) => by[name]?.fields[name] ?? null;
  const since = by.status?.fields.at ?? null;
  return { status: value("status"), rating: value("rating"), note: value("note"), spent, since, setBy: by };
}
