// A round by keyboard: 1-3 choose the verdict, 4-7 how sure, Enter answers or goes on. The form and
// the links work without this file.
import { openFiles, reopen } from "../open_files.js";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const radio = document.querySelector(`#item input[data-digit="${CSS.escape(event.key)}"]`);
  if (radio) {
    radio.checked = true;
    radio.focus({ preventScroll: true });
    event.preventDefault();
    return;
  }
  // Enter on a link, button or summary does what that element does; elsewhere it moves the round on.
  if (event.key === "Enter" && !event.target.closest("a, button, summary, select")) {
    if (event.repeat) return event.preventDefault();  // a key held down would skip the explanation
    const onward = document.querySelector("#item .next, #item .submit");
    if (onward) {
      event.preventDefault();
      onward.click();
    }
  }
});

// The question that the page came with is no news.
const first = document.getElementById("item");
if (first) first.dataset.seen = "yes";

// A form that comes back with an error keeps open what was open.
let open = [];
document.addEventListener("htmx:before:swap", () => {
  open = openFiles(document.querySelectorAll("#item details"));
});

// After a swap, put the reader where the news is, and name the page after it.
document.addEventListener("htmx:after:swap", () => {
  const item = document.getElementById("item");
  document.getElementById("sources")?.focus({ preventScroll: true });  // where a file was opened
  const news = item?.querySelector("[data-focus]");
  if (!item || !news || item.dataset.seen) return;
  item.dataset.seen = "yes";
  document.title = item.querySelector("[data-title]")?.dataset.title ?? document.title;
  const error = item.querySelector(".error");
  if (error) {
    reopen(item.querySelectorAll("details"), open);
    // To the group that the error describes; the one of a missing sentence stands far below it.
    item.querySelector(`[aria-describedby="${error.id}"] input`)?.focus();
    error.scrollIntoView({ block: "center" });
    return;
  }
  window.scrollTo({ top: 0 });
  news.focus({ preventScroll: true });
});
