// The controls of one resource, snippet or topic: its status wherever it stands, and in its record
// or head also the reader's own rating, minutes and note. Nothing is ever marked by scrolling.

import { whenIdle } from "../catalog/idle.js";
import { listenForKeys } from "./keys.js";
import { open } from "./store.js";
import { tell } from "./toast.js";
import { copyOf, part, say } from "./words.js";

const here = new Set();
// A catalog has hundreds: those in sight are made at once, the others when nothing else is to do,
// and those in records when one is opened.
const watcher = new IntersectionObserver(
  (seen) => seen.filter((one) => one.isIntersecting).forEach(({ target }) => make(target)),
  { rootMargin: "400px" },
);

/** Bring one `<u-progress subject="…" label="…">` to life; with `detail` it asks for everything. */
export function arrive(control) {
  begin();
  here.add(control);
  if (control.firstElementChild) show(control);
  else watcher.observe(control);
  makeTheRest();
  return () => {
    watcher.unobserve(control);
    here.delete(control);
  };
}

let making = false;

async function makeTheRest() {
  if (making) return;
  making = true;
  await whenIdle(steps(), { aborted: false });
  making = false;
}

function* steps() {
  for (const control of here) {
    if (!control.firstElementChild && !control.hasAttribute("detail")) yield make(control);
  }
}

let begun = false;

function begin() {
  if (begun) return;
  begun = true;
  open().subscribe(() => here.forEach(show));
  listenForKeys();
}

function make(control) {
  watcher.unobserve(control);
  if (control.firstElementChild) return;
  const status = copyOf("status");
  const select = status.querySelector("select");
  select.setAttribute("aria-label", say("status-of", { title: titleOf(control) }));
  if (control.hasAttribute("detail")) {
    const mine = copyOf("mine");
    part(mine, "status-here").replaceWith(status);
    control.append(mine);
  } else {
    control.append(status);
  }
  // A list that the controls stand in hears only its own fields.
  for (const kind of ["input", "compositionend"]) control.addEventListener(kind, (event) => event.stopPropagation());
  control.addEventListener("change", changed);
  control.addEventListener("click", clicked);
  control.addEventListener("submit", submitted);
  show(control);
}

function show(control) {
  const status = part(control, "status");
  if (!status) return;
  const state = open().state.get(subjectOf(control));
  status.dataset.s = state?.status ?? "";
  status.firstElementChild.value = state?.status ?? "";
  const mine = part(control, "mine");
  if (!mine) return;
  for (const star of mine.querySelectorAll(".u-rate button")) {
    star.classList.toggle("on", star.value <= (state?.rating ?? 0));
    star.setAttribute("aria-pressed", String(Number(star.value) === state?.rating));
  }
  part(mine, "spent").textContent = state?.spent ? `${state.spent}′` : "";
  const note = mine.querySelector("textarea");
  // What is typed and not kept yet stays.
  if (note.value === (note.dataset.kept ?? "")) note.value = state?.note ?? "";
  note.dataset.kept = state?.note ?? "";
}

function changed({ currentTarget: control, target }) {
  if (target.matches("select")) setStatus(control, target.value || null);
}

function clicked({ currentTarget: control, target }) {
  const star = target.closest(".u-rate button");
  if (star) rate(control, Number(star.value));
}

function submitted(event) {
  event.preventDefault();
  const { currentTarget: control, target: form } = event;
  if (form.dataset.part === "spend") spend(control, form.elements.minutes);
  else note(control, form.elements.note.value.trim() || null);
}

/** Give the control's subject a status; null takes it away. */
export async function setStatus(control, status) {
  const words = [...control.querySelector("select").options].find((option) => option.value === (status ?? ""));
  await record(control, { status }, "set", { status: words.textContent });
}

/** Rate the control's subject; the rating it has is taken away. */
export async function rate(control, n) {
  const rating = open().state.get(subjectOf(control))?.rating === n ? null : n;
  await record(control, { rating }, rating ? "rated" : "unrated", { n });
}

async function spend(control, field) {
  const spent = Number(field.value);
  if (await record(control, { spent }, "spent", { n: spent })) field.value = "";
}

async function note(control, text) {
  await record(control, { note: text }, text ? "noted" : "unnoted");
}

async function record(control, said, name, values) {
  const event = await open().record({ subject: subjectOf(control), ...said });
  tell(event, name, { title: titleOf(control), ...values });
  if (!event) show(control);
  return event;
}

function subjectOf(control) {
  return control.getAttribute("subject");
}

function titleOf(control) {
  return control.getAttribute("label");
}
