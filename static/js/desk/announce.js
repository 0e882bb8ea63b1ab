// Telling news to whoever cannot see it.
const heard = document.getElementById("heard");

/** The words that the page has for some news: `added`, `removed`. */
export const words = heard.dataset;

/** Has a screen reader say this, even if it is what it said last. */
export function say(text) {
  heard.textContent = "";
  setTimeout(() => { heard.textContent = text; }, 50);
}
