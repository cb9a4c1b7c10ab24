// One reader's journal: what is kept, taken back and forgotten, by several pages at once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { eventOf } from "../../docs/assets/javascripts/progress/events.js";
import { parse, write } from "../../docs/assets/javascripts/progress/file.js";
import { Journal } from "../../docs/assets/javascripts/progress/journal.js";
import { Ledger } from "../../docs/assets/javascripts/progress/ledger.js";
import { Memory } from "../../docs/assets/javascripts/progress/memory.js";
import { merge } from "../../docs/assets/javascripts/progress/merge.js";
import { state } from "../../docs/assets/javascripts/progress/state.js";

const now = () => new Date("2026-11-23T21:10:42Z");
const journal = (storage = new Memory(), more = {}) => new Journal(storage, "bread", { now, ...more });
const dropped = (from, ...texts) => texts.every((text) => !JSON.stringify(dump(from)).includes(text));

function dump(storage) {
  const keys = Array.from({ length: storage.length }, (_, n) => storage.key(n));
  return keys.map((key) => [key, storage.getItem(key)]);
}

/** Locks as browsers have them: each name is held by one at a time. */
function makeLocks() {
  const held = new Set();
  return {
    async request(name, { ifAvailable }, act) {
      assert.equal(ifAvailable, true);
      if (held.has(name)) return act(null);
      held.add(name);
      try {
        return await act({ name });
      } finally {
        held.delete(name);
      }
    },
  };
}

/** A page's view of a shared storage that shows what others wrote only when told to. */
class LateView extends Memory {
  constructor(shared) {
    super();
    this.shared = shared;
    this.show();
  }

  show() {
    for (const [key, value] of dump(this.shared)) super.setItem(key, value);
  }

  setItem(key, value) {
    super.setItem(key, value);
    this.shared.setItem(key, value);
  }
}

test("an event says who, when and what, and the state follows", async () => {
  const mine = journal();
  const event = await mine.record({ subject: "resource/rye", status: "reading", spent: 20 });
  assert.match(event.device, /^[a-z2-7]{13}$/);
  assert.deepEqual([event.n, event.fields.at], [1, "2026-11-23T21:10Z"]);
  assert.equal((await mine.record({ subject: "resource/rye", status: "done" })).n, 2);
  const rye = mine.state.get("resource/rye");
  assert.deepEqual([rye.status, rye.spent, rye.since], ["done", 20, "2026-11-23T21:10Z"]);
});

test("another page of the same profile reads all of it", async () => {
  const storage = new Memory();
  await journal(storage).record({ subject: "topic/dough", note: "看第二遍" });
  assert.equal(journal(storage).state.get("topic/dough").note, "看第二遍");
});

test("two pages that see each other late lose nothing and never share a number", async () => {
  const shared = new Memory();
  const locks = makeLocks();
  const views = [new LateView(shared), new LateView(shared)];
  const pages = views.map((view) => journal(view, { locks }));
  for (let n = 0; n < 250; n++) {
    await Promise.all(pages.map((page, p) => page.record({ subject: `resource/${p}-${n}`, status: "done" })));
    if (n % 40 === 0) views.forEach((view) => view.show());
  }
  const all = journal(shared).progress.events;
  assert.equal(all.length, 500);
  assert.equal(new Set(all.map((event) => `${event.device} ${event.n}`)).size, 500);
});

test("pages that are open together write as different devices, one after another as the same", async () => {
  const storage = new Memory();
  const locks = makeLocks();
  const [one, two] = [journal(storage, { locks }), journal(storage, { locks })];
  const first = await one.record({ subject: "resource/rye", status: "done" });
  const second = await two.record({ subject: "resource/rye", status: "done" });
  assert.notEqual(second.device, first.device);
  assert.equal((await one.record({ subject: "resource/rye", status: "done" })).device, first.device);
  one.devices.release();
  await new Promise(setImmediate);
  const third = await journal(storage, { locks }).record({ subject: "resource/rye", status: "done" });
  assert.equal(third.device, first.device);
});

test("a click writes few events again, however many there are", async () => {
  const storage = new Memory();
  const mine = journal(storage);
  for (let n = 0; n < 250; n++) await mine.record({ subject: "resource/rye", rating: 1 + (n % 5) });
  const pieces = dump(storage).filter(([key]) => key.startsWith("bread/progress/"));
  assert.deepEqual(pieces.map(([, text]) => parse(text).progress.events.length), [100, 100, 50]);
});

test("undo takes back the profile's last event, then the one before", async () => {
  const mine = journal();
  await mine.record({ subject: "resource/rye", status: "planned" });
  await mine.record({ subject: "resource/rye", status: "done" });
  await mine.undo();
  assert.equal(mine.state.get("resource/rye").status, "planned");
  await mine.undo();
  assert.equal(mine.state.size, 0);
  assert.equal(await mine.undo(), null);
  assert.equal(mine.progress.events.length, 4);
});

test("an undo is taken back by its key", async () => {
  const mine = journal();
  await mine.record({ subject: "resource/rye", status: "done" });
  const undo = await mine.undo();
  await mine.undo([undo.device, undo.n]);
  assert.equal(mine.state.get("resource/rye").status, "done");
});

test("nothing of a forgotten note is left in any stored value, whichever page wrote it", async () => {
  const storage = new Memory();
  const [one, two] = [journal(storage), journal(storage)];
  const note = await one.record({ subject: "resource/rye", note: "secret" });
  await one.record({ subject: "resource/rye", status: "done" });
  await two.forget([note.device, note.n]);
  assert.ok(dropped(storage, "secret"));
  assert.equal(one.refresh(), true);
  await one.record({ subject: "resource/oat", status: "done" });
  assert.ok(dropped(storage, "secret"));
  assert.deepEqual([...journal(storage).state.keys()].sort(), ["resource/oat", "resource/rye"]);
});

