// Puts a path into the page: every topic and resource stands there already and is moved to its place.

const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

/** The list of steps and the totals of one Path page. */
export class View {
  constructor(page, said) {
    this.page = page;
    this.said = said;
    this.list = part(page, "steps");
    this.legs = new Map([...this.list.children].map((leg) => [leg.dataset.subject, new Leg(leg, said)]));
  }

  /** Show the path in place of the one before. */
  show(path) {
    const shown = path.steps.map((step) => this.legs.get(`topic/${step.topic}`));
    path.steps.forEach((step, n) => shown[n].show(step));
    for (const leg of this.legs.values()) leg.element.hidden = !shown.includes(leg);
    // Only where the order changes: moving what has the focus would lose it.
    const order = shown.map((leg) => leg.element);
    const now = [...this.list.children].filter((element) => !element.hidden);
    if (order.some((element, n) => element !== now[n])) this.list.append(...order);
    this.#showTotals(path);
    this.#showKnown(path);
  }

  #showTotals({ steps, minutes, unmeasured, weeks }) {
    const { said } = this;
    const write = (name, text) => (part(this.page, name).textContent = text);
    write("topics", steps.length);
    write("topics-word", said.topics(steps.length));
    write("time", said.time(minutes, unmeasured > 0));
    write("unmeasured", said.phrase("unmeasured", { n: unmeasured }));
    part(this.page, "unmeasured").hidden = !unmeasured;
    write("weeks-n", unmeasured && weeks ? said.phrase("weeks-least", { n: weeks }) : (weeks ?? ""));
    write("weeks-word", said.phrase(weeks === 1 ? "weeks-one" : "weeks"));
    part(this.page, "weeks").hidden = weeks === null || !steps.length;
  }

  /** The topics that are left out, each with the way to its page and the reason. */
  #showKnown({ known, steps }) {
    const [before, after] = this.said.words.aside.split("{what}");
    const said = known.flatMap(({ subject, reason }, n) => {
      const link = this.legs.get(subject).title.cloneNode(true);
      link.removeAttribute("data-part");
      return [n ? this.said.words.comma : "", link, before, ...this.said.reason(reason), after];
    });
    part(this.page, "known-topics").replaceChildren(...said);
    part(this.page, "known").hidden = !known.length;
    part(this.page, "none").hidden = steps.length > 0;
  }
}

/** One topic of the page. */
class Leg {
  constructor(element, said) {
    this.element = element;
    this.said = said;
    this.title = part(element, "title");
    const listed = element.querySelectorAll('[data-part="reading"] > li, [data-part="left"] > li');
    this.resources = new Map([...listed].map((one) => [one.dataset.subject, one]));
    this.snippets = [...part(element, "code").children];
  }

  /** Its resources where the step wants them, with the reasons. */
  show(step) {
    part(this.element, "reason").replaceChildren(...this.said.reason(step.reason));
    this.#write("week", step.week ? this.said.phrase("in-week", { n: step.week }) : "");
    const none = this.resources.size ? "none-fits" : "none-listed";
    this.#write("empty", step.reading.length ? "" : this.said.phrase(none));
    this.#place("reading", step.reading.map(({ subject, reasons }) => [subject, reasons]));
    this.#place("left", step.leftOut.map(({ subject, reason }) => [subject, [reason]]));
    part(this.element, "rest").hidden = !step.leftOut.length;
    part(this.element, "count").textContent = this.said.phrase("left-out", { n: step.leftOut.length });
    for (const snippet of this.snippets) {
      snippet.hidden = snippet.dataset.subject !== step.snippet?.subject;
      if (!snippet.hidden) this.#explain(snippet, step.snippet.reasons);
    }
  }

  #write(name, text) {
    const place = part(this.element, name);
    place.textContent = text;
    place.hidden = !text;
  }

  #place(name, chosen) {
    const list = part(this.element, name);
    const lines = chosen.map(([subject]) => this.resources.get(subject));
    chosen.forEach(([, reasons], n) => this.#explain(lines[n], reasons));
    if (lines.some((line, n) => line !== list.children[n])) list.append(...lines);
  }

  #explain(line, reasons) {
    const why = reasons.map((reason) => {
      const item = document.createElement("li");
      item.append(...this.said.reason(reason));
      return item;
    });
    part(line, "reasons").replaceChildren(...why);
  }
}
