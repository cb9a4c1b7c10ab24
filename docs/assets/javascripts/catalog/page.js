// One catalog page from its arrival to its leaving: the address, the controls and the list in step.

import "./citation.js";
import { whenIdle } from "./idle.js";
import { answer, preparing } from "./query.js";
import { followProgress } from "./own.js";
import { Rail, emptied } from "./rail.js";
import { fetchFacts, shelfOf } from "./slices.js";
import { Address, addressOf } from "./state.js";
import { List } from "./view.js";
import { Voice } from "./voice.js";

/** One catalog page; `load` brings it to life and `stop` ends it. */
export class Page {
  #leaving = new AbortController();

  constructor(catalog) {
    this.catalog = catalog;
    const words = JSON.parse(catalog.dataset.words);
    this.rail = new Rail(catalog, words);
    this.voice = new Voice(this.part("told"), this.part("live"), words);
    this.address = new Address(this.rail.offered);
    this.query = this.address.read();
  }

  part(name) {
    return this.catalog.querySelector(`[data-part="${name}"]`);
  }

  async load() {
    const { signal } = this.#leaving;
    const body = this.part("rows");
    const shelf = shelfOf(body, this.catalog.dataset, signal);
    this.list = new List(body, this.part("more"), this.part("none"), shelf);
    this.#listen();
    try {
      this.facts = await fetchFacts(new URL(this.catalog.dataset.facts, location.href), signal);
    } catch {
      return this.#failed("say-failed");
    }
    followProgress(this.facts, signal, () => this.rail.count(answer(this.facts, this.query).counts));
    this.places = shelf.places = new Map(this.facts.map((fact, n) => [fact.id, fact.at ?? n]));
    this.list.adopt(this.facts.map((fact) => fact.id));
    const steps = preparing(this.facts, this.query);
    steps.next();
    await this.#arrive(addressOf(this.query) !== location.pathname);
    this.catalog.dataset.ready = "";
    await whenIdle(steps, signal);
    shelf.fill();
  }

  stop() {
    this.#leaving.abort();
    this.address.cancel();
    this.voice.stop();
    this.list.stop();
  }

  #listen() {
    const { signal } = this.#leaving;
    const on = (target, kind, act) => target.addEventListener(kind, act, { signal });
    for (const kind of ["input", "compositionend"]) on(this.catalog, kind, (event) => this.#changed(event));
    on(this.catalog, "click", (event) => this.#clicked(event));
    on(this.catalog, "keydown", (event) => this.#pressed(event));
    for (const kind of ["popstate", "hashchange"]) on(window, kind, () => this.#moved());
  }

  /** A control was touched: text and slider settle before the address changes for good. */
  #changed(event) {
    if (!this.facts || event.isComposing) return;
    this.voice.tell();
    this.query = this.rail.read(this.query);
    if (event.target.type === "search" || event.target.type === "range") this.address.replaceSoon(this.query);
    else this.address.push(this.query);
    this.#draw();
  }

  #clicked(event) {
    const button = event.target.closest(".u-open");
    const link = event.target.closest('a[href^="#"]');
    if (button) this.list.toggle(button.closest("tr")).catch(() => this.#failed("say-no-record"));
    else if (event.target.closest('[data-part="more"] button')) this.list.extend();
    else if (link && this.facts && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      // Not for the site engine: the row may have to be fetched, or freed from a filter.
      event.preventDefault();
      event.stopPropagation();
      this.address.push(this.query, link.hash.slice(1));
      this.#arrive(false);
    }
  }

  #pressed(event) {
    if (event.target !== this.rail.field) this.list.press(event);
    else if (event.key === "Escape" && this.rail.field.value) {
      event.preventDefault();
      event.stopPropagation();
      this.rail.field.value = "";
      this.#changed(event);
    }
  }

  #failed(name) {
    if (!this.#leaving.signal.aborted) this.voice.tell(name);
  }

  /** The Back button, or a link to a row. */
  #moved() {
    if (!this.facts || !this.address.moved) return;
    this.address.cancel();
    const before = addressOf(this.query);
    this.query = this.address.read();
    this.#arrive(addressOf(this.query) !== before);
  }

  /** Show what the address says: its query, and the row it points at even if a filter hides it. */
  async #arrive(anew) {
    const asked = this.address.id;
    const id = this.places.has(asked) ? asked : this.facts.find((fact) => fact.was?.includes(asked))?.id;
    if (asked && !id && !document.getElementById(asked)) this.voice.tell("say-unknown", { id: asked });
    else this.voice.tell();
    const hidden = id && !answer(this.facts, this.query).found.some((fact) => fact.id === id);
    if (hidden) {
      this.query = emptied(this.query);
      this.address.replace(this.query, id);
    }
    if (anew || hidden || (id && !document.getElementById(id))) await this.#draw(id);
    if (id) await this.list.reveal(id).catch(() => this.#failed("say-no-record"));
    if (hidden) this.voice.tell("say-dropped", { title: this.list.titleOf(id) });
  }

  /** Put the query into the controls and its rows into the list. */
  #draw(first = "") {
    const { found, counts } = answer(this.facts, this.query);
    this.rail.show(this.query);
    this.rail.count(counts);
    this.rail.showChips(this.query, (query) => this.#choose(query));
    this.part("count").textContent = found.length;
    this.part("view").href = addressOf(this.query);
    this.voice.count(found.length, this.facts.length);
    const drawn = this.list.show(found.map((fact) => fact.id), first);
    return drawn.catch(() => this.#failed("say-failed"));
  }

  #choose(query) {
    this.voice.tell();
    this.query = query;
    this.address.push(query);
    this.#draw();
  }
}
