// Selecting a passage of a document: by mouse, by finger, or sentence by sentence with the arrow
// keys; a bar offers to use it as evidence.
import { send } from "./autosave.js";
import { placeBelow } from "./bar_place.js";
import { isTooLong, selectedPassage, useOf } from "./passage.js";
import { selectSentences } from "./sentences.js";

const bar = document.getElementById("selection-bar");
const count = document.getElementById("selection-count");
const useButton = document.getElementById("use-selection");
let chosen = null, settling = 0;

const selected = () => selectedPassage(window.getSelection(), document.getElementById("documents"));

function show() {
  chosen = selected();
  bar.hidden = !chosen;
  if (!chosen) return;
  useButton.disabled = isTooLong(chosen);
  count.textContent = useButton.disabled ? count.dataset.long : "";
  if (window.matchMedia("(max-width: 61.99rem)").matches) {
    bar.style.removeProperty("top");
    bar.style.removeProperty("left");
    return;
  }
  const box = [...chosen.range.getClientRects()].at(-1) ?? chosen.range.getBoundingClientRect();
  const size = { width: bar.offsetWidth, height: bar.offsetHeight };
  const place = placeBelow(box, size, { width: window.innerWidth, height: window.innerHeight });
  bar.style.top = `${place.top}px`;
  bar.style.left = `${place.left}px`;
}

function drop() {
  window.getSelection().removeAllRanges();
  bar.hidden = true;
  chosen = null;
}

function use() {
  if (!chosen || useButton.disabled) return;
  const act = useOf(chosen.slug, chosen);
  drop();
  send(act);
}

// Enter takes what is selected; where it has a meaning of its own, it keeps that.
function press(event) {
  if (event.key === "Escape" && !bar.hidden) drop();
  if (event.key !== "Enter" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("a, button, input, textarea, select, summary")) return;
  if (event.target.classList.contains("sentence") && !selected()) selectSentences(event.target, event.target);
  show();
  if (chosen) { event.preventDefault(); use(); }
}

/** Shows the bar wherever a passage is selected. */
export function selectPassages() {
  for (const news of ["mouseup", "touchend", "keyup"]) {
    document.addEventListener(news, (event) => {
      if (!bar.contains(event.target) && event.key !== "Enter" && event.key !== "Escape") setTimeout(show);
    });
  }
  // A finger drags the ends of a selection without letting us know.
  document.addEventListener("selectionchange", () => {
    clearTimeout(settling);
    settling = setTimeout(() => { if (!bar.contains(document.activeElement)) show(); }, 250);
  });
  document.addEventListener("scroll", () => { if (!bar.hidden) show(); }, { capture: true, passive: true });
  bar.addEventListener("mousedown", (event) => event.preventDefault());  // the selection stays
  useButton.addEventListener("click", use);
  document.getElementById("drop-selection").addEventListener("click", drop);
  document.addEventListener("keydown", press);
}
