// The page's address and the query it asks for, kept in step.

import { FACETS, fromParams, toParams } from "./query.js";

const SETTLED = 250;

/** The address of one catalog page: `offered` are the values that its rail can show. */
export class Address {
  #timer = 0;
  #waiting = null;
  #seen = location.href;
  #page = location.pathname;

  constructor(offered) {
    this.offered = offered;
  }

  /** Whether the address changed since it was last asked or written; one step can report twice. */
  get moved() {
    if (location.pathname !== this.#page) return false;
    const moved = location.href !== this.#seen;
    this.#seen = location.href;
    return moved;
  }

  /** The query of the address as it is now, less what this catalog does not have. */
  read() {
    const query = fromParams(location.search);
    for (const facet of FACETS) query[facet] = query[facet].filter((value) => this.offered[facet]?.has(value));
    return query;
  }

  /** The id that the address points at, or nothing. */
  get id() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  }

  /** A step that the Back button undoes. */
  push(query, id = "") {
    this.flush();
    const address = addressOf(query, id);
    if (address !== addressOf(this.read(), this.id)) history.pushState(history.state, "", address);
    this.#seen = location.href;
  }

  /** The same step told better, such as another letter typed; browsers bar doing it too often. */
  replaceSoon(query) {
    clearTimeout(this.#timer);
    this.#waiting = query;
    this.#timer = setTimeout(() => this.flush(), SETTLED);
  }

  /** The same step under another address. */
  replace(query, id = "") {
    this.cancel();
    if (location.pathname !== this.#page) return;
    history.replaceState(history.state, "", addressOf(query, id));
    this.#seen = location.href;
  }

  /** Write what is still waiting, now. */
  flush() {
    if (this.#waiting) this.replace(this.#waiting);
  }

  /** Forget what is waiting: the address belongs to another page, or to another step. */
  cancel() {
    clearTimeout(this.#timer);
    this.#waiting = null;
  }
}

/** Where this page shows the query, without the host. */
export function addressOf(query, id = "") {
  const params = toParams(query);
  return location.pathname + (params && `?${params}`) + (id && `#${encodeURIComponent(id)}`);
}
