// Runs before the page: puts a reader's events where the site keeps them, and measures what follows.

const scripts = (name) => import(new URL(`/assets/javascripts/progress/${name}.js`, location.href));
const site = () => document.getElementById("u-progress").dataset.site;
const frame = () => new Promise(requestAnimationFrame);

globalThis.measured = {
  /** Keep these events as a page of the site would. */
  keep(events) {
    localStorage.setItem(`${site()}/progress/bench`, events);
  },

  /** Milliseconds to read all events and draw the Progress page from them, its layout included. */
  async shown() {
    const [{ Journal }, { draw }, { fetchSubjects }, { Phrases }] = await Promise.all(
      ["journal", "dashboard/draw", "subjects", "dashboard/voice"].map(scripts),
    );
    const page = document.querySelector("u-dashboard");
    const subjects = await fetchSubjects();
    const phrases = new Phrases(JSON.parse(page.dataset.words), document.documentElement.lang);
    await frame();
    const start = performance.now();
    draw(page, { journal: new Journal(localStorage, site()), subjects, phrases, now: new Date(), review: true });
    document.body.getBoundingClientRect();
    return performance.now() - start;
  },

  /** Milliseconds from a changed status until the frame after the one that shows it. */
  async click() {
    const select = document.querySelector("u-progress:not([detail]) select");
    const value = select.value === "done" ? "reading" : "done";
    const shown = new Promise((done) => {
      new MutationObserver(done).observe(select.parentElement, { attributeFilter: ["data-s"] });
    });
    const start = performance.now();
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await shown;
    await frame();
    await frame();
    return performance.now() - start;
  },
};
