// What the page says for itself: a line above the list, and the same for screen readers.

const QUIET = 500;

/** The page's sentences; `words` are its phrases by name. */
export class Voice {
  #timer = 0;

  constructor(line, live, words) {
    this.line = line;
    this.live = live;
    this.words = words;
  }

  /** Say a phrase for all to see; without a name, take the last one away. */
  tell(name, values = {}) {
    const text = name ? filled(this.words[name], values) : "";
    this.line.textContent = text;
    this.line.hidden = !text;
    this.#announce(text);
  }

  /** Say how many were found. */
  count(n, total) {
    this.later(filled(this.words["say-count"], { n, total }));
  }

  /** Say a text to screen readers alone, once the reader pauses, so that they are not flooded. */
  later(text) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#announce(text), QUIET);
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #announce(text) {
    clearTimeout(this.#timer);
    this.live.textContent = text;
  }
}

/** A phrase with its words in braces filled in. */
export function filled(phrase, values) {
  return phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
