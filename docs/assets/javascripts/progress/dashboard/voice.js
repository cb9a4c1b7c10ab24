// Numbers, days and phrases as readers of the page's language know them.

import { filled } from "../words.js";

const DAY = 86_400_000;

/** The phrases of one Progress page. */
export class Phrases {
  constructor(words, lang) {
    this.words = words;
    this.lang = lang;
    // Between two sentences.
    this.gap = lang.startsWith("zh") ? "" : " ";
    this.short = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { day: "numeric", month: "short", timeZone: "UTC" });
    this.ago = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
  }

  /** A phrase with its braces filled in; of one thing it may have another form. */
  say(name, values = {}) {
    const one = values.n === 1 && this.words[`${name}-one`];
    return filled(one || this.words[name], values);
  }

  /** A day as the page writes it. */
  day(date) {
    return this.short.format(date);
  }

  /** How long ago a day was, or nothing for none. */
  since(at, now) {
    if (!at) return "";
    const days = Math.round((Date.parse(at.slice(0, 10)) - Date.parse(now.toISOString().slice(0, 10))) / DAY);
    return Math.abs(days) < 60 ? this.ago.format(days, "day") : this.ago.format(Math.round(days / 30.4), "month");
  }

  /** Minutes, from an hour and a half as hours. */
  minutes(n) {
    if (n < 90) return this.say("minutes", { n });
    return this.say(n % 60 ? "hours" : "hours-whole", { h: Math.floor(n / 60), m: n % 60 });
  }
}
