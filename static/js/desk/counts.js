// How long each text is.
import { length } from "../characters.js";
import { form } from "./fields.js";

/** Shows the number of characters of each text of the form. */
export function count() {
  for (const box of form.querySelectorAll("textarea[data-empty]")) {
    const characters = length(box.value.trim());
    const place = form.querySelector(`[data-counts="${CSS.escape(box.id)}"]`);
    place.textContent = characters || box.dataset.empty;
    place.classList.toggle("empty", !characters);
  }
}
