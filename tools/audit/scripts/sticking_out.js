// The elements that make a narrow page scroll sideways, at most five, folded parts opened.
() => {
  for (const folded of document.querySelectorAll("main details")) folded.open = true;
  const room = document.documentElement.clientWidth;
  const width = document.documentElement.scrollWidth;
  if (width <= room) return [];
  const framed = (element) => {
    for (let around = element.parentElement; around && around !== document.body; ) {
      if (getComputedStyle(around).overflowX !== "visible") return true;
      around = around.parentElement;
    }
    return false;
  };
  const name = (element) => [element.localName, ...element.classList].join(".");
  const wide = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().right > room + 0.5 && !framed(element),
  );
  return [`the page is ${width} px wide`, ...wide.slice(0, 5).map(name)];
}
