// The text of a progress file: an event a line as JSON inside YAML, or all of it JSON. The twin of
// tools/storage/progress_text.py, which reads any YAML; here other lines are told.

import { eventOf, faults, FORMAT } from "./events.js";
import { merge } from "./merge.js";
import { oneLine } from "./spelling.js";

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{},]/g;
const HEAD = /^format:[ \t]*(["']?)([^"'#]*?)\1[ \t]*$/;
const QUIET = /^(?:[ \t]*(?:#.*)?|---|events:[ \t]*(?:\[\])?[ \t]*)$/;

/**
 * All that a text says: its progress, its format ("" where it names none) and what is wrong with it.
 * `strange` tells of values that are kept in `progress` as they are, by line and field; `broken` has
 * the lines that could not be read at all, and are not in it.
 * @returns {{progress: Progress, format: string, strange: {line: number, field: string}[], broken: number[]}}
 */
export function parse(text) {
  const plain = text.replace(/^\ufeff/, "");
  const { format, written, broken } = /^\s*\{/.test(plain) ? fromJson(plain) : fromLines(plain);
  const read = { events: [], foreign: [] };
  const strange = [];
  for (const { line, json, data } of written) {
    const wrong = faults(data);
    if (wrong.length) read.foreign.push(oneLine(json));
    else read.events.push(eventOf(data));
    strange.push(...wrong.map((field) => ({ line, field })));
  }
  return { progress: merge(read), format, strange, broken };
}

/** The one text of a set of events: in order, an event a line, what is none at the end. */
export function write(progress) {
  const lines = textsOf(progress).map((text) => `- ${text}\n`);
  return `format: ${FORMAT}\n${lines.length ? "events:" : "events: []"}\n${lines.join("")}`;
}

/** The same as JSON, an event a line as well. */
export function writeJson(progress) {
  const lines = textsOf(progress).join(",\n");
  return `{"format":"${FORMAT}","events":[${lines && `\n${lines}\n`}]}\n`;
}

/** The format is of this kind, but a newer program wrote it; what can be read of it is read. */
export function isLater(format) {
  return format !== FORMAT && /^unrolled-progress\/[1-9][0-9]*$/.test(format);
}

function textsOf({ events, foreign }) {
  return [...events.map((event) => event.text), ...foreign];
}

function fromLines(text) {
  const read = { format: "", written: [], broken: [] };
  text.split("\n").forEach((full, place) => {
    const line = full.endsWith("\r") ? full.slice(0, -1) : full;
    const data = line.startsWith("- ") ? decoded(line.slice(2)) : undefined;
    if (data !== undefined) read.written.push({ line: place + 1, json: line.slice(2), data });
    else if (!read.format && HEAD.test(line)) read.format = HEAD.exec(line)[2];
    else if (!QUIET.test(line)) read.broken.push(place + 1);
  });
  return read;
}

function fromJson(text) {
  const data = decoded(text);
  const format = typeof data?.format === "string" ? data.format : "";
  if (!Array.isArray(data?.events)) return { format, written: [], broken: [1] };
  let [line, seen] = [1, 0];
  const written = [...members(text)].map(([start, json], place) => {
    for (; seen < start; seen++) if (text[seen] === "\n") line++;
    return { line, json, data: data.events[place] };
  });
  const same = written.length === data.events.length;
  const more = Object.keys(data).some((key) => key !== "format" && key !== "events");
  return { format, written: same ? written : [], broken: same && !more ? [] : [1] };
}

/** Each member of the list `events` of a sound JSON object as it is written, with its start. */
function* members(text) {
  let [depth, name, start] = [0, "", -1];
  for (const { 0: sign, index } of text.matchAll(TOKEN)) {
    if (sign === "[" || sign === "{") {
      depth++;
      if (depth === 2 && sign === "[" && name === '"events"') start = index + 1;
    } else if (depth === 2 && start >= 0 && (sign === "," || sign === "]")) {
      const member = text.slice(start, index).trim();
      if (member) yield [index - text.slice(start, index).trimStart().length, member];
      start = sign === "," ? index + 1 : -1;
    } else if (depth === 1 && sign[0] === '"') {
      name = sign;
    }
    if (sign === "]" || sign === "}") depth--;
  }
}

function decoded(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
