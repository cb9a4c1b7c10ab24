// Runs before the catalog page: notes when it is ready, and measures what a reader does on it.

const LONGEST = 20_000;

const frame = () => new Promise(requestAnimationFrame);

/** When the children of an element change; an error when they do not. */
function changed(element) {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error("the rows did not change")), LONGEST);
    const watcher = new MutationObserver(() => {
      watcher.disconnect();
      clearTimeout(timer);
      done();
    });
    watcher.observe(element, { childList: true });
  });
}

globalThis.measured = {
  ready: 0,

  /** A selector for each box that a reader can tick and that would leave something. */
  boxes() {
    const boxes = [...document.querySelectorAll('u-catalog [data-facet] input[type="checkbox"]:enabled')];
    return boxes
      .map((box) => [box.closest("[data-facet]").dataset.facet, box.value])
      .map(([facet, value]) => `[data-facet="${facet}"] input[value="${value}"]`);
  },

  /** The sorts on offer, the page's own first. */
  sorts() {
    return [...document.querySelectorAll('u-catalog [data-part="sort"] option')].map((option) => option.value);
  },

  /** Milliseconds from the act until the frame after the one that shows its rows. */
  async act({ control, value }) {
    const drawn = changed(document.querySelector('u-catalog [data-part="rows"]'));
    const touched = document.querySelector(`u-catalog ${control}`);
    const start = performance.now();
    if (value) {
      touched.value = value;
      touched.dispatchEvent(new Event("input", { bubbles: true }));
    } else touched.click();
    await drawn;
    await frame();
    await frame();
    return performance.now() - start;
  },

  /** Take the act back and wait for its rows: a box is pressed again, a sort goes to the page's own. */
  undo({ control, value }) {
    return measured.act({ control, value: value && measured.sorts()[0] });
  },
};

new MutationObserver((_, watcher) => {
  if (!document.querySelector("u-catalog[data-ready]")) return;
  watcher.disconnect();
  measured.ready = performance.now();
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-ready"] });
