// Puts a palette on as its switch would, opens what is folded, lets nothing be half-faded;
// tells whether the palette is on.
async (palette) => {
  const still = document.createElement("style");
  still.textContent = "*, ::before, ::after { transition: none !important; animation: none !important }";
  document.head.append(still);
  if (document.body.dataset.mdColorScheme !== palette) {
    const inputs = [...document.querySelectorAll(`input[data-md-color-scheme="${palette}"]`)];
    // The switch that follows the system has a palette too, but does not choose it.
    inputs.find((input) => input.dataset.mdColorMedia !== "(prefers-color-scheme)")?.click();
  }
  for (const folded of document.querySelectorAll("main details")) folded.open = true;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return document.body.dataset.mdColorScheme === palette;
}
