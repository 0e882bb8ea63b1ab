// A passage of a document: its place in characters of the document, end excluded.
import { length } from "../characters.js";

/** As many characters as a quote may have. */
const MOST = 600;

/**
 * The passage between two points, each `start`, the place where its line begins in the document, and
 * `before`, the text of the line before the point. Null if nothing is between them.
 */
export function passageBetween(from, to) {
  const start = from.start + length(from.before), end = to.start + length(to.before);
  return end > start ? { start, end } : null;
}

/** Whether a passage is too long for a quote. */
export const isTooLong = ({ start, end }) => end - start > MOST;

/** What asks the server to make a passage of a document evidence. */
export const useOf = (slug, { start, end }) => `use:${slug}:${start}-${end}`;

function textBefore(line, node, offset) {
  const before = document.createRange();
  before.setStart(line, 0);
  before.setEnd(node, offset);
  return before.toString();
}

// A triple click, or a drag past the end, reaches out of the document it began in.
function onlyPaper(range, documents) {
  const papers = [...documents.querySelectorAll("[data-document]")];
  const touched = papers.filter((paper) => range.intersectsNode(paper));
  return touched.length === 1 ? touched[0] : null;
}

/**
 * The passage that is selected within one of the documents: its slug, start, end and range; null
 * where none is. Lines are <p data-start> within [data-document].
 */
export function selectedPassage(selection, documents) {
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0), around = range.commonAncestorContainer;
  const paper = (around.closest ? around : around.parentElement).closest("[data-document]")
    ?? onlyPaper(range, documents);
  if (!paper || !documents.contains(paper)) return null;
  const lines = [...paper.querySelectorAll("p[data-start]")].filter((line) => range.intersectsNode(line));
  if (!lines.length) return null;
  const first = lines[0], last = lines.at(-1);
  const from = first.contains(range.startContainer)
    ? textBefore(first, range.startContainer, range.startOffset) : "";
  const to = last.contains(range.endContainer)
    ? textBefore(last, range.endContainer, range.endOffset) : last.textContent;
  const passage = passageBetween(
    { start: Number(first.dataset.start), before: from },
    { start: Number(last.dataset.start), before: to },
  );
  // What the selection itself gives as its text is widened to whole letters, accents included.
  const hasText = lines.length > 1 || range.toString().trim();
  return hasText && passage ? { slug: paper.dataset.document, ...passage, range } : null;
}
