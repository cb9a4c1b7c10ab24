// Two plots from the same weeks: resources read so far as steps, minutes a week as bars.

const SVG = "http://www.w3.org/2000/svg";
const [WIDE, LEFT, RIGHT] = [460, 32, 454];
const [STEPS, BARS] = [{ top: 26, foot: 176 }, { top: 226, foot: 282 }];

/** The drawing of these weeks; `phrases` names it and tells it in a sentence. */
export function chart(weeks, phrases) {
  const drawing = element("svg", { viewBox: `0 0 ${WIDE} 310`, role: "img", "aria-labelledby": "chart-title chart-says" });
  const wide = (RIGHT - LEFT) / weeks.length;
  const most = Math.max(1, ...weeks.map(({ minutes }) => minutes));
  drawing.append(
    element("title", { id: "chart-title" }, phrases.say("chart")),
    element("desc", { id: "chart-says" }, sentence(weeks, phrases)),
    ...grid(weeks.at(-1).read),
    steps(weeks, wide),
    element("text", { x: RIGHT, y: STEPS.top - 8, class: "f-b f-tsig f-e" }, phrases.say("chart-total", { n: weeks.at(-1).read })),
    element("text", { x: LEFT, y: 206, class: "f-s" }, phrases.say("chart-minutes")),
    ...weeks.flatMap(({ minutes }, n) => bar(minutes, LEFT + n * wide, wide, most)),
    element("path", { class: "f-axis", d: `M${LEFT} ${BARS.foot}H${RIGHT}` }),
    ...labels(weeks, wide, phrases),
  );
  return drawing;
}

function grid(read) {
  const step = gap(read);
  const lines = Array.from({ length: Math.floor(top(read) / step) + 1 }, (_, n) => n * step);
  return lines.flatMap((value) => [
    element("path", { class: "f-grid", d: `M${LEFT} ${height(value, read)}H${RIGHT}` }),
    element("text", { x: LEFT - 8, y: height(value, read) + 4, class: "f-s f-e" }, value),
  ]);
}

function steps(weeks, wide) {
  const last = weeks.at(-1).read;
  const line = weeks.map(({ read }, n) => `${n ? "V" : `M${LEFT} `}${height(read, last)}H${round(LEFT + (n + 1) * wide)}`);
  return element("path", { class: "f-flow", d: line.join("") });
}

function bar(minutes, x, wide, most) {
  if (!minutes) return [];
  const high = (BARS.foot - BARS.top) * (minutes / most);
  const box = { x: round(x + wide * 0.14), y: round(BARS.foot - high), width: round(wide * 0.72), height: round(high) };
  return [
    element("rect", { ...box, class: "f-bar" }),
    element("text", { x: round(x + wide / 2), y: round(BARS.foot - high - 5), class: "f-s f-c f-tiny" }, minutes),
  ];
}

/** The first day, the last, and what fits between. */
function labels(weeks, wide, phrases) {
  const every = Math.ceil(weeks.length / 4);
  const shown = weeks.map((week, n) => [week, n]).filter(([, n]) => n % every === 0);
  return shown.map(([{ begins }, n]) =>
    element("text", { x: round(LEFT + n * wide), y: 302, class: "f-s" }, phrases.day(begins)),
  );
}

function sentence(weeks, phrases) {
  const [a, b] = [weeks[0], weeks.at(-1)];
  const most = Math.max(...weeks.map(({ minutes }) => minutes));
  const [first, last] = [phrases.day(a.begins), phrases.day(b.begins)];
  return phrases.say("chart-long", { a: a.read, first, b: b.read, last, most });
}

/** A round number between the lines of the grid, of which there are three to six. */
function gap(read) {
  return [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((step) => read / step <= 5) ?? 10_000;
}

function top(read) {
  return Math.max(gap(read), Math.ceil(read / gap(read)) * gap(read));
}

function height(value, read) {
  return round(STEPS.foot - (STEPS.foot - STEPS.top) * (value / top(read)));
}

function round(number) {
  return Math.round(number * 10) / 10;
}

function element(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}
