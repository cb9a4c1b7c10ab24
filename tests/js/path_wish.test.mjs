// What an address asks of the path, and the path as Markdown.

import assert from "node:assert/strict";
import { test } from "node:test";

import { markdownOf } from "../../docs/assets/javascripts/path/markdown.js";
import { fromParams, toParams } from "../../docs/assets/javascripts/path/wish.js";

const offered = {
  goals: ["lstm", "gru"],
  renamed: new Map([["old-lstm", "lstm"]]),
  languages: ["en", "zh"],
  kinds: ["article", "video"],
  reach: ["islands"],
};

const ADDRESSES = [
  ["", ""],
  ["?goal=gru", "goal=gru"],
  ["goal=old-lstm", "goal=lstm"],
  ["goal=tree&kind=song&reach=moon&lang=fr", ""],
  ["lang=zh&lang=en", "lang=zh&lang=en"],
  ["lang=en&lang=zh", ""],
  ["lang=zh&lang=zh", "lang=zh"],
  ["week=180&reach=islands&kind=video&kind=article&goal=gru&lang=zh",
    "goal=gru&lang=zh&kind=article&kind=video&reach=islands&week=180"],
  ["week=0", ""],
  ["week=10000", "week=10000"],
  ["week=10001", ""],
  ["week=-5&kind=%3Cb%3E", ""],
  ["week=%D9%A3", ""],
];

for (const [asked, written] of ADDRESSES) {
  test(`wish ${asked}`, () => {
    const wish = fromParams(asked, offered);
    assert.equal(toParams(wish, offered), written);
    assert.deepEqual(fromParams(written, offered), wish);
  });
}

test("a wish has all the parts that planning asks for", () => {
  const wish = { goal: "", languages: ["en", "zh"], kinds: [], reach: [], week: null };
  assert.deepEqual(fromParams("", offered), wish);
});

test("a path as Markdown has its links, minutes and reasons, and nothing in a title acts", () => {
  const text = markdownOf({
    title: "What to read next",
    url: "http://here.example/path/?goal=lstm",
    totals: "2 topics; 1 h",
    steps: [
      {
        title: "LSTM",
        url: "http://here.example/learn/lstm/",
        why: "your goal; week 1",
        lines: [
          { title: "On *cells* [1]", url: "http://a.example/x_(y) z", minutes: "25′", why: "first" },
          { title: "LSTM\n by hand", url: "http://here.example/snippets/lstm/", minutes: "", why: "" },
        ],
      },
    ],
  });
  assert.equal(text, [
    "# [What to read next](http://here.example/path/?goal=lstm)",
    "",
    "2 topics; 1 h",
    "",
    "1. [LSTM](http://here.example/learn/lstm/): your goal; week 1",
    "   - [ ] [On \\*cells\\* \\[1\\]](http://a.example/x_%28y%29%20z), 25′: first",
    "   - [ ] [LSTM by hand](http://here.example/snippets/lstm/)",
    "",
  ].join("\n"));
});
