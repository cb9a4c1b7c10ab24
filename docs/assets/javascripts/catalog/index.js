// The catalog page's element. This small file is on every page; the rest comes where one stands.

class Catalog extends HTMLElement {
  #stop = null;

  async connectedCallback() {
    const { start } = await import("./start.js");
    if (this.isConnected && !this.#stop) this.#stop = start(this);
  }

  disconnectedCallback() {
    this.#stop?.();
    this.#stop = null;
  }
}

if (!customElements.get("u-catalog")) customElements.define("u-catalog", Catalog);
