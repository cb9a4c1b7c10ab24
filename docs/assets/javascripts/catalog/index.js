// The catalog page's element. This small file is on every page; the rest comes where one stands.

class Catalog extends HTMLElement {
  #page = null;

  async connectedCallback() {
    const { Page } = await import("./page.js");
    if (!this.isConnected || this.#page) return;
    this.#page = new Page(this);
    this.#page.load();
  }

  disconnectedCallback() {
    this.#page?.stop();
    this.#page = null;
  }
}

if (!customElements.get("u-catalog")) customElements.define("u-catalog", Catalog);
