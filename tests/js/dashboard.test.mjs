// What the Progress page says of a reader's events, and of those that an import would add.

import assert from "node:assert/strict";
import { test } from "node:test";

import { preview } from "../../docs/assets/javascripts/progress/dashboard/preview.js";
import { eventOf } from "../../docs/assets/javascripts/progress/events.js";
import { merge } from "../../docs/assets/javascripts/progress/merge.js";
import { live, state } from "../../docs/assets/javascripts/progress/state.js";
import {
  byTopic,
  due,
  noted,
  readingNow,
  stale,
  totals,
  unknown,
  weeks,
} from "../../docs/assets/javascripts/progress/sums.js";

const NOW = new Date("2026-11-25T12:00Z"); // A Wednesday.
const SUBJECTS = {
  topics: [
    { id: "dough", title: "Dough", resources: ["rye", "oat"], reading: 1, snippets: ["dough/fold"] },
    { id: "oven", title: "Oven", resources: ["rye", "hot"], reading: 0, snippets: [] },
  ],
  resources: { rye: {}, oat: {}, hot: {} },
  snippets: { "dough/fold": "Fold" },
};

function progress(...said) {
  const events = said.map((fields, place) => eventOf({ device: "a", n: place + 1, at: null, ...fields }));
  return merge({ events, foreign: [] });
}

const at = (day, subject, said) => ({ at: `2026-11-${day}T08:00Z`, subject, ...said });
const ids = (found) => found.map(([subject]) => subject);

test("skimmed and to be read again count as read, dropped does not", () => {
  const statuses = ["skimmed", "review", "dropped"].map((status, n) => ({ subject: `resource/${["rye", "oat", "hot"][n]}`, status }));
  const sums = totals(state(progress(...statuses, { subject: "topic/oven", status: "done", spent: 30 }).events), SUBJECTS);
  assert.deepEqual(sums, { read: 2, reading: 0, topics: 1, minutes: 30 });
});

test("a topic is as far as its resources, and takes the minutes of all that belongs to it", () => {
  const known = state(
    progress(
      { subject: "resource/rye", status: "done", spent: 10 },
      { subject: "resource/oat", status: "planned" },
      { subject: "topic/dough", status: "done", spent: 5 },
      { subject: "snippet/dough/fold", spent: 7 },
    ).events,
  );
  const [dough, oven] = byTopic(known, SUBJECTS);
  assert.deepEqual([dough.total, dough.read, dough.reading, dough.planned, dough.minutes, dough.done], [2, 1, 0, 1, 22, true]);
  assert.deepEqual([oven.total, oven.read, oven.minutes, oven.done], [2, 1, 10, false]);
});

function weeksOf(...said) {
  const { events } = progress(...said);
  const found = weeks(state(events), live(events), SUBJECTS, NOW);
  return found.map(({ begins, read, minutes }) => [begins.toISOString().slice(0, 10), read, minutes]);
}

test("weeks begin on Monday and reach up to now", () => {
  const said = [at("08", "resource/rye", { status: "done", spent: 20 }), at("09", "resource/oat", { status: "done" })];
  assert.deepEqual(weeksOf(...said), [["2026-11-02", 1, 20], ["2026-11-09", 2, 0], ["2026-11-16", 2, 0], ["2026-11-23", 2, 0]]);
});

test("of a long time the last twelve weeks are shown, with all that was read before", () => {
  const said = [{ at: "2020-01-01", subject: "resource/rye", status: "done", spent: 9 }, { subject: "resource/oat", status: "done" }];
  const found = weeksOf(...said, at("24", "resource/hot", { spent: 4 }));
  assert.equal(found.length, 12);
  assert.deepEqual(found[0], ["2026-09-07", 2, 0]);
  assert.deepEqual(found.at(-1), ["2026-11-23", 2, 4]);
});

test("without any date there are no weeks", () => {
  assert.deepEqual(weeksOf({ subject: "resource/rye", status: "done", spent: 5 }), []);
});

