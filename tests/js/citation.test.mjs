// Whether a citation reached the clipboard.

import assert from "node:assert/strict";
import { test } from "node:test";

import { put } from "../../docs/assets/javascripts/catalog/citation.js";

test("the clipboard takes the text letter by letter", async () => {
  const taken = [];
  const clipboard = { writeText: async (text) => taken.push(text) };
  assert.equal(await put("@book{x,\n}\n", clipboard), true);
  assert.deepEqual(taken, ["@book{x,\n}\n"]);
});

test("a clipboard that refuses, or is not there, has not taken it", async () => {
  const clipboard = { writeText: () => Promise.reject(new Error("denied")) };
  assert.equal(await put("x", clipboard), false);
  assert.equal(await put("x", undefined), false);
});
