// One Path page from its arrival to its leaving: the address, the wish, the progress and the list in step.

import { Voice } from "../catalog/voice.js";
import { Form } from "./form.js";
import { Gists } from "./gists.js";
import { openKnown } from "./known.js";
import { plan } from "./path.js";
import { Said } from "./said.js";
import { View } from "./view.js";
import { fromParams, toParams } from "./wish.js";

/** One Path page; `load` brings it to life and `stop` ends it. */
export class Page {
  #leaving = new AbortController();
  #here = location.pathname;

  constructor(element) {
    this.element = element;
    const words = JSON.parse(element.dataset.words);
    this.said = new Said(words, JSON.parse(element.dataset.names), element);
    this.voice = new Voice(this.part("told"), this.part("live"), words);
    this.form = new Form(this.part("wish"));
    this.offered = this.form.offered;
  }

  part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }

  async load() {
    const { signal } = this.#leaving;
    try {
      const answer = await fetch(new URL(this.element.dataset.facts, location.href), { signal });
      if (!answer.ok) throw new Error(`${answer.status} for the reading lists`);
      this.topics = await answer.json();
    } catch {
      if (!signal.aborted) this.voice.tell("say-failed");
      return;
    }
    this.view = new View(this.element, this.said);
    this.gists = new Gists(this.element);
    this.known = openKnown();
    this.#listen();
    this.#arrive();
    this.element.dataset.ready = "";
  }

  stop() {
    this.#leaving.abort();
    this.voice.stop();
  }

  #listen() {
    const { signal } = this.#leaving;
    const on = (target, kind, act) => target.addEventListener(kind, act, { signal });
    const form = this.part("wish");
    on(form, "submit", (event) => event.preventDefault());
    on(form, "input", () => this.#wished());
    // A number is typed in letters; its last state alone is worth a step back.
    on(form, "change", () => this.#address("pushState"));
    on(this.part("copy"), "click", () => this.#copy());
    on(this.part("print"), "click", () => window.print());
    on(window, "popstate", () => location.pathname === this.#here && this.#arrive());
    const quit = this.known.subscribe(() => this.#draw());
    on(signal, "abort", () => quit?.());
  }

  /** Show what the address asks for. */
  #arrive() {
    this.wish = fromParams(location.search, this.offered);
    this.form.show(this.wish);
    this.#draw();
  }

  #wished() {
    this.wish = this.form.read();
    const path = this.#draw();
    this.voice.tell();
    this.voice.later(this.said.whole(path));
  }

  #draw() {
    const path = plan(this.topics, this.known.statuses(), this.wish);
    this.view.show(path);
    this.gists.fill();
    this.part("view").href = this.#where();
    this.part("markdown").hidden = true;
    return path;
  }

  #where() {
    const params = toParams(this.wish, this.offered);
    return location.pathname + (params && `?${params}`);
  }

  #address(step) {
    if (this.#where() !== location.pathname + location.search) history[step](history.state, "", this.#where());
  }

  /** To the clipboard, or shown and selected where that is not to be had. */
  async #copy() {
    const [{ put }, { markdownOf, readPage }] = await Promise.all([
      import("../catalog/citation.js"),
      import("./markdown.js"),
    ]);
    const text = markdownOf(readPage(this.element, new URL(this.#where(), location.href).href));
    const copied = await put(text, navigator.clipboard);
    const shown = this.part("markdown");
    shown.textContent = text;
    shown.hidden = copied;
    if (!copied) getSelection().selectAllChildren(shown);
    this.voice.tell(copied ? "copied" : "selected");
  }
}
