// Maps and lists of topics: each stop filled as far as the reader has come.

import { open } from "./store.js";
import { fetchSubjects } from "./subjects.js";
import { byTopic } from "./sums.js";
import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
let listening = false;

/** Show on every stop of this page how much of its topic is read. */
export async function mark() {
  const journal = open();
  if (!listening) journal.subscribe(mark);
  listening = true;
  const stops = [...document.querySelectorAll('[data-subject^="topic/"]:not(u-path *)')];
  // Without any progress the page is right as it came.
  if (!stops.length || (journal.state.size === 0 && !document.querySelector("[data-read]"))) return;
  const topics = byTopic(journal.state, await fetchSubjects());
  const sums = new Map(topics.map((sum) => [`topic/${sum.topic.id}`, sum]));
  for (const stop of stops) if (sums.has(stop.dataset.subject)) show(stop, sums.get(stop.dataset.subject));
}

function show(stop, sum) {
  stop.dataset.read = sum.read;
  stop.classList.toggle("done", sum.done);
  const said = { title: sum.topic.title, read: sum.read, n: sum.total };
  const name = say(sum.done ? "stop-done" : "stop", said);
  const box = stop.querySelector("rect.f-todo");
  if (box) drawBox(stop, box, sum, name);
  else if (stop.matches("a")) stop.title = name;
  const count = stop.querySelector("text.f-cnt, small");
  if (count) count.textContent = sum.read || sum.done ? `${sum.read}/${sum.total}` : sum.total;
}

/** A box of the map: filled in part, or whole with a tick where the topic is done. */
function drawBox(stop, box, sum, name) {
  stop.querySelector("title").textContent = name;
  stop.querySelectorAll("[data-own]").forEach((old) => old.remove());
  const at = (key) => Number(box.getAttribute(key));
  const part = sum.done ? 1 : sum.total ? sum.read / sum.total : 0;
  if (part === 1) box.before(element("rect", { ...sizeOf(at), rx: at("rx"), class: sum.done ? "f-full" : "f-part" }));
  else if (part) box.before(element("path", { d: leftOf(at, part), class: "f-part" }));
  const count = stop.querySelector("text.f-cnt");
  count.classList.toggle("f-ton", sum.done);
  const middle = at("x") + at("width") / 2;
  count.setAttribute("x", sum.done ? middle + 9 : middle);
  if (sum.done) count.before(element("path", { class: "f-tick", d: `M${at("x") + 7} ${at("y") + 18.5}l3.6 3.6 6.4 -7.4` }));
}

function sizeOf(at) {
  return { x: at("x"), y: at("y"), width: at("width"), height: at("height") };
}

/** The left part of a box, round at its two corners. */
function leftOf(at, part) {
  const { x, y, width, height } = sizeOf(at);
  const r = at("rx");
  const wide = Math.max(r, width * part);
  return `M${x + wide} ${y}v${height}H${x + r}a${r} ${r} 0 0 1 -${r} -${r}V${y + r}a${r} ${r} 0 0 1 ${r} -${r}Z`;
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.dataset.own = "";
  return made;
}
