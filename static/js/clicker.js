// A presenter's clicker sends the keys of paging; the arrow key does the same.
const KEYS = ["PageDown", "ArrowRight"];

/** Lets the clicker press what the selector finds, at most once in `pause` milliseconds. */
export function pressByClicker(selector, pause = 0) {
  let pressed = 0;
  document.addEventListener("keydown", (event) => {
    if (!KEYS.includes(event.key) || event.repeat) return;
    const next = document.querySelector(selector);
    if (!next || event.target.closest("input, select, .sources, .scroll")) return;
    event.preventDefault();
    if (Date.now() - pressed < pause) return;
    pressed = Date.now();
    next.click();
  });
}
