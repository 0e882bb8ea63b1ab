// A phone shows one pane of the editor at a time.
const editor = document.querySelector(".editor"), buttons = document.querySelectorAll("[data-pane]");

/** Shows the pane of this name. */
export function showPane(name) {
  editor.dataset.shows = name;
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(button.dataset.pane === name));
  }
}

/** Lets the buttons switch. */
export function switchPanes() {
  for (const button of buttons) button.addEventListener("click", () => showPane(button.dataset.pane));
}
