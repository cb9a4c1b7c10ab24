// A snapshot of the current state in a link: a fragment, which no server ever sees.

import { fromColumns, toColumns } from "./snapshot.js";

// The version, then whether the rest is deflated or plain.
const DEFLATED = "1d";
const PLAIN = "1p";
const LARGEST = 8_000_000;
const SHAPE = /^1[dp][A-Za-z0-9_-]*$/;

/** The state that these events add up to as a text for a fragment; notes only if asked for. */
export async function pack(events, wishes = {}) {
  const bytes = new TextEncoder().encode(toColumns(events, wishes));
  const deflated = await through(bytes, () => new CompressionStream("deflate-raw"));
  return deflated ? DEFLATED + toBase64(deflated) : PLAIN + toBase64(bytes);
}

/**
 * The events of such a text; importing them twice adds nothing. `trouble` is "" or why there are
 * none: "version" for one of later programs, "browser" for one that cannot inflate, else "broken".
 * @returns {Promise<{events: Event[], trouble: string}>}
 */
export async function unpack(text) {
  if (!SHAPE.test(text)) return none(/^[2-9][a-z]/.test(text) ? "version" : "broken");
  try {
    const bytes = fromBase64(text.slice(2));
    const inflate = () => new DecompressionStream("deflate-raw");
    const plain = text.startsWith(PLAIN) ? bytes : await through(bytes, inflate);
    if (!plain) return none("browser");
    return { events: fromColumns(new TextDecoder("utf-8", { fatal: true }).decode(plain)), trouble: "" };
  } catch {
    return none("broken");
  }
}

function none(trouble) {
  return { events: [], trouble };
}

/** The bytes as they come out of a stream; null where this browser has none of its kind. */
async function through(bytes, open) {
  let stream;
  try {
    stream = open();
  } catch {
    return null;
  }
  const parts = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    length += value.length;
    if (length > LARGEST) {
      await reader.cancel();
      throw new RangeError("too large for a link");
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64(text) {
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
}
