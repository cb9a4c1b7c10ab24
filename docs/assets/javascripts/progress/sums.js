// What a reader's state and events add up to, for the Progress page.

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const MONDAY = Date.UTC(1970, 0, 5);
const MOST_WEEKS = 12;
const STALE = 30 * DAY;
const DUE = 90 * DAY;
const READ = ["done", "skimmed", "review"];

/** Whether somebody with that status has read the thing. */
export function isRead(status) {
  return READ.includes(status);
}

/** The numbers on top: resources read and being read, topics done, minutes. */
export function totals(state, subjects) {
  const statuses = Object.keys(subjects.resources).map((id) => state.get(`resource/${id}`)?.status);
  return {
    read: statuses.filter(isRead).length,
    reading: statuses.filter((status) => status === "reading").length,
    topics: subjects.topics.filter(({ id }) => state.get(`topic/${id}`)?.status === "done").length,
    minutes: [...state.values()].reduce((sum, one) => sum + one.spent, 0),
  };
}

/** For each topic how much of it is read, being read and planned, and the minutes it took. */
export function byTopic(state, subjects) {
  return subjects.topics.map((topic) => {
    const own = topic.resources.map((id) => state.get(`resource/${id}`));
    const with_ = (test) => own.filter((one) => one && test(one.status)).length;
    const others = [state.get(`topic/${topic.id}`), ...topic.snippets.map((id) => state.get(`snippet/${id}`))];
    return {
      topic,
      total: own.length,
      read: with_(isRead),
      reading: with_((status) => status === "reading"),
      planned: with_((status) => status === "planned"),
      minutes: [...own, ...others].reduce((sum, one) => sum + (one?.spent ?? 0), 0),
      done: others[0]?.status === "done",
    };
  });
}

/**
 * The last weeks up to `now`, at most twelve, from the first in which something happened: the day
 * each begins, resources read by its end, and its minutes. What has no date was before all of them.
 */
export function weeks(state, live, subjects, now) {
  const own = Object.keys(subjects.resources).map((id) => state.get(`resource/${id}`));
  const read = own.filter((one) => isRead(one?.status));
  const done = read.map(({ since }) => (since === null ? null : weekOf(since)));
  const spent = live.filter((event) => event.fields.spent && event.fields.at);
  const dated = [...done.filter((week) => week !== null), ...spent.map((event) => weekOf(event.fields.at))];
  if (!dated.length) return [];
  const last = Math.max(weekOf(now.toISOString()), ...dated);
  const first = Math.max(Math.min(...dated), last - MOST_WEEKS + 1);
  return Array.from({ length: last - first + 1 }, (_, n) => ({
    begins: new Date(MONDAY + (first + n) * WEEK),
    read: done.filter((week) => week === null || week <= first + n).length,
    minutes: spent.filter((event) => weekOf(event.fields.at) === first + n).reduce((sum, { fields }) => sum + fields.spent, 0),
  }));
}

/** What is being read, the latest first. */
export function readingNow(state) {
  return latestFirst(state, (one) => one.status === "reading");
}

/** What was planned a month ago or more, the oldest first. */
export function stale(state, now) {
  return latestFirst(state, (one) => one.status === "planned" && isOlder(one, STALE, now)).reverse();
}

/** What deserves another look: marked so, or done three months ago or more; the oldest first. */
export function due(state, now) {
  const old = (one) => one.status === "review" || (one.status === "done" && isOlder(one, DUE, now));
  return latestFirst(state, old).reverse();
}

/** What has a note, the latest first. */
export function noted(state) {
  const at = ([, one]) => one.setBy.note.fields.at ?? "";
  return [...state].filter(([, one]) => one.note !== null).sort((a, b) => (at(a) < at(b) ? 1 : -1));
}

/** Subjects that no catalog of today has. */
export function unknown(state, titleOf) {
  return [...state].filter(([subject]) => !titleOf(subject));
}

function weekOf(at) {
  return Math.floor((Date.parse(at) - MONDAY) / WEEK);
}

function isOlder({ since }, age, now) {
  return since !== null && now - Date.parse(since) >= age;
}

function latestFirst(state, test) {
  const found = [...state].filter(([, one]) => test(one));
  return found.sort(([, a], [, b]) => ((a.since ?? "") < (b.since ?? "") ? 1 : -1));
}
