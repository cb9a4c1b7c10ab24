// What the header does beyond Material: buttons for its hidden boxes, Escape for the drawer, quiet landmarks.

const switches = () => document.querySelectorAll("button[data-switch]");
const buttonOf = (box) => document.querySelector(`button[data-switch="${box.id}"]`);
const boxOf = (button) => document.getElementById(button.dataset.switch);

function sayState() {
  for (const button of switches()) {
    button.setAttribute("aria-expanded", String(Boolean(boxOf(button)?.checked)));
  }
}

function press(event) {
  const button = event.target instanceof Element && event.target.closest("button[data-switch]");
  if (button) boxOf(button)?.click();
}

// Opened, the search is where one types; closed, one is back at its button.
function followSearch({ target }) {
  if (target.id !== "__search") return;
  if (target.checked) document.querySelector("[data-md-component=search-query]")?.focus();
  else buttonOf(target)?.focus();
}

function closeDrawer(event) {
  const drawer = document.getElementById("__drawer");
  if (event.key !== "Escape" || !drawer?.checked) return;
  drawer.click();
  buttonOf(drawer)?.focus();
}

// Material wraps each copy button in a nav of its own; as landmarks they would all be called the same.
function quietCopyButtons() {
  for (const nav of document.querySelectorAll("nav.md-code__nav")) nav.setAttribute("role", "none");
}

document.addEventListener("click", press);
document.addEventListener("change", sayState);
document.addEventListener("change", followSearch);
document.addEventListener("keydown", closeDrawer);
window.document$?.subscribe(quietCopyButtons);
sayState();
