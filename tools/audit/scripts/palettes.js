// Which of the expected palettes a reader can have: the one in use and those behind a switch.
(expected) => {
  const switches = [...document.querySelectorAll("input[data-md-color-scheme]")];
  const offered = [document.body, ...switches].map((element) => element.dataset.mdColorScheme);
  return expected.filter((palette) => offered.includes(palette));
}
