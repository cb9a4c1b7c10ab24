// The Path page's element. This small file is on every page; the rest comes where one stands.

class PathElement extends HTMLElement {
  #page = null;

  async connectedCallback() {
    if (!this.querySelector('[data-part="wish"]')) return;
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

if (!customElements.get("u-path")) customElements.define("u-path", PathElement);
