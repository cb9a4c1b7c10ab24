// The progress of this page's reader, the same on every page of the site and in both languages.

import { Journal } from "./journal.js";
import { Memory } from "./memory.js";

let opened = null;

/**
 * The journal of this page's reader, the same every time: `.state` by subject, `.subscribe(fn)`,
 * `.record({subject, status})`. Its `fleeting` tells that nothing lasts longer than the page.
 */
export function open() {
  return (opened ??= start(document.getElementById("u-progress").dataset));
}

function start({ site, renamed }) {
  const storage = storageHere();
  const journal = new Journal(storage ?? new Memory(), site, {
    locks: navigator.locks ?? null,
    renamed: new Map(Object.entries(JSON.parse(renamed))),
  });
  journal.fleeting = !storage;
  addEventListener("storage", () => journal.hear());
  addEventListener("pageshow", ({ persisted }) => persisted && journal.hear());
  addEventListener("pagehide", () => journal.devices.release());
  return journal;
}

/** The browser's storage, unless the reader bars pages from it. */
function storageHere() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
