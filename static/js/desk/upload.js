// A document is brought as text or as a file. A file says its name and size before it is sent, and
// that it is being read.
import { sizeInWords } from "./file_size.js";

/** Accompanies the form that brings a document. */
export function accompanyUpload(form) {
  const file = form.elements.file;
  const refused = document.getElementById("file-refused");
  const shown = document.getElementById("file-chosen");
  const reading = form.querySelector(".reading");
  const status = document.getElementById("reading-status");
  const isTooBig = () => Number(file.files[0]?.size ?? 0) > Number(form.dataset.most);
  const enable = (isEnabled) => {
    for (const button of form.querySelectorAll("button")) button.disabled = !isEnabled;
  };

  file.addEventListener("change", () => {
    const [one] = file.files;
    refused.hidden = !isTooBig();
    refused.textContent = isTooBig() ? refused.dataset.words : "";
    const size = one && sizeInWords(one.size, document.documentElement.lang, shown.dataset);
    shown.textContent = one ? `${one.name} (${size})` : "";
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
    setTimeout(() => enable(false));
  });

  // Back on the page by the browser's button, everything can be pressed again.
  window.addEventListener("pageshow", () => {
    file.disabled = false;
    reading.hidden = true;
    status.textContent = "";
    enable(true);
  });
}
