// The sentences of the documents by keyboard: one of them is in the order of the Tab key, the arrows
// move on, with Shift they select.
import { nextPlace } from "./arrows.js";

let anchor = null;
const documents = () => document.getElementById("documents");
const sentences = () =>
  [...documents().querySelectorAll(".sentence")].filter((one) => one.checkVisibility?.() ?? true);

/** Selects from one sentence to another, both included, in either order. */
export function selectSentences(from, to) {
  const isForward = !(from.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_PRECEDING);
  const [first, last] = isForward ? [from, to] : [to, from];
  window.getSelection().setBaseAndExtent(first, 0, last, last.childNodes.length);
}

/** The documents have come anew: the first sentence of each can be reached. */
export function renewSentences() {
  anchor = null;
  for (const paper of documents().querySelectorAll("[data-document]")) {
    const all = paper.querySelectorAll(".sentence");
    for (const one of all) one.tabIndex = -1;
    if (all.length) all[0].tabIndex = 0;
  }
}

function walk(event) {
  const here = event.target.closest?.(".sentence");
  if (!here || event.ctrlKey || event.altKey || event.metaKey) return;
  const all = sentences(), to = nextPlace(event.key, all.indexOf(here), all.length);
  if (to === null) return;
  event.preventDefault();
  const next = all[to];
  const isSameFile = next.closest("[data-document]") === (anchor ?? next).closest("[data-document]");
  if (!event.shiftKey || !isSameFile) anchor = next;
  else if (!anchor?.isConnected) anchor = here;
  here.tabIndex = -1;
  next.tabIndex = 0;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  selectSentences(anchor, next);
}

/** Lets the arrows walk. */
export function walkSentences() {
  document.addEventListener("keydown", walk);
  renewSentences();
}
