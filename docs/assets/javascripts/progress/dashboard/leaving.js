// Taking progress along: as a file, as text, in a link, or ready for a commit.

import { put } from "../../catalog/citation.js";
import { write, writeJson } from "../file.js";
import { pack } from "../share.js";
import { part } from "../words.js";

const OLD = 30 * 86_400_000;
const MANY = 10;

/** The buttons that take progress along; `exported` is called when it was. */
export class Leaving {
  constructor({ page, journal, phrases, on, exported }) {
    Object.assign(this, { page, journal, phrases, exported });
    on(part(page, "ways"), "click", ({ target }) => target.value && this.#take(target.value));
    on(part(page, "copy"), "click", () => this.#copy());
    on(part(page, "with-notes"), "change", () => this.#link());
  }

  #take(way) {
    const { progress } = this.journal;
    part(this.page, "with-notes").hidden = way !== "link";
    if (way === "yml") this.#save(way, write(progress), "application/yaml");
    else if (way === "json") this.#save(way, writeJson(progress), "application/json");
    else if (way === "link") this.#link();
    else this.#show(this.phrases.say(way), write(progress));
  }

  /** Offer a file; where the browser saves none, its text stands below. */
  #save(ending, text, type) {
    const device = this.journal.devices.all()[0]?.slice(0, 4) ?? "all";
    const name = `progress-${device}-${new Date().toISOString().slice(0, 10)}.${ending}`;
    saveFile(name, text, type);
    this.#show(this.phrases.say("file-saved", { name }), text);
    this.exported();
  }

  async #link() {
    const { events } = this.journal.progress;
    const notes = part(this.page, "with-notes").querySelector("input").checked;
    const packed = await pack(events, { renamed: this.journal.ledger.renamed, notes });
    const link = new URL(`#${packed}`, location.href.split("#")[0]).href;
    this.#show(this.phrases.say("link", { n: link.length }), link);
  }

  async #copy() {
    const field = part(this.page, "out-text");
    const copied = await put(field.value, navigator.clipboard);
    if (!copied) field.select();
    part(this.page, "out-says").textContent = this.phrases.say(copied ? "copied" : "selected");
    if (!part(this.page, "with-notes").hidden) return;
    this.exported();
  }

  #show(says, text) {
    part(this.page, "out").hidden = false;
    part(this.page, "out-says").textContent = says;
    part(this.page, "out-text").value = text;
  }
}

/** Let the browser save a text as a file. */
export function saveFile(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Where the events are kept, and quietly that an export is due. */
export function reminder(journal, exported, phrases, now) {
  const n = journal.progress.events.length;
  if (journal.fleeting) return phrases.say("fleeting");
  if (!n) return phrases.say("none");
  const fresh = n - (exported?.n ?? 0);
  const due = fresh >= MANY && (!exported || now - Date.parse(exported.at) > OLD);
  const last = exported ? phrases.say("exported", { when: phrases.since(exported.at, now) }) : phrases.say("never");
  return [phrases.say("kept", { n }), last, due && phrases.say("old", { n: fresh })].filter(Boolean).join(phrases.gap);
}