test("a page puts back what another, which could not know it yet, wrote over", async () => {
  const shared = new Memory();
  const [viewOne, viewTwo] = [new LateView(shared), new LateView(shared)];
  const one = journal(viewOne);
  const note = await one.record({ subject: "resource/rye", note: "secret" });
  viewTwo.show();
  const two = journal(viewTwo);
  await one.record({ subject: "resource/rye", status: "done" });
  await two.forget([note.device, note.n]);
  viewOne.show();
  one.refresh();
  assert.equal(one.state.get("resource/rye").status, "done");
  assert.ok(dropped(shared, "secret"));
  assert.equal(journal(shared).state.get("resource/rye").status, "done");
});

test("importing adds what is new, once, and the device is another from then on", async () => {
  const [mine, theirs] = [journal(), journal()];
  const before = await mine.record({ subject: "resource/rye", status: "done" });
  await theirs.record({ subject: "resource/oat", rating: 4 });
  assert.equal(await mine.add(theirs.progress), 1);
  const stored = dump(mine.kept.storage);
  assert.equal(await mine.add(theirs.progress), 0);
  assert.deepEqual(dump(mine.kept.storage), stored);
  assert.equal(mine.state.get("resource/oat").rating, 4);
  assert.notEqual((await mine.record({ subject: "resource/oat", rating: 5 })).device, before.device);
});

test("what is no event is carried along and told, and what is unreadable stays as it is", async () => {
  const storage = new Memory();
  storage.setItem("bread/progress/old", 'format: unrolled-progress/1\nevents:\n- {"n":0}\n');
  storage.setItem("bread/progress/bad", "\u0000 not ours");
  const mine = journal(storage);
  await mine.record({ subject: "resource/rye", status: "done" });
  assert.deepEqual(mine.progress.foreign, ['{"n":0}']);
  assert.deepEqual([...mine.broken], [["bread/progress/bad", "\u0000 not ours"]]);
  assert.equal(storage.getItem("bread/progress/bad"), "\u0000 not ours");
});

test("where there is no room the change is told and nothing else is touched", async () => {
  const storage = new Memory();
  const mine = journal(storage);
  await mine.record({ subject: "resource/rye", status: "planned" });
  const stored = dump(storage);
  const write = storage.setItem;
  storage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  assert.equal(await mine.record({ subject: "resource/rye", status: "done" }), null);
  assert.equal(await mine.add(parse('- {"device":"z","n":1,"subject":"resource/oat","rating":1}').progress), null);
  assert.equal(mine.trouble, "full");
  assert.deepEqual(dump(storage), stored);
  assert.equal(mine.state.get("resource/rye").status, "planned");
  storage.setItem = write;
  await mine.record({ subject: "resource/rye", status: "done" });
  assert.equal(mine.trouble, "");
  assert.equal(journal(storage).state.get("resource/rye").status, "done");
});

test("a first event that found no room finds it later", async () => {
  const storage = new Memory();
  const write = storage.setItem;
  storage.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const mine = journal(storage);
  assert.equal(await mine.record({ subject: "resource/rye", status: "done" }), null);
  storage.setItem = write;
  assert.equal((await mine.record({ subject: "resource/rye", status: "done" })).n, 1);
});

test("at the last number the reader is told", async () => {
  const storage = new Memory();
  storage.setItem("bread/progress/x", `- {"device":"z","n":${2 ** 31 - 1},"subject":"resource/oat","rating":1}`);
  const mine = journal(storage);
  assert.equal(await mine.record({ subject: "resource/rye", status: "done" }), null);
  assert.equal(mine.trouble, "counter");
});

test("throwing everything away leaves nothing, and other pages begin anew", async () => {
  const storage = new Memory();
  const [one, two] = [journal(storage), journal(storage)];
  await two.record({ subject: "resource/rye", status: "done" });
  one.clear();
  assert.equal(storage.length, 0);
  two.refresh();
  assert.equal(two.state.size, 0);
  await two.record({ subject: "resource/oat", status: "done" });
  assert.deepEqual([...journal(storage).state.keys()], ["resource/oat"]);
});

test("listeners hear of every change until they stop", async () => {
  const mine = journal();
  let heard = 0;
  const stop = mine.subscribe(() => heard++);
  await mine.record({ subject: "resource/rye", status: "done" });
  assert.equal(heard, 1);
  stop();
  await mine.undo();
  assert.equal(heard, 1);
});

test("a ledger that takes events in as they come is the one that reads them all at once", () => {
  let seed = 7;
  const random = (most) => (seed = (seed * 48271) % 2147483647) % most;
  const renamed = new Map([["resource/r0", "resource/r1"]]);
  for (let round = 0; round < 300; round++) {
    const ledger = new Ledger(renamed);
    const parts = [];
    for (let step = 0; step < 12; step++) {
      const fields = { device: "ab"[random(2)], n: 1 + random(9) };
      const kind = random(8);
      if (kind === 0) fields.forget = ["ab"[random(2)], 1 + random(9)];
      else if (kind < 4) fields.undo = ["ab"[random(2)], 1 + random(9)];
      if (kind > 2) Object.assign(fields, { subject: `resource/r${random(3)}`, rating: [null, 1, 2][random(3)] });
      if (kind === 5) fields.spent = random(9);
      parts.push({ events: [eventOf(fields)], foreign: [] });
      ledger.take(parts.at(-1));
    }
    const whole = merge(...parts);
    assert.equal(write(ledger.progress), write(whole));
    const sorted = (states) => [...states].sort(([a], [b]) => (a < b ? -1 : 1));
    assert.deepEqual(sorted(ledger.states), sorted(state(whole.events, renamed)));
  }
});
