// What to read of one topic: the resources that fit a wish, the best of them, and why. The twin of
// tools/model/choosing.py. Statuses are a Map from subject to status.

export const KNOWN = ["done", "skimmed"];
const BEGUN = ["reading", "review"];
const SHORT = 15;

/** A reason: its code, and the subjects it speaks of. */
export const reason = (code, ...about) => ({ code, about });

/** Chooses for a reader with these statuses and this wish. */
export class Chooser {
  /** What earlier steps read as a whole or run, with their topic. */
  taken = new Map();

  constructor(statuses, wish) {
    this.statuses = statuses;
    this.wish = wish;
  }

  /** The one resource that the topic asks for, whether it is known or not. */
  best(topic) {
    const fitting = topic.reading.filter((one) => !this.#misfit(one));
    const least = Math.min(...fitting.map((one) => this.#rank(one)));
    return fitting.find((one) => this.#rank(one) === least) ?? null;
  }

  /** What fits and is being read, or is to be read again. */
  begun(topic) {
    return topic.reading.filter((one) => BEGUN.includes(this.#of(one)) && !this.#misfit(one));
  }

  /** Whether the reader is done with a resource. */
  knows(one) {
    return KNOWN.includes(this.#of(one));
  }

  /** Whether the reader said that a topic is known. */
  knowsTopic(topic) {
    return KNOWN.includes(this.statuses.get(`topic/${topic.id}`));
  }

  /** A chosen resource with every reason for it. */
  choice(topic, one, best) {
    const status = this.#of(one);
    const reasons = [...BEGUN, "planned"].includes(status) ? [reason(status)] : [];
    if (one === best) reasons.push(...this.#whyBest(topic, one));
    if (one.link === "archived") reasons.push(reason("archived"));
    if (one.part) reasons.push(reason("part"));
    if (one.minutes && one.minutes <= SHORT) reasons.push(reason("short", `minutes/${one.minutes}`));
    return { subject: `resource/${one.id}`, minutes: one.minutes ?? null, reasons };
  }

  /** The first snippet that was neither run nor stands in an earlier step. */
  snippet(topic) {
    const out = [...KNOWN, "dropped"];
    const left = (subject) => !this.taken.has(subject) && !out.includes(this.statuses.get(subject));
    const subject = topic.snippets.map((id) => `snippet/${id}`).find(left);
    return subject ? { subject, minutes: null, reasons: [reason("run")] } : null;
  }

  /** A resource that was not chosen, with what speaks against it first. */
  leftOut(one) {
    const known = this.knows(one) ? reason("known") : null;
    return { subject: `resource/${one.id}`, reason: known ?? this.#misfit(one) ?? reason("enough") };
  }

  #of(one) {
    return this.statuses.get(`resource/${one.id}`);
  }

  /** What keeps a resource out; nothing where it fits. */
  #misfit(one) {
    const earlier = this.taken.get(`resource/${one.id}`);
    if (earlier) return reason("earlier", earlier);
    if (this.#of(one) === "dropped") return reason("dropped");
    return this.#againstWish(one) ?? (one.link === "gone" ? reason("gone") : null);
  }

  #againstWish(one) {
    const { languages, kinds, reach } = this.wish;
    if (languages.length && !languages.includes(one.lang)) return reason("language", `language/${one.lang}`);
    if (kinds.length && !kinds.includes(one.kind)) return reason("kind", `kind/${one.kind}`);
    const unreached = reach.filter((place) => !(one.reach ?? []).includes(place));
    return unreached.length ? reason("reach", ...unreached.map((place) => `reach/${place}`)) : null;
  }

  /** How far the language is from the one liked best; the list decides among equals. */
  #rank(one) {
    return this.wish.languages.length ? this.wish.languages.indexOf(one.lang) : 0;
  }

  #whyBest(topic, best) {
    const place = topic.reading.indexOf(best);
    const rank = this.#rank(best);
    const before = topic.reading.slice(0, place);
    const lost = before.find((one) => this.#misfit(one)?.code === "gone" && this.#rank(one) <= rank);
    const reasons = [];
    if (lost) reasons.push(reason("replaces", `resource/${lost.id}`));
    else if (place === 0) reasons.push(reason("first", `topic/${topic.id}`));
    else reasons.push(this.#whyLater(topic, best));
    const better = this.wish.languages.slice(0, rank).map((id) => `language/${id}`);
    return rank ? [...reasons, reason("none-in", ...better)] : reasons;
  }

  /** Why the list's first was passed over. */
  #whyLater(topic, best) {
    const alike = topic.reading.filter((one) => one.lang === best.lang);
    if (!this.wish.languages.length || best !== alike[0]) return reason("first-fitting");
    return reason(alike.length === 1 ? "only-in" : "first-in", `language/${best.lang}`);
  }
}
