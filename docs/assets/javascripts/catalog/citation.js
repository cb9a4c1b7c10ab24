// The button beside a citation: its text to the clipboard, or selected where that is not to be had.

const SHOWN = 2000;
const waiting = new WeakMap();

/** Whether the clipboard took the text; pages without https have none, and readers may refuse it. */
export async function put(text, clipboard) {
  try {
    await clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

async function copy(button) {
  const citation = button.closest("section").querySelector("pre");
  const copied = await put(citation.textContent, navigator.clipboard);
  if (!copied) getSelection().selectAllChildren(citation);
  tell(button, copied ? button.dataset.copied : button.dataset.selected);
}

/** Say what was done on the button for a while, and in the page's live region. */
function tell(button, done) {
  const label = button.querySelector('[data-part="label"]');
  button.dataset.label ??= label.textContent;
  label.textContent = done;
  clearTimeout(waiting.get(button));
  waiting.set(button, setTimeout(() => (label.textContent = button.dataset.label), SHOWN));
  const live = button.closest("u-catalog")?.querySelector('[data-part="live"]');
  if (live) live.textContent = button.textContent;
}

// On the document, because records come and go with their rows and pages with their element.
if (typeof document !== "undefined") {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest(".u-copy");
    if (button) copy(button);
  });
}
