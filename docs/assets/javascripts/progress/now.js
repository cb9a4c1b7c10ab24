// Where the reader stands and what comes next: on the home page, and in the head of a topic.

import { open } from "./store.js";
import { fetchSubjects } from "./subjects.js";
import { isRead, readingNow } from "./sums.js";
import { part, say } from "./words.js";

/** Bring one `<u-now>` to life; with `data-topic` it tells of the reading list of its page. */
export function arrive(place) {
  const show = () => ("topic" in place.dataset ? standInTopic(place) : goOn(place));
  show();
  return open().subscribe(show);
}

/** In a topic: how much of its list is read, and the first that is not. */
function standInTopic(place) {
  const { state } = open();
  const rows = [...document.querySelectorAll('td > u-progress[subject^="resource/"]')];
  const left = rows.filter((row) => !isRead(state.get(row.getAttribute("subject"))?.status));
  const values = { read: rows.length - left.length, n: rows.length, title: "|" };
  place.hidden = rows.length === 0;
  const phrase = !left.length ? "stand-all" : values.read ? "stand" : "begin";
  const [before, after] = say(phrase, values).split("|");
  const pieces = left.length ? [before, linkOf(left[0]), after] : [before];
  place.replaceChildren(...pieces);
}

function linkOf(row) {
  const link = row.closest("tr").querySelector(".u-title").cloneNode(true);
  link.removeAttribute("class");
  return link;
}

/** At home: what is being read, and the first of the road that is not. */
async function goOn(place) {
  const { state } = open();
  place.hidden = state.size === 0;
  if (place.hidden) return;
  const subjects = await fetchSubjects();
  const known = readingNow(state).filter(([subject]) => subjects.of(subject));
  fill(part(place, "continue"), known[0]?.[0], subjects, (thing, one) => {
    if (!thing.minutes) return "";
    return say(one.spent ? "spent-of" : "whole", { spent: one.spent, minutes: thing.minutes });
  });
  const [next, topic] = firstUnread(state, subjects, known[0]?.[0]);
  fill(part(place, "next"), next, subjects, ({ minutes }) =>
    say(minutes ? "next-minutes" : "next", { topic: topic.title, minutes }),
  );
}

/** The first resource, in the order of the road and its lists, that is not read; none of a topic that is done. */
function firstUnread(state, subjects, but) {
  for (const topic of subjects.topics) {
    if (isRead(state.get(`topic/${topic.id}`)?.status)) continue;
    const list = topic.resources.slice(0, topic.reading || undefined).map((id) => `resource/${id}`);
    const left = list.find((subject) => subject !== but && isOpen(state.get(subject)?.status));
    if (left) return [left, topic];
  }
  return [undefined, null];
}

function isOpen(status) {
  return !isRead(status) && status !== "dropped";
}

function fill(section, subject, subjects, says) {
  section.hidden = !subject;
  if (!subject) return;
  const thing = subjects.of(subject);
  const link = section.querySelector(".u-title");
  link.textContent = thing.title;
  link.href = thing.href;
  link.lang = thing.lang;
  if (!thing.lang) link.removeAttribute("lang");
  section.querySelector("p").textContent = says(thing, open().state.get(subject));
  renew(section, subject, thing.title);
}

/** The controls of another subject; those that are right already stay, and with them the focus. */
function renew(section, subject, title) {
  const old = section.querySelector("u-progress");
  if (old.getAttribute("subject") === subject) return;
  const fresh = document.createElement("u-progress");
  fresh.setAttribute("subject", subject);
  fresh.setAttribute("label", title);
  old.replaceWith(fresh);
}
