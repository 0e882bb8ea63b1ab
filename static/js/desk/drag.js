// A set's questions put in order by dragging one at its grip.
import { placeAt, scrollBy } from "./drop_place.js";

const drag = { list: null, item: null, before: "" };

const questionsOf = (list) => [...list.querySelectorAll(":scope > [data-id]")];
const orderOf = (list) => questionsOf(list).map((one) => one.dataset.id).join(" ");

// Where the pointer is decides before which question the dragged one stands.
function follow(event) {
  const others = questionsOf(drag.list).filter((one) => one !== drag.item);
  const at = placeAt(event.clientY, others.map((one) => one.getBoundingClientRect()));
  const next = others[at] ?? null;
  if (next !== drag.item.nextElementSibling) drag.list.insertBefore(drag.item, next);
  const distance = scrollBy(event.clientY, window.innerHeight);
  if (distance) window.scrollBy(0, distance);
}

function drop(isCancelled) {
  const { list, item, before } = drag;
  item.classList.remove("dragged");
  drag.item = null;
  const after = orderOf(list);
  if (after === before) return;
  if (isCancelled) {
    for (const id of before.split(" ")) list.append(document.getElementById(`question-${id}`));
    return;
  }
  const form = document.getElementById("order");
  form.elements.order.value = after;
  form.elements.moved.value = item.dataset.id;
  form.requestSubmit();
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button !== 0 || !document.getElementById("order")) return;
  event.preventDefault();
  drag.item = grip.closest("[data-id]");
  drag.list = drag.item.parentElement;
  drag.before = orderOf(drag.list);
  drag.item.classList.add("dragged");
});
document.addEventListener("pointermove", (event) => {
  if (drag.item) follow(event);
});
document.addEventListener("pointerup", () => {
  if (drag.item) drop(false);
});
document.addEventListener("pointercancel", () => {
  if (drag.item) drop(true);
});
