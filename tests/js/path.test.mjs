// The path rule in JavaScript, held to the table that Python reads too; CASES names its folder as JSON.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { plan } from "../../docs/assets/javascripts/path/path.js";

const { topics, cases } = JSON.parse(readFileSync(`${process.env.CASES}/path.json`, "utf8"));

const told = ({ code, about }) => [code, ...about].join(" ");
const byReason = (some) => Object.fromEntries(some.map((one) => [one.subject, told(one.reason)]));

/** A step as the table writes it. */
function written(step) {
  const reading = step.reading.map((one) => [one.subject, [one.minutes, ...one.reasons.map(told)]]);
  return {
    topic: step.topic,
    reason: told(step.reason),
    reading: Object.fromEntries(reading),
    snippet: step.snippet?.subject ?? null,
    left_out: byReason(step.leftOut),
    week: step.week,
  };
}

for (const { why, path, wish, statuses, topics: own } of cases) {
  test(`path: ${why}`, () => {
    const asked = { goal: "", languages: [], kinds: [], reach: [], week: null, ...wish };
    const made = plan(own ?? topics, new Map(Object.entries(statuses ?? {})), asked);
    const absent = { reading: {}, snippet: null, left_out: {}, week: null };
    const steps = (path.steps ?? []).map((step) => ({ ...absent, ...step }));
    assert.deepEqual(made.steps.map(written), steps);
    assert.deepEqual(byReason(made.known), path.known ?? {});
    const { minutes, unmeasured, weeks } = made;
    assert.deepEqual([minutes, unmeasured, weeks], [path.minutes ?? 0, path.unmeasured ?? 0, path.weeks ?? null]);
    const order = made.steps.flatMap((step) => step.reading.map((one) => one.subject));
    assert.deepEqual(order, steps.flatMap((step) => Object.keys(step.reading)));
  });
}
