// Where rows come from: the page itself when it holds them all, else slices fetched when needed.

const KEPT = 40;
const STEP = 50;

/** The facts of every resource, in reading order. */
export async function fetchFacts(address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${answer.status} for the facts`);
  return answer.json();
}

/** The rows that stand in the page. */
export class WholeShelf {
  step = Infinity;

  constructor(body) {
    this.pairs = new Map(pairsIn(body));
  }

  /** Row and record of each id, in order. */
  async take(ids) {
    return ids.map((id) => this.pairs.get(id)).filter(Boolean);
  }
}

/** Rows in pre-rendered slices of reading order; the last ones used are kept. */
export class SlicedShelf {
  step = STEP;
  #slices = new Map();

  constructor(address, size, places) {
    this.address = address;
    this.size = size;
    this.places = places;
  }

  async take(ids) {
    const slices = await Promise.all(ids.map((id) => this.#slice(Math.floor(this.places.get(id) / this.size))));
    return ids.map((id, n) => slices[n].get(id)).filter(Boolean);
  }

  #slice(n) {
    const slice = this.#slices.get(n) ?? this.#fetch(n);
    this.#slices.delete(n);
    this.#slices.set(n, slice);
    if (this.#slices.size > KEPT) this.#slices.delete(this.#slices.keys().next().value);
    return slice;
  }

  async #fetch(n) {
    try {
      const answer = await fetch(new URL(`${n}.html`, this.address));
      if (!answer.ok) throw new Error(`${answer.status} for slice ${n}`);
      const template = document.createElement("template");
      template.innerHTML = await answer.text();
      return new Map(pairsIn(template.content));
    } catch (error) {
      this.#slices.delete(n);
      throw error;
    }
  }
}

function* pairsIn(root) {
  for (const row of root.querySelectorAll("tr.u-row")) {
    const record = row.nextElementSibling;
    record.hidden = true;
    yield [row.id, [row, record]];
  }
}
