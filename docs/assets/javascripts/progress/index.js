// Whatever on a page has to do with the reader's progress. This small file is on every page; the
// rest comes where it is needed. Each module's `arrive` brings an element to life and returns how it ends.

const PARTS = {
  "u-progress": "./control.js",
  "u-now": "./now.js",
  "u-dashboard": "./dashboard/page.js",
};

for (const [name, module] of Object.entries(PARTS)) {
  if (customElements.get(name)) continue;
  customElements.define(
    name,
    class extends HTMLElement {
      #leave = null;

      async connectedCallback() {
        const { arrive } = await import(module);
        if (this.isConnected) this.#leave ??= arrive(this);
      }

      disconnectedCallback() {
        this.#leave?.();
        this.#leave = null;
      }
    },
  );
}

/** Maps and lists of topics show how far one is in each; the Path page has its own way to. */
async function markTopics() {
  if (document.querySelector("[data-subject]:not(u-path *)")) (await import("./marks.js")).mark();
}

if (window.document$) window.document$.subscribe(markTopics);
else markTopics();
