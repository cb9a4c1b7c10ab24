// Where rows and records come from: the page itself when it holds them all, else slices that are
// fetched as text and made into elements only where they are shown.

const STEP = 20;
// Neither a row nor a record holds another row, so this ends each.
const END = "</tr>";

/** The facts of every resource, in reading order. */
export async function fetchFacts(address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${answer.status} for the facts`);
  return answer.json();
}

/** The page's own rows where these are all, else a shelf that fetches the others. */
export function shelfOf(body, dataset, signal) {
  const whole = new WholeShelf(body);
  return dataset.drawn === dataset.total ? whole : new SlicedShelf(whole, dataset, signal);
}

/** The rows that stand in the page, each with its record. */
class WholeShelf {
  step = Infinity;
  places = new Map();

  constructor(body) {
    this.pairs = new Map(pairsIn(body));
  }

  /** Nothing more is to come. */
  fill() {}

  /** The elements of these ids in order: rows, and the records that are there already. */
  async take(ids) {
    return ids.flatMap((id) => this.pairs.get(id) ?? []);
  }

  /** The record of a row. */
  async record(row) {
    return this.pairs.get(row.id)[1];
  }
}

/** Rows cut from slices by their places; those whose record is known stay as they are. */
class SlicedShelf {
  step = STEP;
  /** Where each id stands in the slices, once that is known. */
  places = new Map();

  /** `dataset` is the catalog element's: where the slices are and how much each holds. */
  constructor(whole, dataset, signal) {
    this.pairs = whole.pairs;
    const folder = new URL(dataset.slices, location.href);
    this.rows = new Slices(new URL("rows/", folder), Number(dataset.rowsEach), signal);
    this.records = new Slices(new URL("records/", folder), Number(dataset.recordsEach), signal);
    // The first slice holds what any first wish shows; the others wait until the facts are here.
    this.#fetch(1);
  }

  /** Fetch the other closed rows before they are asked for. */
  fill() {
    this.#fetch(this.places.size);
  }

  /** Unless the reader pays for every byte. */
  #fetch(total) {
    if (navigator.connection?.saveData) return;
    // What is missing for want of a connection is asked for again when it is to be shown.
    this.rows.fetchAll(total).catch(() => {});
  }

  async take(ids) {
    // Decided before waiting: a record may come meanwhile and make its row known.
    const known = ids.map((id) => this.pairs.get(id));
    const texts = ids.map((id, n) => (known[n] ? "" : this.rows.at(this.places.get(id))));
    const made = elements((await Promise.all(texts)).join(""));
    return known.flatMap((pair) => pair ?? made.shift());
  }

  async record(row) {
    if (!this.pairs.has(row.id)) {
      const [record] = elements(await this.records.at(this.places.get(row.id)));
      if (!this.pairs.has(row.id)) this.pairs.set(row.id, [row, record]);
    }
    return this.pairs.get(row.id)[1];
  }
}

/** Numbered files of one folder that hold so many rows each. */
export class Slices {
  #cut = new Map();

  constructor(folder, each, signal) {
    this.folder = folder;
    this.each = each;
    this.signal = signal;
  }

  /** The markup at a place; its slice is fetched if it is not here yet. */
  async at(place) {
    const cut = await this.#slice(Math.floor(place / this.each));
    return cut[place % this.each] + END;
  }

  /** Fetch what is not here yet, one slice after another and after all that is more urgent. */
  async fetchAll(total) {
    for (let n = 0; n * this.each < total; n++) await this.#slice(n, "low");
  }

  #slice(n, priority = "high") {
    if (!this.#cut.has(n)) this.#cut.set(n, this.#fetch(n, priority));
    return this.#cut.get(n);
  }

  async #fetch(n, priority) {
    try {
      const answer = await fetch(new URL(`${n}.html`, this.folder), { priority, signal: this.signal });
      if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
      return (await answer.text()).split(END);
    } catch (error) {
      this.#cut.delete(n);
      throw error;
    }
  }
}

function elements(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return [...template.content.children];
}

function* pairsIn(body) {
  for (const row of body.querySelectorAll("tr.u-row")) {
    const record = row.nextElementSibling;
    record.hidden = true;
    yield [row.id, [row, record]];
  }
}
