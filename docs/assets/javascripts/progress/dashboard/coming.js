// Bringing progress here: what it would add is shown first, and nothing is added before one says so.

import { isLater, parse } from "../file.js";
import { merge } from "../merge.js";
import { unpack } from "../share.js";
import { part } from "../words.js";
import { Changes } from "./changes.js";
import { preview } from "./preview.js";

const LARGEST = 20_000_000;
const PACKED = /#([0-9][a-z][\w-]+)\s*$/;

/** The part of the page that imports files, texts, links and the author's progress. */
export class Coming {
  #theirs = null;

  constructor({ page, journal, phrases, subjects, on }) {
    Object.assign(this, { page, journal, phrases });
    this.changes = new Changes({ page, journal, phrases, subjects });
    on(part(page, "file"), "change", ({ target }) => target.files[0] && this.#readFile(target));
    on(part(page, "paste"), "submit", (event) => this.#pasted(event));
    on(part(page, "add"), "click", () => this.#add());
    on(part(page, "not-now"), "click", () => this.#close());
    on(part(page, "change-rows"), "click", ({ target }) => this.changes.takeOther(target.closest("button")));
    const adopt = part(page, "adopt");
    if (adopt) on(adopt, "click", () => this.#adopt());
    on(window, "hashchange", () => this.openLink());
  }

  /** Show what the page's own address carries, if it does. */
  async openLink() {
    if (PACKED.test(location.hash)) await this.#read(location.href);
  }

  async #readFile(field) {
    const [file] = field.files;
    if (file.size > LARGEST) this.#tell("too-large");
    else await this.#read(await file.text());
    field.value = "";
  }

  #pasted(event) {
    event.preventDefault();
    return this.#read(event.target.elements.text.value);
  }

  async #adopt() {
    try {
      const answer = await fetch(new URL(this.page.dataset.author, location.href));
      if (!answer.ok) throw new Error(answer.status);
      await this.#read(await answer.text());
    } catch {
      this.#tell("author-gone");
    }
  }

  async #read(text) {
    const packed = text.length < 100_000 && PACKED.exec(text);
    if (packed) return this.#readLink(packed[1]);
    const { progress, format, strange, broken } = parse(text);
    if (!progress.events.length && !progress.foreign.length) return this.#tell("nothing");
    const lines = new Set(strange.map(({ line }) => line)).size;
    this.#show(progress, [
      isLater(format) && this.phrases.say("later", { format }),
      lines && this.phrases.say("strange", { n: lines }),
      broken.length && this.phrases.say("unread", { n: broken.length, line: broken[0] }),
    ]);
  }

  async #readLink(packed) {
    const { events, trouble } = await unpack(packed);
    if (trouble) this.#tell(trouble);
    else this.#show(merge({ events, foreign: [] }), []);
  }

  #show(theirs, remarks) {
    const { phrases, journal } = this;
    const found = preview(journal.progress, theirs, journal.ledger.renamed);
    this.#theirs = found.adds ? theirs : null;
    const conflicts = found.changes.some(({ winner }) => winner);
    const here = found.here > 0 && found.adds > 0 && phrases.say("here", { n: found.here, total: found.total });
    const more = [here, conflicts && phrases.say("conflicts"), ...remarks];
    this.#write(found.adds ? phrases.say("adds", { n: found.adds }) : phrases.say("adds-none"), more);
    part(this.page, "add").textContent = phrases.say("add", { n: found.adds });
    this.changes.show(found.changes);
  }

  async #add() {
    const added = await this.journal.add(this.#theirs);
    if (added === null) return this.#tell("no-room");
    this.#theirs = null;
    this.#write(this.phrases.say("added", { n: added }), []);
    this.changes.added();
    this.#forgetLink();
  }

  #close() {
    this.#theirs = null;
    part(this.page, "preview").hidden = true;
    this.#forgetLink();
    part(this.page, "file").focus();
  }

  #forgetLink() {
    part(this.page, "paste").reset();
    if (PACKED.test(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
  }

  #tell(name) {
    this.#theirs = null;
    this.changes.show([]);
    this.#write(this.phrases.say(name), []);
  }

  #write(says, more) {
    const box = part(this.page, "preview");
    box.hidden = false;
    part(this.page, "adds").textContent = says;
    part(this.page, "adds-more").textContent = more.filter(Boolean).join(this.phrases.gap);
    part(this.page, "add").hidden = part(this.page, "not-now").hidden = !this.#theirs;
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  }
}
