// The one spelling of an event, letter for letter the same as tools/model/progress/spelling.py makes
// it: keys in the order of code points, no spaces, texts in NFC, numbers as JavaScript writes them.

const DEEPEST = 16;
const SMALLEST = 1e-4;
const HALVES = /[\ud800-\udfff]/;
const HALF = /\p{Cs}/gu;
// What YAML cannot hold as it is.
const UNFIT = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;
const PLAIN = /^[ -~]*$/;
const STRING_OR_SPACE = /("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\r\n]+/g;

/** The fields of an event as both languages hold them, and their one spelling. */
export function spelled(fields) {
  const text = json(fields);
  if (PLAIN.test(text) && !Object.values(fields).includes(undefined)) return { fields, text };
  const held = settled(fields);
  return { fields: held, text: fit(json(held)) };
}

/** Texts in NFC, half a surrogate pair as U+FFFD, and no field without a value. */
function settled(value) {
  if (typeof value === "string") return value.replace(HALF, "\ufffd").normalize("NFC");
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(settled);
  const said = Object.entries(value).filter(([, part]) => part !== undefined);
  // fromEntries makes even __proto__ a key like any other.
  return Object.fromEntries(said.map(([key, part]) => [settled(key), settled(part)]));
}

/** A JSON text on one line that YAML can hold, its numbers and the order of its keys kept. */
export function oneLine(text) {
  return fit(text.replace(STRING_OR_SPACE, "$1").replace(HALF, escaped));
}

/** The keys of an object, or places of a list, whose values are not spelled alike in both languages. */
export function unspellable(value, depth = 0) {
  const reachesTooFar = (key) => {
    const part = value[key];
    if (typeof part === "number") return !isExact(part);
    if (part === null || typeof part !== "object") return false;
    return depth + 1 === DEEPEST || unspellable(part, depth + 1).length > 0;
  };
  return Object.keys(value).filter(reachesTooFar);
}

/** Which of two texts comes first by code points; JavaScript itself goes by halves of pairs. */
export function compareText(a, b) {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for what is above all other units. */
function rank(unit) {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

function json(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  const keys = Object.keys(value);
  const flat = keys.every((key) => value[key] === null || typeof value[key] !== "object");
  // In order already, as our own files have them: choosing keys takes much longer.
  if (flat && isAscending(keys)) return JSON.stringify(value);
  keys.sort();
  if (HALVES.test(keys.join(""))) keys.sort(compareText);
  // Given as a list, the keys come in its order; by itself JSON puts those that look like numbers first.
  if (flat) return JSON.stringify(value, keys);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${json(value[key])}`).join(",")}}`;
}

function isAscending(keys) {
  return keys.every((key, n) => n === 0 || compareText(keys[n - 1], key) < 0);
}

function isExact(number) {
  const size = Math.abs(number);
  return size <= Number.MAX_SAFE_INTEGER && (size >= SMALLEST || size === 0);
}

function fit(text) {
  return text.replace(UNFIT, escaped);
}

function escaped(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
