// The Progress page from its arrival to its leaving.

import { open } from "../store.js";
import { decide, settings } from "../settings.js";
import { part } from "../words.js";
import { Coming } from "./coming.js";
import { draw } from "./draw.js";
import { House } from "./house.js";
import { Leaving, reminder } from "./leaving.js";
import { fetchSubjects } from "../subjects.js";
import { Phrases } from "./voice.js";

/** Bring one Progress page to life. */
export function arrive(page) {
  const shown = new Dashboard(page);
  shown.load();
  return () => shown.stop();
}

class Dashboard {
  #leaving = new AbortController();
  #stop = null;

  constructor(page) {
    this.page = page;
    this.journal = open();
    this.phrases = new Phrases(JSON.parse(page.dataset.words), document.documentElement.lang);
  }

  async load() {
    this.subjects = await fetchSubjects();
    const on = (target, kind, act) => target.addEventListener(kind, act, { signal: this.#leaving.signal });
    const parts = { page: this.page, journal: this.journal, phrases: this.phrases, subjects: this.subjects, on };
    this.leaving = new Leaving({ ...parts, exported: () => this.#exported() });
    this.coming = new Coming(parts);
    this.house = new House({ ...parts, changed: () => this.#draw() });
    on(part(this.page, "notes"), "click", ({ target }) => this.#forget(target.closest("button")));
    this.#stop = this.journal.subscribe(() => this.#draw());
    this.#draw();
    this.page.dataset.ready = "";
    await this.coming.openLink();
  }

  stop() {
    this.#leaving.abort();
    this.#stop?.();
  }

  #draw() {
    const { journal, subjects, phrases } = this;
    const now = new Date();
    draw(this.page, { journal, subjects, phrases, now, review: settings().review === "on" });
    part(this.page, "kept").textContent = reminder(journal, settings().exported, phrases, now);
    this.house.show();
  }

  #exported() {
    const { events } = this.journal.progress;
    decide({ exported: { at: new Date().toISOString(), n: events.length } });
    this.#draw();
  }

  /** Forget a note and what it said before. */
  async #forget(button) {
    if (!button) return;
    const [device, n] = JSON.parse(button.value);
    const { events } = this.journal.progress;
    const { subject } = events.find((event) => event.device === device && event.n === n).fields;
    const notes = events.filter(({ fields }) => fields.subject === subject && fields.note);
    for (const event of notes) await this.journal.forget([event.device, event.n]);
    this.house.tell(this.phrases.say("forgotten"));
  }
}
