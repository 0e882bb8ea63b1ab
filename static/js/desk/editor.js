// The editor's page: everything that helps who writes a question. The form works without this file.
import { quotes } from "./apply_answer.js";
import { saveByItself, send } from "./autosave.js";
import { count } from "./counts.js";
import { form } from "./fields.js";
import { guideThroughRubric, showQuestions } from "./guide.js";
import { offerKept } from "./offer.js";
import { showPane, switchPanes } from "./panes.js";
import { selectPassages } from "./selection.js";
import { walkSentences } from "./sentences.js";

saveByItself();
offerKept();
selectPassages();
walkSentences();
form.addEventListener("input", count);
count();
guideThroughRubric();
switchPanes();
if (!quotes(form)) showPane("documents");

// A line of what is to be mended leads into its field.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#lint a");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target) return;
  event.preventDefault();
  if (link.hash === "#f-rule") showQuestions();
  const box = "value" in target ? target : target.querySelector("input:not([type=hidden]), textarea, select, button:not([hidden])");
  target.scrollIntoView({ block: "center" });
  (box?.checkVisibility?.() ? box : target).focus({ preventScroll: true });
});
document.getElementById("f-quote")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") { event.preventDefault(); send("find"); }
});
document.querySelector(".editor-head details")?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.currentTarget.open = false;
});
