// Why a resource stands in its list: only what the path shows comes with the page.

/** The sentences of one Path page, fetched once when the first of them is missing. */
export class Gists {
  #coming = null;

  constructor(page) {
    this.page = page;
  }

  /** Give every resource of the path its sentence; one that does not come is not missed. */
  async fill() {
    const bare = () => [...this.page.querySelectorAll('[data-part="reading"] [data-part="gist"]:empty')];
    if (!bare().length) return;
    this.#coming ??= fetch(new URL(this.page.dataset.gists, location.href)).then((answer) => answer.json());
    const gists = await this.#coming.catch(() => ({}));
    for (const gist of bare()) {
      const resource = gist.closest("li").dataset.subject.replace("resource/", "");
      gist.textContent = gists[gist.closest(".u-leg").id]?.[resource] ?? "";
    }
  }
}
