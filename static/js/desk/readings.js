// After a claim or a comment is saved in place, the focus stays where it was sent from: on what has
// to be mended, else on the button or the field that `data-focus` marks.
import { isUnsaved } from "./reading_form.js";

let sentFrom = "";

// A verdict chosen but not saved is saved before the reading is finished, and not left behind.
const unsaved = () =>
  [...document.querySelectorAll(".blind-claim form")].filter((form) => isUnsaved([...form.elements]));
let finishing = null;
document.addEventListener("submit", (event) => {
  if (event.target.id !== "finish" || !unsaved().length) return;
  event.preventDefault();
  finishing = event.target;
  for (const form of unsaved()) form.requestSubmit();
});
window.addEventListener("beforeunload", (event) => {
  if (!finishing && unsaved().length) event.preventDefault();
});
document.addEventListener("htmx:after:swap", () => {
  if (!document.querySelector(".blind-claim .error")) document.querySelector("#finish .error")?.remove();
  if (!finishing || unsaved().length) return;
  const form = finishing;
  finishing = null;
  if (!document.querySelector(".blind-claim .error")) form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  sentFrom = event.target.closest("[id]:not(form)")?.id ?? "";
});
document.addEventListener("htmx:after:swap", () => {
  const place = document.getElementById(sentFrom);
  sentFrom = "";
  (place?.querySelector("[aria-invalid], fieldset[aria-describedby] input") ?? place?.querySelector("[data-focus]"))?.focus();
});
