// One line at the foot of the page that says what was done, with a button to take it back.

import { open } from "./store.js";
import { copyOf, part, say } from "./words.js";

const SHOWN = 8000;
let toast = null;
let timer = 0;
let last = null;

/** Say what an event did, or why there is none. */
export function tell(event, name, values) {
  const journal = open();
  last = event && [event.device, event.n];
  show(event ? said(journal, say(name, values)) : say(journal.trouble || "nothing"));
}

/** Take an event back; without a key the last that this profile made. The toast takes that back in turn. */
export async function undo(key) {
  const event = await open().undo(key);
  last = event && [event.device, event.n];
  show(event ? say("undone") : say(open().trouble || "nothing"));
}

/** Say something that cannot be taken back. */
export function mention(text) {
  last = null;
  show(text);
}

function said(journal, text) {
  return journal.fleeting ? `${text}. ${say("fleeting")}` : text;
}

function show(text) {
  toast ??= made();
  part(toast, "undo").hidden = !last;
  toast.hidden = false;
  part(toast, "told").textContent = text;
  hideLater();
}

function made() {
  const made = copyOf("toast");
  made.addEventListener("pointerenter", () => clearTimeout(timer));
  made.addEventListener("focusin", () => clearTimeout(timer));
  made.addEventListener("pointerleave", hideLater);
  made.addEventListener("focusout", hideLater);
  part(made, "undo").addEventListener("click", () => undo(last));
  document.body.append(made);
  return made;
}

function hideLater() {
  clearTimeout(timer);
  timer = setTimeout(() => (toast.hidden = true), SHOWN);
}
