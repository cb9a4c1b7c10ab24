// Which resources a reader asks for. The twin of tools/model/query.py; tests/cases/query.yml holds
// both to one table. Facts are the objects of facets.json, in reading order.

export const FACETS = ["topic", "kind", "lang", "level", "with"];
const SORTS = ["order", "stars", "shortest", "newest", "title", "added"];
// Spelled out, because Python and JavaScript disagree on what \s holds.
const SPACE = /[ \t\r\n\f\v\u00a0\u3000]+/g;
const VALUE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MINUTES = /^[1-9][0-9]{0,4}$/;
const STARS = /^[1-5]$/;
const NONE = [];
const BIT = { find: 1, max: 2, stars: 4, marked: 8, topic: 16, kind: 32, lang: 64, level: 128, with: 256 };

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
  const misses = missing(query);
  const missed = Uint16Array.from(facts, misses);
  const found = orderOf(facts, query.sort).filter((place) => missed[place] === 0);
  return { found: Array.from(found, (place) => facts[place]), counts: counted(facts, missed) };
}

function counted(facts, missed) {
  const counts = Object.fromEntries([...FACETS, "stars", "marked"].map((facet) => [facet, {}]));
  facts.forEach((fact, place) => {
    const adds = (facet) => (missed[place] === 0 || missed[place] === BIT[facet] ? 1 : 0);
    for (const facet of FACETS) for (const value of valuesOf(fact, facet)) add(counts[facet], value, adds(facet));
    for (let n = 1; n <= (fact.stars ?? 0); n++) add(counts.stars, n, adds("stars"));
    if (fact.marked) add(counts.marked, 1, adds("marked"));
  });
  return counts;
}

/** A function from a fact to the bits of what the query asks and the fact does not have. */
function missing(query) {
  const terms = fold(query.find).split(SPACE).filter(Boolean);
  const asked = FACETS.filter((facet) => query[facet].length).map((facet) => [facet, query[facet]]);
  return (fact) => {
    let missed = terms.every((term) => fact.text.includes(term)) ? 0 : BIT.find;
    for (const [facet, wanted] of asked) {
      if (!valuesOf(fact, facet).some((value) => wanted.includes(value))) missed |= BIT[facet];
    }
    if (query.max !== null && !(fact.minutes <= query.max)) missed |= BIT.max;
    if (query.stars !== null && !(fact.stars >= query.stars)) missed |= BIT.stars;
    if (query.marked && !fact.marked) missed |= BIT.marked;
    return missed;
  };
}

// Sorting thousands takes longer than asking; every order is made once and kept with its facts.
const orders = new WeakMap();

/** The places of the facts in the order of a sort; ties stand in reading order. */
function orderOf(facts, sort) {
  if (!orders.has(facts)) orders.set(facts, {});
  const made = orders.get(facts);
  made[sort] ??= Uint32Array.from(facts.keys()).sort((a, b) => COMPARE[sort](facts[a], facts[b]) || a - b);
  return made[sort];
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
  const value = fact[facet];
  return value === undefined ? NONE : Array.isArray(value) ? value : [value];
}

function add(counted, value, n) {
  counted[value] = (counted[value] ?? 0) + n;
}

function plain(words) {
  return words.replace(SPACE, " ").replace(/^ | $/g, "");
}
