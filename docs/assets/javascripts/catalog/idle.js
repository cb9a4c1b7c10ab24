// Work that can wait until the page has nothing else to do.

const soon = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 1));

/** Take one step after another, each in a quiet moment, until there is none or the signal ends it. */
export async function whenIdle(steps, signal) {
  do await new Promise((done) => soon(done));
  while (!signal.aborted && !steps.next().done);
}
