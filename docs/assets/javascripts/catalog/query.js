// Which resources a reader asks for. The twin of tools/model/query.py; tests/cases/query.yml holds
// both to one table. Facts are the objects of facets.json, in reading order.

// The reader's own progress is known only here: it is no facet in Python.
export const FACETS = ["topic", "kind", "lang", "level", "with", "link", "progress"];
const SORTS = ["order", "stars", "shortest", "newest", "title", "added"];
// Spelled out, because Python and JavaScript disagree on what \s holds.
const SPACE = /[ \t\r\n\f\v\u00a0\u3000]+/g;
const VALUE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MINUTES = /^[1-9][0-9]{0,4}$/;
const STARS = /^[1-5]$/;
const NONE = [];
const BIT = { find: 1, max: 2, stars: 4, marked: 8, topic: 16, kind: 32, lang: 64, level: 128, with: 256, link: 512, progress: 1024 };

/** Text as searching compares it: one width, lower case, no accents. */
export function fold(text) {
  return text.normalize("NFKC").toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "").normalize("NFC");
}

/** The query an address asks for; unknown keys and malformed values say nothing. */
export function fromParams(text) {
  const params = new URLSearchParams(text);
  // As in Python's parse_qsl, a key without a value says nothing.
  const said = (key) => params.getAll(key).filter(Boolean);
  const first = (key) => said(key)[0] ?? "";
  const number = (key, shape) => (shape.test(first(key)) ? Number(first(key)) : null);
  const query = { find: plain(first("find")), max: number("max", MINUTES), stars: number("stars", STARS) };
  for (const facet of FACETS) query[facet] = [...new Set(said(facet))].filter((value) => VALUE.test(value)).sort();
  const sort = SORTS.includes(first("sort")) ? first("sort") : "order";
  return { ...query, marked: first("marked") === "1", sort };
}

/** The query as the part of an address after `?`, the same for the same wish. */
export function toParams(query) {
  const params = new URLSearchParams();
  // Not `q`: the site's own search opens itself on every page whose address has one.
  if (plain(query.find)) params.append("find", plain(query.find));
  for (const facet of FACETS) for (const value of [...query[facet]].sort()) params.append(facet, value);
  if (query.max) params.append("max", query.max);
  if (query.stars) params.append("stars", query.stars);
  if (query.marked) params.append("marked", "1");
  if (query.sort !== "order") params.append("sort", query.sort);
  return params.toString();
}

/**
 * What answers the query: the facts in its order, what a sort lacks last; and how many resources
 * each value would leave, given all that other facets ask. Both from one pass.
 */
export function answer(facts, query) {
  const { places, orders } = indexOf(facts);
  const missed = missing(facts, places, query);
  const order = (orders[query.sort] ??= ordered(facts, query.sort));
  const found = order.filter((place) => missed[place] === 0);
  return { found: Array.from(found, (place) => facts[place]), counts: counted(places, missed) };
}

/** Each step makes ready a part of what answering needs, so that the first answer comes as fast. */
export function* preparing(facts, query) {
  for (const sort of SORTS) yield answer(facts, { ...query, sort });
}

/** For each fact the bits of what the query asks and the fact does not have. */
function missing(facts, places, query) {
  const missed = new Uint16Array(facts.length);
  const asked = { ...query, stars: query.stars ? [query.stars] : NONE, marked: query.marked ? [1] : NONE };
  for (const facet in places) {
    if (!asked[facet].length) continue;
    for (let place = 0; place < missed.length; place++) missed[place] |= BIT[facet];
    for (const value of asked[facet]) {
      for (const place of places[facet].get(value) ?? NONE) missed[place] &= ~BIT[facet];
    }
  }
  const terms = fold(query.find).split(SPACE).filter(Boolean);
  if (!terms.length && query.max === null) return missed;
  facts.forEach((fact, place) => {
    if (!terms.every((term) => fact.text.includes(term))) missed[place] |= BIT.find;
    if (query.max !== null && !(fact.minutes <= query.max)) missed[place] |= BIT.max;
  });
  return missed;
}

/** For each value how many of those that have it miss nothing else. */
function counted(places, missed) {
  const counts = {};
  for (const facet in places) {
    const left = (place) => missed[place] === 0 || missed[place] === BIT[facet];
    const numbers = Array.from(places[facet], ([value, having]) => [value, having.filter(left).length]);
    counts[facet] = Object.fromEntries(numbers);
  }
  return counts;
}

// Made once and kept with its facts: who has what, and every order that was asked for.
const indexes = new WeakMap();

function indexOf(facts) {
  if (!indexes.has(facts)) indexes.set(facts, { places: placesOf(facts), orders: {} });
  return indexes.get(facts);
}

/** Facts changed in this facet: who has what is looked up anew. */
export function renewFacet(facts, facet) {
  indexOf(facts).places[facet] = placesOf(facts, [facet])[facet];
}

/** By facet and value the places of the facts that have it; with four stars one has three too. */
function placesOf(facts, facets = [...FACETS, "stars", "marked"]) {
  const places = Object.fromEntries(facets.map((facet) => [facet, new Map()]));
  facts.forEach((fact, place) => {
    const add = (byValue, value) => byValue.get(value)?.push(place) ?? byValue.set(value, [place]);
    for (const facet of facets) for (const value of valuesOf(fact, facet)) add(places[facet], value);
  });
  return places;
}

/** The places of the facts in the order of a sort; ties stand in reading order. */
function ordered(facts, sort) {
  return Uint32Array.from(facts.keys()).sort((a, b) => COMPARE[sort](facts[a], facts[b]) || a - b);
}

const COMPARE = {
  order: () => 0,
  stars: (a, b) => (b.stars ?? 0) - (a.stars ?? 0),
  shortest: (a, b) => (a.minutes ?? Infinity) - (b.minutes ?? Infinity) || 0,
  newest: (a, b) => byText(b.published ?? "", a.published ?? ""),
  title: (a, b) => byText(a.title, b.title),
  added: (a, b) => byText(b.added, a.added),
};

function byText(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function valuesOf(fact, facet) {
  if (facet === "stars") return Array.from({ length: fact.stars ?? 0 }, (_, n) => n + 1);
  if (facet === "marked") return fact.marked ? [1] : NONE;
  const value = fact[facet];
  return value === undefined ? NONE : Array.isArray(value) ? value : [value];
}

function plain(words) {
  return words.replace(SPACE, " ").replace(/^ | $/g, "");
}
