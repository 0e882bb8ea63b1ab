// A trainer's documents. Selecting text fills in which paragraphs are meant; a file says its name
// and size before it is sent, and that it is being read. The pages work without this file.
"use strict";

// What is known of a document is saved by its button: nobody leaves without a word.
(() => {
  const form = document.querySelector(".document-form");
  let written = false;
  form?.addEventListener("input", () => { written = true; });
  form?.addEventListener("submit", () => { written = false; });
  window.addEventListener("beforeunload", (event) => { if (written) event.preventDefault(); });
})();

(() => {
  const bar = document.getElementById("mark");
  if (bar) {
    const chosen = () => {
      const [from, to] = [bar.elements.from.value, bar.elements.to.value].map(Number);
      for (const line of document.querySelectorAll("#document-text .line")) {
        const number = Number(line.dataset.number);
        line.classList.toggle("chosen", Math.min(from, to) <= number && number <= Math.max(from, to));
      }
    };
    bar.addEventListener("input", chosen);

    document.addEventListener("selectionchange", () => {
      const selection = document.getSelection();
      if (!selection.rangeCount || selection.isCollapsed || !selection.toString().trim()) return;
      const range = selection.getRangeAt(0);
      const lines = [...document.querySelectorAll("#document-text .line")].filter((line) => {
        // A selection that only ends where a line begins does not mean that line.
        const text = line.querySelector(".line-text").firstChild;
        const inside = document.createRange();
        inside.selectNodeContents(text);
        return range.compareBoundaryPoints(Range.END_TO_START, inside) < 0
          && range.compareBoundaryPoints(Range.START_TO_END, inside) > 0;
      });
      if (!lines.length) return;
      bar.elements.from.value = lines[0].dataset.number;
      bar.elements.to.value = lines.at(-1).dataset.number;
      bar.classList.add("is-used");
      chosen();
    });

    document.addEventListener("htmx:after:swap", () => {
      const text = document.getElementById("document-text");
      if (text?.dataset.said) document.getElementById("mark-status").textContent = text.dataset.said;
      if (text) chosen();
    });
  }

  const form = document.querySelector(".bring");
  if (!form) return;
  const file = form.elements.file;
  const refused = document.getElementById("file-refused");
  const shown = document.getElementById("file-chosen");
  const reading = form.querySelector(".reading");
  const status = document.getElementById("reading-status");
  const isTooBig = () => Number(file.files[0]?.size ?? 0) > Number(form.dataset.most);

  file.addEventListener("change", () => {
    const [one] = file.files;
    refused.hidden = !isTooBig();
    refused.textContent = isTooBig() ? refused.dataset.words : "";
    if (!one) return void (shown.textContent = "");
    const big = one.size >= 1e6;
    const size = (big ? one.size / 1e6 : Math.max(1, one.size / 1e3)).toLocaleString(
      document.documentElement.lang, { maximumFractionDigits: big ? 1 : 0 },
    );
    shown.textContent = `${one.name} (${size}\u00a0${big ? shown.dataset.mb : shown.dataset.kb})`;
  });

  form.addEventListener("submit", (event) => {
    const isFile = event.submitter?.value === "file";
    if (isFile && isTooBig()) {
      event.preventDefault();
      file.focus();
      return;
    }
    if (!isFile) file.disabled = true;  // it is not what is brought
    if (isFile && file.files.length) {
      reading.hidden = false;
      status.textContent = reading.dataset.words;
    }
    // After the form is sent: a disabled button would not tell which one was pressed.
    setTimeout(() => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
  });

  // Back on the page by the browser's button, everything can be pressed again.
  window.addEventListener("pageshow", () => {
    file.disabled = false;
    reading.hidden = true;
    status.textContent = "";
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  });
})();
