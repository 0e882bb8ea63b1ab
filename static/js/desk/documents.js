// A trainer's documents. The pages work without this file.
import { markParagraphs } from "./paragraphs.js";
import { accompanyUpload } from "./upload.js";

// What is known of a document is saved by its button: nobody leaves without a word.
let isWritten = false;
const described = document.querySelector(".document-form");
described?.addEventListener("input", () => { isWritten = true; });
described?.addEventListener("submit", () => { isWritten = false; });
window.addEventListener("beforeunload", (event) => { if (isWritten) event.preventDefault(); });

const bar = document.getElementById("mark");
if (bar) markParagraphs(bar);

const bring = document.querySelector(".bring");
if (bring) accompanyUpload(bring);
