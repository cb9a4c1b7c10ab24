// What still stands of a set of events, as a short text of columns, and the events it becomes again.
// Minutes stay at home: they are added up, so a second snapshot would count them twice.

import { eventOf, faults, STATUSES } from "./events.js";
import { spelled } from "./spelling.js";
import { state } from "./state.js";

const DAY = 86_400_000;
const KINDS = { r: "resource/", t: "topic/", s: "snippet/" };
const LETTERS = "prkdvx";
const NONE = ".";

/** The columns of a snapshot as a text, a row an event that still counts; notes only if asked for. */
export function toColumns(events, { renamed, notes = false } = {}) {
  const rows = [...state(events, renamed)].flatMap(([subject, one]) => rowsOf(subject, one, notes));
  rows.sort((a, b) => a.n - b.n);
  const day = rows.map(({ at }) => (at ? Date.parse(at.slice(0, 10)) / DAY : null));
  return JSON.stringify([
    rows.map(({ subject }) => shortened(subject)),
    differences(rows.map(({ n }) => n)),
    differences(day),
    rows.map(({ status }) => LETTERS[STATUSES.indexOf(status)] ?? NONE).join(""),
    rows.map(({ rating }) => rating ?? NONE).join(""),
    rows.flatMap(({ note }, place) => (note === undefined ? [] : [[place, note]])),
  ]);
}

/**
 * The events of such a text; throws where it is none. Each is made by a device that its content
 * names, so that the same snapshot, or what another has in common with it, is the same events.
 */
export function fromColumns(text) {
  const [subjects, n, day, statuses, ratings, notes] = JSON.parse(text);
  const [counters, days, said] = [sums(n), sums(day), new Map(notes)];
  return subjects.map((subject, place) => {
    const fields = {
      n: counters[place],
      at: isoDay(days[place]),
      subject: lengthened(subject),
      status: STATUSES[LETTERS.indexOf(statuses[place])],
      rating: ratings[place] === NONE ? undefined : Number(ratings[place]),
      note: said.get(place),
    };
    const data = { ...fields, device: `link-${digest(spelled(fields).text)}` };
    if (faults(data).length) throw new SyntaxError("no snapshot");
    return eventOf(data);
  });
}

/** For each event that set something its row: what it set of all that it says. */
function rowsOf(subject, { setBy }, notes) {
  const rows = new Map();
  for (const name of notes ? ["status", "rating", "note"] : ["status", "rating"]) {
    const event = setBy[name];
    if (!event) continue;
    if (!rows.has(event)) rows.set(event, { subject, n: event.n, at: event.fields.at ?? null });
    rows.get(event)[name] = event.fields[name];
  }
  return [...rows.values()];
}

function shortened(subject) {
  const letter = Object.keys(KINDS).find((key) => subject.startsWith(KINDS[key]));
  return letter ? letter + subject.slice(KINDS[letter].length) : `=${subject}`;
}

function lengthened(short) {
  return short.startsWith("=") ? short.slice(1) : KINDS[short[0]] + short.slice(1);
}

/** Each number as its distance from the one before; null says nothing and is passed over. */
function differences(numbers) {
  let last = 0;
  return numbers.map((number) => {
    if (number === null) return null;
    const step = number - last;
    last = number;
    return step;
  });
}

function sums(steps) {
  let last = 0;
  return steps.map((step) => (step === null ? null : (last += step)));
}

function isoDay(day) {
  return day === null ? null : new Date(day * DAY).toISOString().slice(0, 10);
}

/** A text in few letters; cyrb53, which is no secret and need not be one. */
function digest(text) {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at++) {
    a = Math.imul(a ^ text.charCodeAt(at), 2654435761);
    b = Math.imul(b ^ text.charCodeAt(at), 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}
