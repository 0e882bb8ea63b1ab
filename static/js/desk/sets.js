// A set's questions put in order: dragged by the grip, or moved by the buttons with the focus kept.
// The buttons work without this file.
import "./drag.js";

// Which button moved a question, so that the next press finds it under the same finger.
let pressed = "";
document.addEventListener("click", (event) => {
  pressed = event.target.closest("button[name=by]")?.id ?? "";
});
document.addEventListener("htmx:after:swap", () => {
  const news = document.getElementById("questions")?.dataset.news;
  const told = document.getElementById("moved");
  if (!news || !told) return;
  told.textContent = news;
  const button = document.getElementById(pressed);
  const other = button?.disabled ? button.form.querySelector("button:not(:disabled)") : button;
  other?.focus({ preventScroll: true });
  other?.closest("[data-id]").scrollIntoView({ block: "nearest" });
});
