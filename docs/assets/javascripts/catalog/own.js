// The reader's own progress as a facet of the catalog.

import { open } from "../progress/store.js";
import { renewFacet } from "./query.js";

/** The value of a resource that the reader has not marked. */
const NOT_YET = "not-yet";

/**
 * Write the reader's status into every fact, now and after each change until the signal ends it. Rows
 * stay where they are until the reader asks anew; `changed` lets the numbers follow at once.
 */
export function followProgress(facts, signal, changed) {
  const journal = open();
  const put = () => {
    for (const fact of facts) fact.progress = journal.state.get(`resource/${fact.id}`)?.status ?? NOT_YET;
    renewFacet(facts, "progress");
  };
  put();
  const stop = journal.subscribe(() => {
    put();
    changed();
  });
  signal.addEventListener("abort", stop);
}
