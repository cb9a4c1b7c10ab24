// Runs before every page: fills the reader's journal, and measures what a reader then waits for.

const frame = () => new Promise(requestAnimationFrame);

globalThis.marking = {
  /** Milliseconds after the start of the page at which the dashboard stood. */
  ready: 0,

  /** Keep events as pages keep them, in pieces of a hundred. */
  async keep(events) {
    const [{ Kept }, { eventOf }] = await Promise.all([
      import("/assets/javascripts/progress/kept.js"),
      import("/assets/javascripts/progress/events.js"),
    ]);
    const { site } = document.getElementById("u-progress").dataset;
    const kept = new Kept(localStorage, site);
    for (const event of events) kept.append(eventOf(event));
    return localStorage.length;
  },

  /** Milliseconds from choosing a status until the frame after the one that shows it was kept. */
  async choose(status) {
    const select = document.querySelector("u-progress select");
    const toast = document.querySelector('[data-part="toast"]:not([hidden])');
    if (toast) toast.hidden = true;
    const start = performance.now();
    select.value = status;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    while (select.parentElement.dataset.s !== status) await frame();
    await frame();
    return performance.now() - start;
  },
};

new MutationObserver((_, watcher) => {
  if (!document.querySelector("u-dashboard[data-ready]")) return;
  watcher.disconnect();
  requestAnimationFrame(() => (marking.ready = performance.now()));
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-ready"] });
