// The language switch keeps the place: query and hash go along.

/** The partner page's address with the query and hash of the page being read. */
export function partnerAddress(partner, here) {
  const there = new URL(partner, here);
  const { search, hash } = new URL(here);
  there.search = search;
  there.hash = hash;
  return there.href;
}

function carryPlace(event) {
  const link = event.target instanceof Element && event.target.closest("a[data-partner]");
  if (link) link.href = partnerAddress(link.href, location.href);
}

// Just before the link is used, because filters and hashes change without a new page.
if (typeof document !== "undefined") {
  for (const kind of ["pointerdown", "focusin", "click"]) {
    document.addEventListener(kind, carryPlace, true);
  }
}
