// The table of what an import changes, one row an event and field.

import { part } from "../words.js";
import { copy } from "./draw.js";

const MOST = 100;

/** The rows of one import, and the way back to the other side of a conflict. */
export class Changes {
  #shown = [];

  constructor({ page, journal, phrases, subjects }) {
    Object.assign(this, { page, journal, phrases, subjects });
  }

  /** Show these changes of a preview. */
  show(changes) {
    this.#shown = changes.slice(0, MOST);
    const more = part(this.page, "changes-more");
    more.hidden = changes.length <= MOST;
    more.textContent = this.phrases.say("more", { n: changes.length - MOST });
    part(this.page, "changes").hidden = changes.length === 0;
    part(this.page, "change-rows").replaceChildren(...this.#shown.map((change) => this.#row(change)));
  }

  /** They were added: what is left to decide are the conflicts. */
  added() {
    const conflicts = this.#shown.filter(({ winner }) => winner);
    this.show(conflicts);
    part(this.page, "change-rows").querySelectorAll("tr").forEach((row, n) => {
      const button = copy(this.page, "take-other");
      button.value = n;
      row.lastElementChild.append(" ", button);
    });
  }

  /** Take back the event that counts, so that the other one does. */
  async takeOther(button) {
    if (!button) return;
    const { winner, subject, field } = this.#shown[button.value];
    if (!(await this.journal.undo([winner.device, winner.n]))) return;
    const cell = button.closest("td");
    cell.replaceChildren(strong(this.#value(field, this.journal.state.get(subject)?.[field] ?? null)));
    cell.tabIndex = -1;
    cell.focus();
  }

  #row(change) {
    const row = copy(this.page, "change");
    const [key, field, here, there, after] = row.querySelectorAll("td");
    const known = this.subjects.of(change.subject);
    const title = row.querySelector(".u-title");
    title.textContent = known?.title || change.subject || "–";
    if (known?.lang) title.lang = known.lang;
    key.firstElementChild.textContent = shortKey(change.event);
    field.textContent = this.phrases.say(`field-${change.field || "other"}`);
    if (!change.field) {
      there.textContent = this.#action(change);
      return row;
    }
    here.textContent = this.#value(change.field, change.here);
    here.classList.toggle("u-muted", change.here === null);
    if (change.by) here.append(" ", code(shortKey(change.by)));
    there.textContent = this.#value(change.field, change.there);
    after.append(...this.#after(change));
    return row;
  }

  #after(change) {
    const value = this.#value(change.field, change.after);
    if (change.winner) return [strong(this.phrases.say("both", { value }))];
    if (change.here !== null || change.after === null) return [value];
    const plus = document.createElement("span");
    plus.className = "u-plus";
    plus.textContent = "+";
    return [plus, ` ${value}`];
  }

  #action({ undo, forget }) {
    if (undo) return this.phrases.say("takes-back", { key: shortKey({ device: undo[0], n: undo[1] }) });
    if (forget) return this.phrases.say("forgets", { key: shortKey({ device: forget[0], n: forget[1] }) });
    return "";
  }

  #value(field, value) {
    if (value === null || value === undefined) return this.phrases.say("nothing-here");
    return field === "status" ? this.phrases.words[`status-${value}`] : String(value);
  }
}

function shortKey({ device, n }) {
  return `${device.replace(/^link-/, "").slice(0, 4)} ${n}`;
}

function strong(text) {
  const made = document.createElement("b");
  made.textContent = text;
  return made;
}

function code(text) {
  const made = document.createElement("code");
  made.textContent = text;
  return made;
}
