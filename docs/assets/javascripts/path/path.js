// A path from the reading lists: which topics, in what order, and how long it takes. The twin of
// tools/model/planning.py; tests/cases/path.yml holds both to one table. Topics are the objects of
// path.json, in teaching order.

import { Chooser, KNOWN, reason } from "./choosing.js";

/** The path to `wish.goal`, else to every end of the road; statuses are a Map by subject. */
export function plan(given, statuses, wish) {
  const topics = given.map((topic) => ({ requires: [], snippets: [], reading: [], ...topic }));
  const needed = neededFor(topics, statuses, wish.goal);
  const chooser = new Chooser(statuses, wish);
  const made = inOrder(topics)
    .filter((topic) => needed.has(topic.id))
    .map((topic) => stepOf(chooser, topic, why(topic, topics, needed, wish)));
  const known = made.filter((one) => one.subject);
  return { ...timed(made.filter((one) => one.topic), wish.week), known };
}

/** The topic as a step of the path, or why it is known already. */
function stepOf(chooser, topic, because) {
  const subject = `topic/${topic.id}`;
  if (chooser.knowsTopic(topic)) return { subject, reason: reason("known") };
  const [begun, best] = [chooser.begun(topic), chooser.best(topic)];
  const chosen = best === null || begun.includes(best) ? begun : [...begun, best];
  const unread = chosen.filter((one) => !chooser.knows(one));
  if (chosen.length && !unread.length) {
    return { subject, reason: reason("read", ...chosen.map((one) => `resource/${one.id}`)) };
  }
  const step = {
    topic: topic.id,
    reason: because,
    reading: unread.map((one) => chooser.choice(topic, one, best)),
    snippet: chooser.snippet(topic),
    leftOut: topic.reading.filter((one) => !unread.includes(one)).map((one) => chooser.leftOut(one)),
  };
  // A whole resource is asked for once; of one that was read in part, another part may be.
  for (const one of unread) if (!one.part) chooser.taken.set(`resource/${one.id}`, subject);
  if (step.snippet) chooser.taken.set(step.snippet.subject, subject);
  return step;
}

/** The steps with the week each begins in, and the totals. */
function timed(steps, aWeek) {
  let minutes = 0;
  for (const step of steps) {
    step.week = aWeek ? Math.floor(minutes / aWeek) + 1 : null;
    for (const choice of step.reading) minutes += choice.minutes ?? 0;
  }
  const unmeasured = steps.flatMap((step) => step.reading).filter((choice) => choice.minutes === null).length;
  return { steps, minutes, unmeasured, weeks: aWeek ? Math.ceil(minutes / aWeek) : null };
}

/** The goals and all they require; what comes before a topic marked as known is known too. */
function neededFor(topics, statuses, goal) {
  const requires = new Map(topics.map((topic) => [topic.id, topic.requires]));
  const inner = new Set(topics.flatMap((topic) => topic.requires));
  const waiting = goal ? [goal] : [...requires.keys()].filter((id) => !inner.has(id));
  const needed = new Set();
  while (waiting.length) {
    const id = waiting.pop();
    if (!requires.has(id) || needed.has(id)) continue;
    needed.add(id);
    if (!KNOWN.includes(statuses.get(`topic/${id}`))) waiting.push(...requires.get(id));
  }
  return needed;
}

/** The topics in teaching order, each after all it requires. */
function inOrder(topics) {
  const waiting = [...topics];
  const ordered = [];
  while (waiting.length) {
    const left = new Set(waiting.map((topic) => topic.id));
    // A ring of topics is a problem of the catalog; here it only must not stop the planning.
    const place = waiting.findIndex((topic) => !topic.requires.some((id) => left.has(id)));
    ordered.push(...waiting.splice(Math.max(place, 0), 1));
  }
  return ordered;
}

/** What the topic is for: the goal, an end of the road, or the next topics of the path. */
function why(topic, topics, needed, wish) {
  if (topic.id === wish.goal) return reason("goal");
  const later = topics.filter((one) => needed.has(one.id) && one.requires.includes(topic.id));
  return later.length ? reason("needed-for", ...later.map((one) => `topic/${one.id}`)) : reason("end");
}
