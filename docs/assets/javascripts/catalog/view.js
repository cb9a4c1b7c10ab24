// The list of rows: which stand in the table, how many, and which are open.

const MOST_UNASKED = 400;

/** The table's rows; `shelf` gives them by id. */
export class List {
  #ids = [];
  #end = 0;
  #latest = 0;

  constructor(body, more, none, shelf) {
    this.body = body;
    this.more = more;
    this.none = none;
    this.shelf = shelf;
    this.watcher = new IntersectionObserver(([seen]) => {
      if (seen.isIntersecting && this.#end < MOST_UNASKED) this.extend();
    });
    this.adopt([...shelf.pairs.keys()]);
  }

  /** Stop following the page. */
  stop() {
    this.watcher.disconnect();
    this.#latest++;
  }

  /** Take the rows of the page for the first of these ids, without drawing anything. */
  adopt(ids) {
    this.#ids = ids;
    this.#end = this.shelf.pairs.size;
    this.#showEnd();
  }

  /** Show the rows of these ids; `first` stands above the others if it is further down than fits. */
  async show(ids, first = "") {
    const late = first && ids.indexOf(first) >= this.shelf.step;
    this.#ids = late ? [first, ...ids.filter((id) => id !== first)] : ids;
    this.#end = Math.min(this.shelf.step, ids.length);
    await this.#take(0, (rows) => this.body.replaceChildren(...rows));
  }

  /** Show the next rows below. */
  async extend() {
    const start = this.#end;
    if (start >= this.#ids.length) return;
    this.#end = Math.min(start + this.shelf.step, this.#ids.length);
    await this.#take(start, (rows) => this.body.append(...rows));
  }

  /** Open or close one row; a record that is not in the page is fetched first. */
  async toggle(row, open = !row.classList.contains("is-open")) {
    const record = await this.shelf.record(row);
    if (record.previousElementSibling !== row) row.after(record);
    record.hidden = !open;
    row.classList.toggle("is-open", open);
    row.querySelector(".u-open").setAttribute("aria-expanded", String(open));
  }

  /** Open the row of an id, bring it into sight and give it the focus. */
  async reveal(id) {
    const row = document.getElementById(id);
    if (!row || !this.body.contains(row)) return;
    await this.toggle(row, true);
    row.scrollIntoView({ block: "start", behavior: "instant" });
    row.querySelector(".u-open").focus({ preventScroll: true });
  }

  /** The title of a row in the table, or its id while it is not there. */
  titleOf(id) {
    return document.getElementById(id)?.querySelector(".u-title")?.textContent ?? id;
  }

  /** Keys that work while the focus is in a row: j and k move, o opens. */
  press(event) {
    const row = event.target.closest("tr.u-row");
    if (!row || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const step = { j: nextRow, k: previousRow }[event.key];
    if (step) step(row)?.querySelector(".u-open").focus();
    else if (event.key === "o") row.querySelector(".u-open").click();
    else return;
    // Material's own keys would otherwise hear it too.
    event.preventDefault();
    event.stopPropagation();
  }

  async #take(start, put) {
    const turn = ++this.#latest;
    const rows = await this.shelf.take(this.#ids.slice(start, this.#end));
    if (turn !== this.#latest) return;
    put(rows);
    this.#showEnd();
  }

  #showEnd() {
    this.none.hidden = this.#ids.length > 0;
    this.more.hidden = this.#end >= this.#ids.length;
    // Watching anew reports at once when the button is still in sight after the rows came.
    this.watcher.unobserve(this.more);
    if (!this.more.hidden) this.watcher.observe(this.more);
  }
}

function nextRow(row, towards = "nextElementSibling") {
  let other = row[towards];
  // Between two rows stands the record of the first, if it was ever opened.
  while (other && !other.matches(".u-row")) other = other[towards];
  return other;
}

function previousRow(row) {
  return nextRow(row, "previousElementSibling");
}
