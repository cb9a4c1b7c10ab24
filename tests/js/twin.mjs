// What JavaScript makes of the files in asked.json, for test_node.py to hold against Python.

import { readFileSync } from "node:fs";

import { nextCount } from "../../docs/assets/javascripts/progress/events.js";
import { parse, write, writeJson } from "../../docs/assets/javascripts/progress/file.js";
import { merge } from "../../docs/assets/javascripts/progress/merge.js";
import { live, state } from "../../docs/assets/javascripts/progress/state.js";

const { renamed, asked } = JSON.parse(readFileSync(`${process.env.CASES}/asked.json`, "utf8"));
const today = new Map(Object.entries(renamed));

function told(progress) {
  const states = [...state(progress.events, today)].map(([subject, one]) => {
    const keys = Object.entries(one.setBy).map(([name, { device, n }]) => [name, [device, n]]);
    return [subject, { ...one, setBy: Object.fromEntries(keys) }];
  });
  return {
    yaml: write(progress),
    json: writeJson(progress),
    live: live(progress.events).map((event) => event.text),
    next: nextCount(progress.events),
    state: Object.fromEntries(states),
  };
}

const answers = asked.map((texts) => {
  const reads = texts.map(parse);
  const strange = reads.map((read) => read.strange.map(({ line, field }) => [line, field]));
  return { strange, merged: told(merge(...reads.map((read) => read.progress))) };
});
process.stdout.write(JSON.stringify(answers));
