// The numbers, bars and lists of the Progress page. Everything a reader wrote is put in as text.

import { live } from "../state.js";
import { addressOf, part } from "../words.js";
import { chart } from "./chart.js";
import { byTopic, due, noted, readingNow, stale, totals, unknown, weeks } from "../sums.js";

const MOST = 50;

/** Draw all of it anew. */
export function draw(page, { journal, subjects, phrases, now, review }) {
  const { state } = journal;
  const put = (name, text) => (part(page, name).textContent = text);
  const sums = totals(state, subjects);
  put("read", sums.read);
  put("reading", sums.reading);
  put("topics", sums.topics);
  put("minutes", phrases.minutes(sums.minutes));
  part(page, "first").hidden = state.size > 0;
  part(page, "dash").hidden = state.size === 0;
  drawBars(page, byTopic(state, subjects), phrases);
  drawWeeks(page, weeks(state, live(journal.progress.events), subjects, now), phrases);
  const more = (n) => phrases.say("more", { n });
  const line = ([subject, one]) => lineOf(page, subject, one, { subjects, phrases, now });
  list(page, "now", readingNow(state), line, more);
  list(page, "stale", stale(state, now), line, more);
  list(page, "due", review ? due(state, now) : [], line, more);
  list(page, "unknown", unknown(state, (subject) => subjects.of(subject)), line, more);
  const note = ([subject, one]) => noteOf(page, subject, one, { subjects, phrases });
  list(page, "notes", noted(state), note, more);
}

function drawBars(page, topics, phrases) {
  const most = Math.max(1, ...topics.map(({ total }) => total));
  const rows = topics.map(({ topic, total, read, reading, planned, minutes, done }) => {
    const row = copy(page, "bar");
    const link = row.querySelector("a");
    link.textContent = topic.title;
    link.href = addressOf(`learn/${topic.id}/`);
    row.querySelector(".u-tag").hidden = !done;
    const track = row.querySelector(".u-track");
    track.style.width = `${(100 * total) / most}%`;
    track.setAttribute("aria-label", phrases.say("track", { done: read, total, reading, planned }));
    const parts = { d: read, r: reading, p: planned, n: total - read - reading - planned };
    for (const [name, n] of Object.entries(parts)) grow(track.querySelector(`.${name}`), n);
    const [, of, spent] = row.querySelectorAll("td");
    of.textContent = `${read}/${total}`;
    spent.textContent = minutes ? phrases.minutes(minutes) : "–";
    return row;
  });
  part(page, "bars").replaceChildren(...rows);
}

function grow(piece, n) {
  if (n) piece.style.flexGrow = n;
  else piece.remove();
}

function drawWeeks(page, found, phrases) {
  part(page, "time-section").hidden = found.length === 0;
  if (!found.length) return;
  part(page, "chart").replaceChildren(chart(found, phrases));
  const rows = found.map(({ begins, read, minutes }) => {
    const row = document.createElement("tr");
    const day = document.createElement("th");
    day.scope = "row";
    day.textContent = phrases.day(begins);
    row.append(day);
    for (const n of [read, minutes]) row.insertCell().textContent = n;
    for (const cell of row.cells) cell.classList.toggle("num", cell !== day);
    return row;
  });
  part(page, "weeks").replaceChildren(...rows);
}

/** Show a list with its heading, or neither. A line that is there stays, and with it the focus. */
function list(page, name, found, lineOf, more) {
  part(page, `${name}-section`).hidden = found.length === 0;
  const body = part(page, name);
  const lines = found.slice(0, MOST).map(lineOf);
  if (found.length > MOST) lines.push(restOf(more(found.length - MOST)));
  const old = new Map([...body.children].map((line) => [line.dataset.key, line]));
  const kept = lines.map((line) => old.get(line.dataset.key) ?? line);
  if (kept.some((line, n) => line !== body.children[n]) || kept.length !== body.children.length) body.replaceChildren(...kept);
}

function restOf(text) {
  const line = document.createElement("li");
  line.textContent = line.dataset.key = text;
  return line;
}

function lineOf(page, subject, one, { subjects, phrases, now }) {
  const line = copy(page, "line");
  const known = name(line, subject, subjects);
  const length = known?.minutes && one.spent ? "length" : known?.minutes ? "whole" : "";
  const said = [phrases.since(one.since, now), length && phrases.say(length, { spent: one.spent, n: known.minutes })];
  line.querySelector(".u-by").textContent = said.filter(Boolean).join(" · ");
  const control = line.querySelector("u-progress");
  control.setAttribute("subject", subject);
  control.setAttribute("label", known?.title ?? subject);
  line.dataset.key = `${subject} ${one.since} ${one.spent}`;
  return line;
}

function noteOf(page, subject, one, { subjects, phrases }) {
  const line = copy(page, "note");
  const { device, n, fields } = one.setBy.note;
  name(line, subject, subjects);
  line.querySelector("blockquote").textContent = one.note;
  line.querySelector('[data-part="day"]').textContent = fields.at ? phrases.day(Date.parse(fields.at)) : "";
  line.querySelector("button").value = JSON.stringify([device, n]);
  line.dataset.key = `${subject} ${device} ${n}`;
  return line;
}

function name(line, subject, subjects) {
  const link = line.querySelector(".u-title");
  const known = subjects.of(subject);
  link.textContent = known?.title ?? subject;
  if (known) link.href = known.href;
  if (known?.lang) link.lang = known.lang;
  return known;
}

/** A copy of one of the page's templates. */
export function copy(page, name) {
  return page.querySelector(`template[data-part="${name}"]`).content.firstElementChild.cloneNode(true);
}
