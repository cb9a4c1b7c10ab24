// What a reader asks of the path, as an address says it.

const VALUE = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MINUTES = /^[1-9][0-9]{0,3}$|^10000$/;

/**
 * The wish an address asks for; what makes no sense, or is not offered, says nothing. Languages keep
 * their order; `offered.languages` are the page's own choice, taken where the address names none.
 */
export function fromParams(text, offered) {
  const params = new URLSearchParams(text);
  const some = (key, known) => [...new Set(params.getAll(key))].filter((one) => VALUE.test(one) && known.includes(one));
  const languages = some("lang", offered.languages);
  const goal = params.get("goal") ?? "";
  const week = params.get("week") ?? "";
  return {
    goal: offered.goals.includes(goal) ? goal : (offered.renamed.get(goal) ?? ""),
    languages: languages.length ? languages : offered.languages,
    kinds: some("kind", offered.kinds).sort(),
    reach: some("reach", offered.reach).sort(),
    week: MINUTES.test(week) ? Number(week) : null,
  };
}

/** The wish as the part of an address after `?`: what the page would choose by itself is not said. */
export function toParams(wish, offered) {
  const params = new URLSearchParams();
  if (wish.goal) params.append("goal", wish.goal);
  const own = wish.languages.join() === offered.languages.join();
  if (!own) for (const language of wish.languages) params.append("lang", language);
  for (const kind of wish.kinds) params.append("kind", kind);
  for (const place of wish.reach) params.append("reach", place);
  if (wish.week) params.append("week", wish.week);
  return params.toString();
}
