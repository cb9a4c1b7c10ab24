// Slices of rows: fetched once each, cut where rows end, asked for again when they did not come.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Slices } from "../../docs/assets/javascripts/catalog/slices.js";

const FILES = { "0.html": "<tr>a</tr>\n<tr>b</tr>\n", "1.html": "<tr>c</tr>\n<tr>d</tr>\n", "2.html": "<tr>e</tr>\n" };
let asked = [];
let broken = false;

globalThis.fetch = async (address, { priority }) => {
  const name = address.pathname.split("/").at(-1);
  asked.push(`${name} ${priority}`);
  return { ok: !broken, status: broken ? 500 : 200, url: name, text: async () => FILES[name] };
};

beforeEach(() => {
  asked = [];
  broken = false;
});

const slices = () => new Slices(new URL("http://here.example/catalog/rows/"), 2, new AbortController().signal);

test("a place gives its own row, wherever it stands in its slice", async () => {
  const rows = slices();
  const texts = await Promise.all([0, 1, 2, 3, 4].map((place) => rows.at(place)));
  assert.deepEqual(texts.map((text) => text.trim()), ["a", "b", "c", "d", "e"].map((x) => `<tr>${x}</tr>`));
});

test("a slice is fetched once, at once when it is needed", async () => {
  const rows = slices();
  await Promise.all([rows.at(2), rows.at(3)]);
  await rows.at(2);
  assert.deepEqual(asked, ["1.html high"]);
});

test("all that is not here yet comes behind, one after another", async () => {
  const rows = slices();
  await rows.at(2);
  await rows.fetchAll(5);
  assert.deepEqual(asked, ["1.html high", "0.html low", "2.html low"]);
});

test("what did not come is asked for again", async () => {
  const rows = slices();
  broken = true;
  await assert.rejects(rows.at(0), /500/);
  broken = false;
  assert.equal(await rows.at(0), "<tr>a</tr>");
});
