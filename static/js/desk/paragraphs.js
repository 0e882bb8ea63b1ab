// Which paragraphs of a document are meant: selecting text fills in the first and the last.

/** The lines of the document's text that a range reaches into. */
function linesOf(range) {
  return [...document.querySelectorAll("#document-text .line")].filter((line) => {
    // A selection that only ends where a line begins does not mean that line.
    const text = line.querySelector(".line-text").firstChild;
    const inside = document.createRange();
    inside.selectNodeContents(text);
    return range.compareBoundaryPoints(Range.END_TO_START, inside) < 0
      && range.compareBoundaryPoints(Range.START_TO_END, inside) > 0;
  });
}

/** Keeps the form that marks paragraphs, the selection and what is shown as chosen in step. */
export function markParagraphs(bar) {
  function showChosen() {
    const [from, to] = [bar.elements.from.value, bar.elements.to.value].map(Number);
    for (const line of document.querySelectorAll("#document-text .line")) {
      const number = Number(line.dataset.number);
      line.classList.toggle("chosen", Math.min(from, to) <= number && number <= Math.max(from, to));
    }
  }
  bar.addEventListener("input", showChosen);

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed || !selection.toString().trim()) return;
    const lines = linesOf(selection.getRangeAt(0));
    if (!lines.length) return;
    bar.elements.from.value = lines[0].dataset.number;
    bar.elements.to.value = lines.at(-1).dataset.number;
    bar.classList.add("is-used");
    showChosen();
  });

  document.addEventListener("htmx:after:swap", () => {
    const text = document.getElementById("document-text");
    if (text?.dataset.said) document.getElementById("mark-status").textContent = text.dataset.said;
    if (text) showChosen();
  });
}
