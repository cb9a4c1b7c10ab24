// A path as Markdown text, to keep in a note of one's own.

const ACTIVE = /[\\`*_[\]<>#|~]/g;

/** Text in which Markdown finds nothing of its own. */
const plain = (text) => text.trim().replace(/\s+/g, " ").replace(ACTIVE, "\\$&");

/** An address that no bracket of it can end. */
const address = (url) => url.replace(/[()\s<>]/g, (found) => encodeURIComponent(found).replace("(", "%28").replace(")", "%29"));

/**
 * `title`, `url` and `totals` of the whole; a step has its own `title`, `url` and `why` and lines with
 * `title`, `url`, `minutes` as text, and `why`.
 */
export function markdownOf({ title, url, totals, steps }) {
  const head = [`# [${plain(title)}](${address(url)})`, "", plain(totals)];
  const body = steps.flatMap((step, n) => [
    "",
    `${n + 1}. [${plain(step.title)}](${address(step.url)}): ${plain(step.why)}`,
    ...step.lines.map((line) => `   - [ ] [${plain(line.title)}](${address(line.url)})${extra(line)}`),
  ]);
  return `${[...head, ...body].join("\n")}\n`;
}

function extra({ minutes, why }) {
  return [minutes ? `, ${plain(minutes)}` : "", why ? `: ${plain(why)}` : ""].join("");
}

/** What stands in a Path page, as `markdownOf` takes it. */
export function readPage(page, url) {
  const at = (root, selector) => root.querySelector(selector);
  const words = (root, selector) => at(root, selector)?.textContent ?? "";
  const several = (root, selector) => [...root.querySelectorAll(selector)].filter((one) => !one.hidden);
  const joined = (root, selector) => several(root, selector).map((one) => one.textContent.trim()).join("; ");
  const line = (one) => ({
    title: words(one, ".u-title"),
    url: (at(one, '[data-part="archive"]') ?? at(one, ".u-title")).href,
    minutes: words(one, ".u-minutes").trim(),
    why: joined(one, '[data-part="reasons"] > li'),
  });
  const step = (leg) => ({
    title: words(leg, '[data-part="title"]'),
    url: at(leg, '[data-part="title"]').href,
    why: joined(leg, ":scope > .u-label > span"),
    lines: several(leg, '[data-part="reading"] > li, [data-part="code"] > li').map(line),
  });
  const steps = several(page, '[data-part="steps"] > li').map(step);
  return { title: words(page, "h1"), url, totals: joined(page, '[data-part="totals"] > li'), steps };
}
