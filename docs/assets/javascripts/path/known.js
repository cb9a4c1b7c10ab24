// What the reader knows, by subject. The one place where the Path page meets the reader's progress.

import { open } from "../progress/store.js";

/** The reader's statuses as a Map from subject to status, and word of every change of them. */
export function openKnown() {
  const store = open();
  const statuses = () => new Map([...store.state].map(([subject, { status }]) => [subject, status]));
  return { statuses, subscribe: (act) => store.subscribe(act) };
}
