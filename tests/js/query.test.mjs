// The query rule in JavaScript, held to the table that Python reads too; CASES names its folder as JSON.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { answer, fold, fromParams, renewFacet, toParams } from "../../docs/assets/javascripts/catalog/query.js";

const cases = JSON.parse(readFileSync(`${process.env.CASES}/query.json`, "utf8"));

for (const { text, folded } of cases.fold) {
  test(`fold ${text}`, () => assert.equal(fold(text), folded));
}

for (const { ask, ids } of cases.select) {
  test(`select ${ask}`, () => {
    const { found } = answer(cases.facts, fromParams(ask));
    assert.deepEqual(found.map((fact) => fact.id), ids);
  });
}

for (const { ask, counts: expected } of cases.counts) {
  test(`counts ${ask}`, () => {
    // Python knows nothing of a reader's own progress.
    const { progress, ...counts } = answer(cases.facts, fromParams(ask)).counts;
    assert.deepEqual(counts, expected);
    assert.deepEqual(progress, {});
  });
}

for (const { ask, params } of cases.params) {
  test(`params ${ask}`, () => {
    assert.equal(toParams(fromParams(ask)), params);
    assert.deepEqual(fromParams(params), fromParams(ask));
  });
}

test("asking leaves the facts in reading order", () => {
  const before = cases.facts.map((fact) => fact.id);
  answer(cases.facts, fromParams("sort=title"));
  assert.deepEqual(cases.facts.map((fact) => fact.id), before);
});

test("the reader's own progress is a facet that can change", () => {
  const facts = cases.facts.map((fact) => ({ ...fact, progress: "not-yet" }));
  const ask = fromParams("progress=done&progress=reading");
  assert.deepEqual(answer(facts, ask).found, []);
  facts[1].progress = "done";
  renewFacet(facts, "progress");
  const { found, counts } = answer(facts, ask);
  assert.deepEqual(found, [facts[1]]);
  assert.deepEqual(counts.progress, { "not-yet": facts.length - 1, done: 1 });
  assert.equal(toParams(ask), "progress=done&progress=reading");
});