test("what is taken back is in no week", () => {
  assert.deepEqual(weeksOf(at("24", "resource/rye", { spent: 5 }), { undo: ["a", 1] }), []);
});

test("lists are in the order that asks for something first", () => {
  const known = state(
    progress(
      at("01", "resource/rye", { status: "reading" }),
      at("20", "resource/oat", { status: "reading" }),
      { at: "2026-10-20", subject: "resource/a", status: "planned" },
      { at: "2026-09-20", subject: "resource/b", status: "planned" },
      at("20", "resource/c", { status: "planned" }),
      { at: "2026-05-20", subject: "resource/d", status: "done" },
      at("20", "resource/e", { status: "review" }),
      at("20", "resource/f", { status: "done" }),
    ).events,
  );
  assert.deepEqual(ids(readingNow(known)), ["resource/oat", "resource/rye"]);
  assert.deepEqual(ids(stale(known, NOW)), ["resource/b", "resource/a"]);
  assert.deepEqual(ids(due(known, NOW)), ["resource/d", "resource/e"]);
});

test("notes stand with the latest first, unknown subjects by themselves", () => {
  const known = state(progress(at("01", "resource/rye", { note: "old" }), at("09", "topic/gone", { note: "new" })).events);
  assert.deepEqual(ids(noted(known)), ["topic/gone", "resource/rye"]);
  assert.deepEqual(ids(unknown(known, (subject) => subject === "resource/rye")), ["topic/gone"]);
});

const none = new Map();

test("what both have changes nothing, and what is new is told field by field", () => {
  const mine = progress({ subject: "resource/rye", status: "done" });
  const theirs = progress({ subject: "resource/rye", status: "done" }, { subject: "resource/oat", rating: 4, note: "看" });
  const found = preview(mine, theirs, none);
  assert.deepEqual([found.adds, found.here, found.total], [1, 1, 2]);
  const said = found.changes.map(({ subject, field, here, there, after, winner }) => [subject, field, here, there, after, winner]);
  assert.deepEqual(said, [
    ["resource/oat", "rating", null, 4, 4, undefined],
    ["resource/oat", "note", null, "看", "看", undefined],
  ]);
  assert.deepEqual(preview(merge(mine, theirs), theirs, none), { adds: 0, here: 2, total: 2, changes: [] });
});

test("where both changed a field the later counts, wherever it stands", () => {
  const early = progress({ subject: "resource/rye", status: "planned" });
  const late = progress({ device: "b", n: 9, subject: "resource/rye", status: "done" });
  for (const [mine, theirs] of [[early, late], [late, early]]) {
    const [change] = preview(mine, theirs, none).changes;
    assert.deepEqual([change.here, change.there, change.after], [mine, theirs, late].map((one) => one.events[0].fields.status));
    assert.equal(change.winner.text, late.events[0].text);
    assert.equal(change.by.text, mine.events[0].text);
  }
});

test("the same said twice is no conflict", () => {
  const mine = progress({ subject: "resource/rye", status: "done" });
  const theirs = progress({ device: "b", subject: "resource/rye", status: "done" });
  assert.equal(preview(mine, theirs, none).changes[0].winner, undefined);
});

test("former ids are those of today, and an undo is told with what it takes back", () => {
  const mine = progress({ subject: "resource/rye", status: "done" });
  const theirs = progress({ device: "b", n: 5, subject: "resource/old", rating: 2 }, { device: "b", n: 6, undo: ["a", 1] }, { device: "b", n: 7, undo: ["b", 7] });
  const { changes } = preview(mine, theirs, new Map([["resource/old", "resource/rye"]]));
  assert.deepEqual(changes.map(({ subject, field }) => [subject, field]), [["resource/rye", "rating"], ["resource/rye", ""], ["", ""]]);
});

test("what is no event counts as well", () => {
  const theirs = { events: [], foreign: ['{"n":0}'] };
  assert.deepEqual(preview(progress(), theirs, none), { adds: 1, here: 0, total: 1, changes: [] });
});
