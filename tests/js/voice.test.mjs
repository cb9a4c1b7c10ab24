// The page's sentences: what stands in braces is filled in.

import assert from "node:assert/strict";
import { test } from "node:test";

import { filled } from "../../docs/assets/javascripts/catalog/voice.js";

test("every word in braces is filled in", () => {
  assert.equal(filled("{n} of {total}, {n}", { n: 2, total: 20 }), "2 of 20, 2");
});

test("a value is never read as a pattern", () => {
  assert.equal(filled("hid {title}.", { title: "$& {n}" }), "hid $& {n}.");
});
