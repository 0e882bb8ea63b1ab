// A set's questions put in order: dragged by the grip, or moved by the buttons with the focus kept.
// The buttons work without this file; a preview's projector moves on by the arrow key.
"use strict";

const tools = { list: null, item: null, before: "" };

function questionsOf(list) {
  return [...list.querySelectorAll(":scope > [data-id]")];
}

// Where the pointer is decides before which question the dragged one stands.
function follow(event) {
  const others = questionsOf(tools.list).filter((one) => one !== tools.item);
  const next = others.find((one) => {
    const box = one.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  });
  if (next !== tools.item.nextElementSibling) tools.list.insertBefore(tools.item, next ?? null);
  const edge = 60;
  if (event.clientY < edge) window.scrollBy(0, -12);
  if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
}

function drop(cancelled) {
  const { list, item, before } = tools;
  item.classList.remove("dragged");
  tools.item = null;
  const after = questionsOf(list).map((one) => one.dataset.id).join(" ");
  if (after === before) return;
  if (cancelled) {
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
  tools.item = grip.closest("[data-id]");
  tools.list = tools.item.parentElement;
  tools.before = questionsOf(tools.list).map((one) => one.dataset.id).join(" ");
  tools.item.classList.add("dragged");
});
document.addEventListener("pointermove", (event) => {
  if (tools.item) follow(event);
});
document.addEventListener("pointerup", () => {
  if (tools.item) drop(false);
});
document.addEventListener("pointercancel", () => {
  if (tools.item) drop(true);
});

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

// A presenter's clicker, as in a room.
document.addEventListener("keydown", (event) => {
  if (!["PageDown", "ArrowRight"].includes(event.key) || event.repeat) return;
  const next = document.querySelector(".controls-bar .submit, .controls-bar .next");
  if (!next || event.target.closest("input, select, .sources, .scroll")) return;
  event.preventDefault();
  next.click();
});
