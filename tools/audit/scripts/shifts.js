// Adds up the layout shifts that no hand of the reader caused, from the first moment on.
(() => {
  const shifts = [];
  const named = (node) => {
    const element = node?.nodeType === 1 ? node : node?.parentElement;
    return element ? [element.localName, ...element.classList].join(".") : "";
  };
  const keep = (entries) => {
    for (const entry of entries) {
      if (!entry.hadRecentInput) shifts.push([entry.value, named(entry.sources[0]?.node)]);
    }
  };
  const observer = new PerformanceObserver((list) => keep(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  window.__shifts = () => {
    keep(observer.takeRecords());
    const largest = shifts.toSorted((a, b) => b[0] - a[0])[0];
    return [shifts.reduce((sum, [value]) => sum + value, 0), largest ? largest[1] : ""];
  };
})();
