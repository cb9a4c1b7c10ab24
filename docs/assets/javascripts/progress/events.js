// One event of somebody's progress, and what keeps a value from being one. The twin of
// tools/model/progress/event.py; tests/cases/progress.yml holds both to one table.

import { compareText, spelled, unspellable } from "./spelling.js";

export const FORMAT = "unrolled-progress/1";
export const LARGEST_COUNT = 2 ** 31 - 1;
export const STATUSES = ["planned", "reading", "skimmed", "done", "review", "dropped"];
const MOST_MINUTES = 100_000;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,3})?)?Z)?$/;

/**
 * @typedef {[device: string, n: number]} Key what others name an event by
 * @typedef {{fields: object, text: string, device: string, n: number}} Event
 *   `fields` is all it says, `text` the one spelling: two events are one if it is the same.
 */

/** The event that a value without faults is. */
export function eventOf(data) {
  const { fields, text } = spelled(data);
  return { fields, text, device: fields.device, n: fields.n };
}

/** The fields that keep a value from being an event; "" where it is no object at all. */
export function faults(data) {
  if (data === null || typeof data !== "object" || Array.isArray(data)) return [""];
  const wrong = NAMES.filter((name) => !IS[name](data[name]));
  const unspelled = unspellable(data);
  return wrong.length || unspelled.length ? [...new Set([...wrong, ...unspelled])] : wrong;
}

/** Where two events stand: the counter decides, never a clock. */
export function compareEvents(a, b) {
  return a.n - b.n || compareText(a.device, b.device) || compareText(a.text, b.text);
}

/** The key of an event as one text, for sets and maps. */
export function keyText([device, n]) {
  return `${n} ${device}`;
}

/** The counter of the next event; null where the largest possible one is taken. */
export function nextCount(events) {
  const n = 1 + events.reduce((most, event) => Math.max(most, event.n), 0);
  return n <= LARGEST_COUNT ? n : null;
}

const absent = (value) => value === undefined;
const empty = (value) => value === undefined || value === null;
const whole = (value, least, most) => Number.isInteger(value) && least <= value && value <= most;
const isCount = (value) => whole(value, 1, LARGEST_COUNT);
const isKey = (value) =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && isCount(value[1]);

// In the order in which Python tells of them.
const IS = {
  n: isCount,
  device: (value) => typeof value === "string" && value !== "",
  subject: (value) => absent(value) || typeof value === "string",
  status: (value) => empty(value) || STATUSES.includes(value),
  rating: (value) => empty(value) || whole(value, 1, 5),
  note: (value) => empty(value) || typeof value === "string",
  spent: (value) => absent(value) || whole(value, 0, MOST_MINUTES),
  at: (value) => empty(value) || isTime(value),
  undo: (value) => absent(value) || isKey(value),
  forget: (value) => absent(value) || isKey(value),
};

const NAMES = Object.keys(IS);

function isTime(value) {
  if (typeof value !== "string" || !TIME.test(value)) return false;
  const [year, month, day] = [+value.slice(0, 4), +value.slice(5, 7), +value.slice(8, 10)];
  return year > 0 && day > 0 && day <= (month === 2 && isLeap(year) ? 29 : DAYS[month - 1]);
}

function isLeap(year) {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
