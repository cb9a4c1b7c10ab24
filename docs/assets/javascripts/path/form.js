// The controls of the wish: they show one, and tell it when a reader changes them.

/** The form of one Path page. */
export class Form {
  constructor(form) {
    this.form = form;
  }

  /** All that can be chosen; languages in the order that the page likes best. */
  get offered() {
    const { goal, lang } = this.form.elements;
    const languages = lang?.options[0].value.split(" ") ?? [];
    const boxes = (name) => this.#boxes(name).map((box) => box.value);
    const goals = [...goal.options].map((option) => option.value).filter(Boolean);
    const were = ({ value, dataset }) => (dataset.was?.split(" ") ?? []).map((former) => [former, value]);
    const renamed = new Map([...goal.options].flatMap(were));
    return { goals, renamed, languages, kinds: boxes("kind"), reach: boxes("reach") };
  }

  /** The wish as the controls stand. */
  read() {
    const { goal, lang, week } = this.form.elements;
    const ticked = (name) => this.#boxes(name).filter((box) => box.checked).map((box) => box.value).sort();
    return {
      goal: goal.value,
      languages: lang?.value.split(" ") ?? [],
      kinds: ticked("kind"),
      reach: ticked("reach"),
      week: week.validity.valid ? Number(week.value) || null : null,
    };
  }

  /** Set every control to the wish. */
  show(wish) {
    const { goal, lang, week } = this.form.elements;
    goal.value = wish.goal;
    if (lang) this.#showLanguages(lang, wish.languages);
    if (week !== document.activeElement) week.value = wish.week ?? "";
    for (const box of this.#boxes("kind")) box.checked = wish.kinds.includes(box.value);
    for (const box of this.#boxes("reach")) box.checked = wish.reach.includes(box.value);
  }

  /** An address may name an order of languages that no option has; it gets one of its own. */
  #showLanguages(select, languages) {
    const value = languages.join(" ");
    const known = [...select.options].some((option) => option.value === value);
    if (!known) select.append(new Option(languages.join(" → "), value));
    select.value = value;
  }

  #boxes(name) {
    return [...this.form.querySelectorAll(`input[type="checkbox"][name="${name}"]`)];
  }
}
