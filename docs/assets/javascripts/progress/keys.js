// Keys for the row that has the focus: a letter a status, a digit a rating, u takes back.

import { rate, setStatus } from "./control.js";
import { settings } from "./settings.js";
import { undo } from "./toast.js";

const STATUS = { w: "planned", r: "reading", d: "done", c: null };

/** Hear keys on the whole page; they act only where a row with controls has the focus. */
export function listenForKeys() {
  document.addEventListener("keydown", pressed);
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
  const control = controlOf(event.target);
  if (!control || settings().keys === "off") return;
  if (event.key in STATUS) setStatus(control, STATUS[event.key]);
  else if (/^[1-5]$/.test(event.key)) rate(control, Number(event.key));
  else if (event.key === "u") undo();
  else return;
  // The theme's own keys would otherwise hear it too.
  event.preventDefault();
  event.stopPropagation();
}

/** The controls of the row that an element stands in, unless letters mean something to it itself. */
function controlOf(element) {
  if (!(element instanceof Element) || element.matches("select, input, textarea, [contenteditable]")) return null;
  const row = element.closest("tr, li");
  return row?.querySelector("u-progress") ?? null;
}
