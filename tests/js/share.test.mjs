// A snapshot in a link: what comes back, how long it is, and that nothing in a link does harm.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";

import { eventOf } from "../../docs/assets/javascripts/progress/events.js";
import { gained, merge } from "../../docs/assets/javascripts/progress/merge.js";
import { pack, unpack } from "../../docs/assets/javascripts/progress/share.js";
import { state } from "../../docs/assets/javascripts/progress/state.js";

const EVENTS = [
  { device: "k7", n: 3, at: "2026-11-20T21:10Z", subject: "resource/x", status: "reading", spent: 45 },
  { device: "k7", n: 4, at: "2026-11-22T20:00Z", subject: "resource/x", status: "done", note: "看第二遍" },
  { device: "p2", n: 9, at: null, subject: "resource/x", rating: 4 },
  { device: "p2", n: 9, subject: "topic/长", status: "planned", rating: 1 },
  { device: "p2", n: 10, at: "2025-01-01", subject: "snippet/a/b", status: "dropped" },
  { device: "p2", n: 11, subject: "of-tomorrow/=\n", status: "review" },
  { device: "p2", n: 12, subject: "topic/y", status: "skimmed" },
  { device: "p2", n: 13, undo: ["p2", 12] },
].map(eventOf);

const said = (events) =>
  [...state(events)].map(([subject, { status, rating, note, since }]) => {
    return [subject, { status, rating, note, since: since && since.slice(0, 10) }];
  });

const without = async (name, run) => {
  const kept = globalThis[name];
  globalThis[name] = undefined;
  try {
    return await run();
  } finally {
    globalThis[name] = kept;
  }
};

const base64 = (text) => Buffer.from(text).toString("base64url");

test("the state comes back, by day, notes if asked for, minutes never", async () => {
  const { events, trouble } = await unpack(await pack(EVENTS, { notes: true }));
  assert.equal(trouble, "");
  assert.deepEqual(new Map(said(events)), new Map(said(EVENTS)));
  assert.equal(state(events).get("resource/x").spent, 0);
  const quiet = await unpack(await pack(EVENTS));
  assert.equal(state(quiet.events).get("resource/x").note, null);
  assert.ok(quiet.events.every((event) => !Object.hasOwn(event.fields, "note")));
});

test("counters are kept, so that what happened later elsewhere still counts", async () => {
  const { events } = await unpack(await pack(EVENTS));
  const later = eventOf({ device: "a", n: 5, subject: "resource/x", status: "review" });
  assert.equal(state([...events, later]).get("resource/x").status, "review");
  const earlier = eventOf({ device: "z", n: 3, subject: "resource/x", status: "review" });
  assert.equal(state([...events, earlier]).get("resource/x").status, "done");
});

test("importing twice, or a link made of what a link brought, adds nothing", async () => {
  const set = (events) => ({ events, foreign: [] });
  const { events } = await unpack(await pack(EVENTS, { notes: true }));
  const mine = merge(set(EVENTS), set(events));
  for (const source of [EVENTS, events, mine.events]) {
    const again = await unpack(await pack(source, { notes: true }));
    assert.deepEqual(gained(mine, set(again.events)), []);
  }
  const more = [...EVENTS, eventOf({ device: "k7", n: 14, subject: "topic/new", status: "done" })];
  const next = await unpack(await pack(more, { notes: true }));
  assert.deepEqual(gained(mine, set(next.events)).map((event) => event.fields.subject), ["topic/new"]);
});

test("no two events of a link share a key", async () => {
  const { events } = await unpack(await pack(EVENTS));
  assert.equal(new Set(events.map(({ device, n }) => `${device} ${n}`)).size, events.length);
});

test("retired ids travel under the name of today", async () => {
  const { events } = await unpack(await pack(EVENTS, { renamed: new Map([["resource/x", "resource/new"]]) }));
  assert.equal(state(events).get("resource/new").status, "done");
});

test("five hundred statuses fit", async () => {
  let seed = 1;
  const below = (most) => (seed = (seed * 48271) % 2147483647) % most;
  const parts = "attention neural lstm 理解 transformer explained visual gru notes deep part course from".split(" ");
  const word = () => (below(3) ? parts[below(parts.length)] : below(36 ** 5).toString(36));
  const events = Array.from({ length: 500 }, (_, n) => {
    const day = new Date(1.7e12 + n * 4e7 + below(4e7)).toISOString();
    const at = `${day.slice(0, 16)}Z`;
    const id = [word(), word(), word(), n].join("-");
    return eventOf({ device: "k7", n: 3 * n + 1 + below(3), at, subject: `resource/${id}`, status: "done" });
  });
  const text = await pack(events);
  assert.match(text, /^1d[\w-]+$/);
  assert.ok(text.length < 8000, `${text.length} characters`);
  assert.equal((await unpack(text)).events.length, 500);
});

test("without compression the text is plain, and both read it", async () => {
  const text = await without("CompressionStream", () => pack(EVENTS));
  assert.match(text, /^1p/);
  const read = await without("DecompressionStream", () => unpack(text));
  assert.deepEqual(read, await unpack(await pack(EVENTS)));
  assert.equal((await without("DecompressionStream", async () => unpack("1d00"))).trouble, "browser");
});

test("nothing is packed into nothing", async () => {
  assert.deepEqual(await unpack(await pack([])), { events: [], trouble: "" });
});

const COLUMNS = [["rx"], [1], [20000], "d", ".", []];
const plain = (place, value) => `1p${base64(JSON.stringify(COLUMNS.with(place, value)))}`;

for (const [what, text, trouble] of [
  ["the columns as they should be", plain(0, ["rx"]), ""],
  ["a later version", "2dAAAA", "version"],
  ["nothing", "", "broken"],
  ["letters of no alphabet", "1p====", "broken"],
  ["no base64", "1pA", "broken"],
  ["no deflated text", "1dAAAA", "broken"],
  ["no JSON", `1p${base64("[")}`, "broken"],
  ["another JSON", `1p${base64("{}")}`, "broken"],
  ["no UTF-8", `1p${Buffer.from(JSON.stringify(COLUMNS), "latin1").fill(255, 3, 4).toString("base64url")}`, "broken"],
  ["subjects that are no texts", plain(0, [5]), "broken"],
  ["a counter of no size", plain(1, [2 ** 40]), "broken"],
  ["a counter too few", plain(1, []), "broken"],
  ["a day of no calendar", plain(2, [1e9]), "broken"],
  ["a rating of no scale", plain(4, "9"), "broken"],
  ["a rating too few", plain(4, ""), "broken"],
  ["a note that is no text", plain(5, [[0, { x: 1 }]]), "broken"],
  ["notes that are no pairs", plain(5, 7), "broken"],
  ["a status of tomorrow", plain(3, "z"), ""],
  ["a bomb", `1d${deflateRawSync(" ".repeat(9e6) + JSON.stringify(COLUMNS)).toString("base64url")}`, "broken"],
]) {
  test(`a link with ${what}`, async () => {
    const read = await unpack(text);
    assert.equal(read.trouble, trouble);
    assert.equal(read.events.length, trouble ? 0 : 1);
  });
}
