// Reasons and times in words: the phrases come from the page, the names of things stand in it.

import { filled } from "../catalog/voice.js";

/** The words of one Path page. */
export class Said {
  /** `words` are its phrases, `names` those of languages, kinds and places, `page` its element. */
  constructor(words, names, page) {
    this.words = words;
    this.names = names;
    this.page = page;
  }

  phrase(name, values = {}) {
    return filled(this.words[name], values);
  }

  /** A reason as nodes, for titles of another language say so. */
  reason({ code, about }) {
    const [before, after] = this.words[`why-${code}`].split("{what}");
    if (after === undefined) return [before];
    const named = about.flatMap((subject, n) => (n ? [this.words.comma, this.#name(subject)] : [this.#name(subject)]));
    return [before, ...named, after];
  }

  /** A length of time: `45 min`, `2 h 5 min`. */
  time(minutes, least = false) {
    const [h, m] = [Math.floor(minutes / 60), minutes % 60];
    const time = this.phrase(h ? (m ? "hours-minutes" : "hours") : "minutes", { h, m });
    return least ? this.phrase("at-least", { time }) : time;
  }

  /** The whole path in one sentence. */
  whole({ steps, minutes, unmeasured }) {
    const topics = this.topics(steps.length);
    return this.phrase("say", { n: steps.length, topics, time: this.time(minutes, unmeasured > 0) });
  }

  /** The word behind a number of topics. */
  topics(n) {
    return this.words[n === 1 ? "topic" : "topics"];
  }

  #name(subject) {
    const [kind] = subject.split("/");
    const id = subject.slice(kind.length + 1);
    const there = this.page.querySelector(`[data-subject="${CSS.escape(subject)}"]`);
    if (kind === "topic") return there?.querySelector('[data-part="title"]').textContent ?? id;
    if (kind !== "resource") return this.names[subject] ?? id;
    const title = there?.querySelector(".u-title");
    return title?.lang ? spanOf(title) : (title?.textContent ?? id);
  }
}

function spanOf(title) {
  const span = document.createElement("span");
  span.lang = title.lang;
  span.textContent = title.textContent;
  return span;
}
