// Selecting a passage of a document: by mouse, by finger, or sentence by sentence with the arrow
// keys. Places are counted in characters as the server counts them: in code points.
"use strict";

(() => {
  const bar = document.getElementById("selection-bar");
  if (!bar) return;
  const count = document.getElementById("selection-count");
  let chosen = null;

  const documents = () => document.getElementById("documents");
  const length = (text) => [...text].length;

  // The place of a point of the page within its line's document.
  function placeOf(line, node, offset) {
    const before = document.createRange();
    before.setStart(line, 0);
    before.setEnd(node, offset);
    return Number(line.dataset.start) + length(before.toString());
  }

  // The selected passage, or null where none is selected within one document.
  function selected() {
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0), around = range.commonAncestorContainer;
    const paper = (around.closest ? around : around.parentElement).closest("[data-document]")
      ?? onlyPaper(range);
    if (!paper || !documents().contains(paper)) return null;
    const lines = [...paper.querySelectorAll("p[data-start]")].filter((line) => range.intersectsNode(line));
    if (!lines.length) return null;
    const first = lines[0], last = lines.at(-1);
    const start = first.contains(range.startContainer)
      ? placeOf(first, range.startContainer, range.startOffset) : Number(first.dataset.start);
    const end = last.contains(range.endContainer)
      ? placeOf(last, range.endContainer, range.endOffset)
      : Number(last.dataset.start) + length(last.textContent);
    const text = lines.length > 1 || selection.toString().trim();
    return text && end > start ? { slug: paper.dataset.document, start, end, range } : null;
  }
  // A triple click, or a drag past the end, reaches out of the document it began in.
  function onlyPaper(range) {
    const papers = [...document.querySelectorAll("#documents [data-document]")];
    const touched = papers.filter((paper) => range.intersectsNode(paper));
    return touched.length === 1 ? touched[0] : null;
  }

  function show() {
    chosen = selected();
    bar.hidden = !chosen;
    if (!chosen) return;
    const size = chosen.end - chosen.start;
    count.textContent = size > 600 ? count.dataset.long : "";
    document.getElementById("use-selection").disabled = size > 600;
    if (window.matchMedia("(max-width: 61.99rem)").matches) {
      bar.style.removeProperty("top");
      bar.style.removeProperty("left");
      return;
    }
    const rects = [...chosen.range.getClientRects()], box = rects.at(-1) ?? chosen.range.getBoundingClientRect();
    const top = Math.min(box.bottom + 8, window.innerHeight - bar.offsetHeight - 8);
    const left = Math.min(box.right, window.innerWidth - bar.offsetWidth - 8);
    bar.style.top = `${Math.max(8, top)}px`;
    bar.style.left = `${Math.max(8, left - bar.offsetWidth / 2)}px`;
  }

  function drop() {
    window.getSelection().removeAllRanges();
    bar.hidden = true;
    chosen = null;
  }

  function use() {
    if (!chosen || document.getElementById("use-selection").disabled) return;
    const { slug, start, end } = chosen;
    drop();
    desk.send(`use:${slug}:${start}-${end}`);
  }

  for (const news of ["mouseup", "touchend", "keyup"]) {
    document.addEventListener(news, (event) => {
      if (!bar.contains(event.target) && event.key !== "Enter" && event.key !== "Escape") setTimeout(show);
    });
  }
  let settling = 0;  // a finger drags the ends of a selection without letting us know
  document.addEventListener("selectionchange", () => {
    clearTimeout(settling);
    settling = setTimeout(() => { if (!bar.contains(document.activeElement)) show(); }, 250);
  });
  document.addEventListener("scroll", () => { if (!bar.hidden) show(); }, { capture: true, passive: true });
  bar.addEventListener("mousedown", (event) => event.preventDefault());  // the selection stays
  document.getElementById("use-selection").addEventListener("click", use);
  document.getElementById("drop-selection").addEventListener("click", drop);

  // Enter takes what is selected; where it has a meaning of its own, it keeps that.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !bar.hidden) drop();
    if (event.key !== "Enter" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("a, button, input, textarea, select, summary")) return;
    if (event.target.classList.contains("sentence") && !selected()) select(event.target, event.target);
    show();
    if (chosen) { event.preventDefault(); use(); }
  });

  // Sentence by sentence: one of them is in the order of the Tab key, the arrows move on.
  let anchor = null;
  const sentences = () => [...documents().querySelectorAll(".sentence")].filter((one) => one.checkVisibility?.() ?? true);

  function reachable() {
    for (const paper of documents().querySelectorAll("[data-document]")) {
      const all = paper.querySelectorAll(".sentence");
      for (const one of all) one.tabIndex = -1;
      if (all.length) all[0].tabIndex = 0;
    }
  }
  function select(from, to) {
    const isForward = !(from.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_PRECEDING);
    const [first, last] = isForward ? [from, to] : [to, from];
    window.getSelection().setBaseAndExtent(first, 0, last, last.childNodes.length);
  }
  document.addEventListener("keydown", (event) => {
    const here = event.target.closest?.(".sentence");
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    if (!here || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!(event.key in steps) && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    const all = sentences(), at = all.indexOf(here);
    const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : at + steps[event.key];
    const next = all[Math.max(0, Math.min(all.length - 1, to))];
    const sameFile = next.closest("[data-document]") === (anchor ?? next).closest("[data-document]");
    anchor = event.shiftKey && anchor?.isConnected && sameFile ? anchor : event.shiftKey && sameFile ? here : next;
    here.tabIndex = -1;
    next.tabIndex = 0;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    select(anchor, next);
  });
  desk.documentsAreNew = () => { anchor = null; reachable(); };
  reachable();
})();
