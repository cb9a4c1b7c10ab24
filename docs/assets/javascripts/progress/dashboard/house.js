// What a reader decides on this device: keys, reminders, and to throw all of it away.

import { decide, settings } from "../settings.js";
import { mention } from "../toast.js";
import { part } from "../words.js";
import { saveFile } from "./leaving.js";

/** The last part of the Progress page; `changed` is called when a decision shows elsewhere. */
export class House {
  constructor({ page, journal, phrases, on, changed }) {
    Object.assign(this, { page, journal, phrases });
    for (const name of ["keys", "review"]) {
      const box = part(page, name);
      box.checked = settings()[name] === "on";
      on(box, "change", () => {
        decide({ [name]: box.checked ? "on" : "off" });
        changed();
      });
    }
    on(part(page, "delete"), "click", () => this.#ask(true));
    on(part(page, "keep-all"), "click", () => this.#ask(false));
    on(part(page, "delete-all"), "click", () => this.#delete());
    on(part(page, "broken-save"), "click", () => this.#save());
  }

  /** Say what could not be read, and why the last change was not kept. */
  show() {
    const { size } = this.journal.broken;
    part(this.page, "broken").hidden = size === 0;
    part(this.page, "broken-says").textContent = size === 1 ? this.phrases.say("broken-one") : this.phrases.say("broken-many", { n: size });
  }

  /** Say something at the foot of the page. */
  tell(text) {
    mention(text);
  }

  #ask(asking) {
    part(this.page, "sure").hidden = !asking;
    part(this.page, asking ? "delete-all" : "delete").focus();
  }

  #delete() {
    this.journal.clear();
    decide({ exported: null });
    this.#ask(false);
    mention(this.phrases.say("deleted"));
  }

  #save() {
    const text = [...this.journal.broken].map(([key, value]) => `# ${key}\n${value}\n`).join("");
    saveFile("progress-unreadable.txt", text, "text/plain");
  }
}
