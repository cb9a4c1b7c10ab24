// Progress in JavaScript, held to the table that Python reads too; CASES names its folder as JSON.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { eventOf, faults, FORMAT, nextCount } from "../../docs/assets/javascripts/progress/events.js";
import { isLater, parse, write, writeJson } from "../../docs/assets/javascripts/progress/file.js";
import { gained, merge } from "../../docs/assets/javascripts/progress/merge.js";
import { live, state, undoable } from "../../docs/assets/javascripts/progress/state.js";

const cases = JSON.parse(readFileSync(`${process.env.CASES}/progress.json`, "utf8"));
const having = (...keys) => cases.filter((each) => keys.every((key) => Object.hasOwn(each, key)));
const eventsOf = (values) => values.filter((value) => !faults(value).length).map(eventOf);
const asMap = (renamed = {}) => new Map(Object.entries(renamed));

for (const { why, events, renamed, statuses } of having("events", "statuses")) {
  test(`statuses: ${why}`, () => {
    const made = eventsOf(events);
    for (const order of [made, [...made].reverse(), [...made, ...made]]) {
      const found = [...state(order, asMap(renamed))].filter(([, { status }]) => status);
      assert.deepEqual(new Map(found.map(([subject, { status }]) => [subject, status])), asMap(statuses));
    }
  });
}

for (const { why, events, renamed, state: expected } of having("events", "state")) {
  test(`state: ${why}`, () => {
    const empty = { status: null, rating: null, note: null, spent: 0, since: null, set_by: {} };
    const found = [...state(eventsOf(events), asMap(renamed))].map(([subject, { setBy, ...said }]) => {
      const keys = Object.entries(setBy).map(([name, { device, n }]) => [name, [device, n]]);
      return [subject, { ...said, set_by: Object.fromEntries(keys) }];
    });
    const said = Object.entries(expected).map(([subject, one]) => [subject, { ...empty, ...one }]);
    assert.deepEqual(new Map(found), new Map(said));
  });
}

for (const { why, events, next_n: next } of having("events", "next_n")) {
  test(`next counter: ${why}`, () => assert.equal(nextCount(eventsOf(events)), next));
}

for (const { why, events, strange = [] } of having("events")) {
  test(`strange fields: ${why}`, () => {
    const found = events.flatMap((value, place) => faults(value).map((field) => [place, field]));
    assert.deepEqual(found, strange);
  });
}

for (const { why, merge: parts, merged } of having("merge")) {
  test(`merge: ${why}`, () => {
    const sets = parts.map((values) => ({ events: eventsOf(values), foreign: [] }));
    const nothing = { events: [], foreign: [] };
    for (const order of [sets, [...sets].reverse()]) {
      for (const made of [merge(...order), order.reduce((a, b) => merge(a, b), nothing)]) {
        assert.deepEqual(made.events.map((event) => event.text), merged);
      }
    }
  });
}

for (const { why, file, written, strange = [], broken = false, format = FORMAT } of having("file")) {
  test(`file: ${why}`, () => {
    const read = parse(file);
    assert.equal(write(read.progress), written);
    assert.deepEqual(read.strange.map(({ line, field }) => [line, field]), strange);
    assert.equal(read.broken.length > 0 || read.format !== FORMAT, broken);
    assert.equal(read.format, format);
    for (const text of [write(read.progress), writeJson(read.progress)]) {
      assert.deepEqual(parse(text).progress, read.progress);
    }
  });
}

test("later formats are known as such", () => {
  assert.deepEqual(["unrolled-progress/2", FORMAT, "other/2", ""].map(isLater), [true, false, false, false]);
});

test("undoing goes back step by step through what one device said", () => {
  const said = (n, device, more) => eventOf({ n, device, subject: "topic/x", ...more });
  const events = [said(1, "a", { status: "done" }), said(2, "a", { rating: 4 }), said(3, "b", {})];
  events.push(eventOf({ n: 4, device: "a", forget: ["c", 1] }));
  const taken = [];
  for (let target = undoable(events, "a"); target; target = undoable(events, "a")) {
    taken.push(target.n);
    events.push(eventOf({ n: nextCount(events), device: "a", undo: [target.device, target.n] }));
  }
  assert.deepEqual(taken, [2, 1]);
  events.push(eventOf({ n: 7, device: "a", undo: ["a", 5] }));
  assert.equal(state(events).get("topic/x").rating, 4);
  assert.deepEqual(live(events).map(({ n }) => n), [2, 3, 4, 6, 7]);
});

test("what an import would add, without what is here and what is forgotten", () => {
  const set = (...values) => ({ events: values.map(eventOf), foreign: [] });
  const mine = set({ device: "a", n: 1 }, { device: "a", n: 2, forget: ["b", 1] });
  const theirs = set({ device: "a", n: 1 }, { device: "b", n: 1, note: "x" }, { device: "b", n: 2 });
  const added = gained(mine, theirs).map((event) => event.text);
  assert.deepEqual(added, ['{"device":"b","n":1}', '{"device":"b","n":2}']);
  assert.deepEqual(gained(merge(mine, theirs), theirs), []);
});

test("a field without a value is not said", () => {
  assert.equal(eventOf({ device: "a", n: 1, note: undefined }).text, '{"device":"a","n":1}');
});

test("half a surrogate pair that was pasted is escaped where a value is kept as it is", () => {
  const read = parse('- {"n":0,"x":"\ud83d"}');
  assert.deepEqual(read.progress.foreign, ['{"n":0,"x":"\\ud83d"}']);
});

test("long lines and deep nesting are no harm", () => {
  const note = JSON.stringify("x\\".repeat(2_500_000));
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const lines = [`{"device":"a","n":1,"note":${note}}`, `{"device":"a","n":0,"note":${note}}`];
  const strange = `{"device":"a","n":2,"x":${deep}}`;
  const text = `format: ${FORMAT}\nevents:\n- ${lines.join("\n- ")}\n- ${strange}\n`;
  const read = parse(text);
  assert.deepEqual(read.strange, [{ line: 4, field: "n" }, { line: 5, field: "x" }]);
  assert.equal(write(read.progress), text);
});
