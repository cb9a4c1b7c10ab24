// A storage that lasts as long as the page, for browsers that give pages none.

/** As much of the browser's Storage as progress asks for. */
export class Memory {
  #values = new Map();

  get length() {
    return this.#values.size;
  }

  key(n) {
    return [...this.#values.keys()][n] ?? null;
  }

  getItem(key) {
    return this.#values.get(key) ?? null;
  }

  setItem(key, value) {
    this.#values.set(key, String(value));
  }

  removeItem(key) {
    this.#values.delete(key);
  }
}
