// What the reader decided about progress on this device; it is no part of the progress itself.

/** The settings: `keys` and `review` are "on" or "off", `exported` says when and how many events. */
export function settings() {
  try {
    return { keys: "on", review: "off", exported: null, ...JSON.parse(localStorage.getItem(key())) };
  } catch {
    return { keys: "on", review: "off", exported: null };
  }
}

/** Change some of them; where nothing can be stored they stay as they are. */
export function decide(changed) {
  try {
    localStorage.setItem(key(), JSON.stringify({ ...settings(), ...changed }));
  } catch {
    // Nothing is lost but a preference.
  }
}

function key() {
  return `${document.getElementById("u-progress").dataset.site}/settings`;
}
