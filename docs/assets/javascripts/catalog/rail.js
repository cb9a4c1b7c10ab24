// The controls around the list: they show a query, and tell it when a reader changes them.

import { FACETS } from "./query.js";
import { filled } from "./voice.js";

const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

/** The search field, facets, sort and chips of one catalog page. */
export class Rail {
  constructor(catalog, words) {
    this.words = words;
    this.field = part(catalog, "find");
    this.sort = part(catalog, "sort");
    this.stars = part(catalog, "stars");
    this.marked = part(catalog, "marked");
    this.range = catalog.querySelector('[data-facet="max"] input');
    this.limit = part(catalog, "limit");
    this.found = part(catalog, "found");
    this.chip = part(catalog, "chip").content.firstElementChild;
    this.clear = part(catalog, "clear").content.firstElementChild;
    // The facets lie open where there is room beside the list.
    part(catalog, "rail").open = matchMedia("(min-width: 72.5em)").matches;
    this.steps = (this.range?.dataset.steps ?? "").split(" ").filter(Boolean).map(Number);
    this.boxes = FACETS.flatMap((facet) =>
      [...catalog.querySelectorAll(`[data-facet="${facet}"] input`)].map((box) => ({ facet, box })),
    );
  }

  /** The values that can be ticked, by facet. */
  get offered() {
    const offered = Object.fromEntries(FACETS.map((facet) => [facet, new Set()]));
    for (const { facet, box } of this.boxes) offered[facet].add(box.value);
    return offered;
  }

  /** The query as the controls stand; `before` keeps a limit that lies between the slider's steps. */
  read(before) {
    const query = { find: this.field.value, sort: this.sort.value, marked: Boolean(this.marked?.checked) };
    for (const facet of FACETS) query[facet] = [];
    for (const { facet, box } of this.boxes) if (box.checked) query[facet].push(box.value);
    query.stars = Number(this.stars?.value) || null;
    const moved = this.range && Number(this.range.value) !== this.#position(before.max);
    query.max = moved ? (this.steps[this.range.value] ?? null) : before.max;
    return query;
  }

  /** Set every control to the query. */
  show(query) {
    if (this.field.value.trim() !== query.find) this.field.value = query.find;
    this.sort.value = query.sort;
    for (const { facet, box } of this.boxes) box.checked = query[facet].includes(box.value);
    if (this.stars) this.stars.value = query.stars ?? "";
    if (this.marked) this.marked.checked = query.marked;
    if (this.range) this.range.value = this.#position(query.max);
    this.#showLimit(query.max);
  }

  /** Write what each box would leave, and bar those that would leave nothing. */
  count(counted) {
    for (const { facet, box } of this.boxes) this.#countBox(box, counted[facet][box.value] ?? 0);
    if (this.marked) this.#countBox(this.marked, counted.marked[1] ?? 0);
    for (const option of this.stars?.options ?? []) {
      option.disabled = Boolean(option.value) && !counted.stars[option.value] && !option.selected;
    }
  }

  /** One chip for every active filter; `change` takes the query that is left without it. */
  showChips(query, change) {
    const focused = [...this.found.querySelectorAll(".u-chip")].indexOf(document.activeElement);
    for (const old of this.found.querySelectorAll(".u-chip")) old.remove();
    const chips = this.#active(query).map(([label, without]) => this.#makeChip(label, () => change(without)));
    if (chips.length) {
      const clear = this.clear.cloneNode(true);
      clear.addEventListener("click", () => change(emptied(query)));
      chips.push(clear);
    }
    this.found.lastElementChild.before(...chips);
    if (focused >= 0) (chips[Math.min(focused, chips.length - 1)] ?? this.field).focus();
    this.#showLimit(query.max);
  }

  #active(query) {
    const ticked = this.boxes
      .filter(({ facet, box }) => query[facet].includes(box.value))
      .map(({ facet, box }) => [labelOf(box), { ...query, [facet]: query[facet].filter((v) => v !== box.value) }]);
    if (query.max) ticked.push([filled(this.words["chip-max"], { n: query.max }), { ...query, max: null }]);
    if (query.stars) {
      const stars = "★".repeat(query.stars);
      ticked.push([filled(this.words["chip-stars"], { stars }), { ...query, stars: null }]);
    }
    if (query.marked) ticked.push([this.marked ? labelOf(this.marked) : "☞", { ...query, marked: false }]);
    return ticked;
  }

  #makeChip(label, remove) {
    const chip = this.chip.cloneNode(true);
    const text = part(chip, "label");
    text.textContent = label.textContent ?? label;
    if (label.lang) text.lang = label.lang;
    chip.addEventListener("click", remove);
    return chip;
  }

  #countBox(box, n) {
    const written = part(box.parentElement, "n");
    if (written.textContent !== String(n)) written.textContent = n;
    box.disabled = n === 0 && !box.checked && box !== document.activeElement;
  }

  #position(max) {
    const step = this.steps.findIndex((minutes) => max !== null && minutes >= max);
    return step < 0 ? this.steps.length : step;
  }

  #showLimit(max) {
    if (!this.range) return;
    this.limit.textContent = max ? `${max}′` : this.words.any;
    this.range.setAttribute("aria-valuetext", this.limit.textContent);
  }
}

/** The same sort with nothing filtered. */
export function emptied(query) {
  const empty = { ...query, find: "", max: null, stars: null, marked: false };
  for (const facet of FACETS) empty[facet] = [];
  return empty;
}

function labelOf(box) {
  return part(box.parentElement, "label");
}
