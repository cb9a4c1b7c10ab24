// What the page gives to scripts: its words, its markup to copy, and where its language begins.

/** A phrase with its words in braces filled in. */
export function filled(phrase, values = {}) {
  return phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** A phrase of the progress scripts. */
export function say(name, values) {
  return filled(words()[name], values);
}

/** A copy of one part of the page's markup for progress. */
export function copyOf(name) {
  return part(page().content, name).cloneNode(true);
}

/** The part of that name below an element. */
export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

/** An address below the root of the page's language. */
export function addressOf(path) {
  return page().dataset.home + path;
}

let said = null;

function words() {
  return (said ??= JSON.parse(page().dataset.words));
}

function page() {
  return document.getElementById("u-progress");
}
