// The rubric, one question after the other.
import { controls, form } from "./fields.js";
import { START, answered, hasBegun, viewOf } from "./rubric_steps.js";

const steps = [...form.querySelectorAll("[data-step]")];
const asked = steps.filter((step) => step.querySelector("[data-rules]"));
const tools = form.querySelector(".guide-tools");
const chosenRule = () => form.querySelector("input[name=rule]:checked");
let progress = chosenRule() ? { ...START, mode: "chosen" } : START;

/** Shows the steps as far as they go. */
export function guide() {
  const rule = chosenRule();
  if (progress.mode === "chosen" && !rule) progress = { ...progress, mode: "asking" };
  const isAsking = progress.mode === "asking";
  tools.hidden = false;
  tools.querySelector(".chosen-rule").textContent = rule?.closest("label").querySelector("strong").textContent ?? "";
  tools.querySelector("[data-again]").hidden = !hasBegun(progress);
  tools.querySelector("[data-all]").hidden = progress.mode === "all";
  for (const step of steps) showStep(step, Boolean(rule) && step.contains(rule));
  form.querySelector(".none-left").hidden = !isAsking || progress.reached < asked.length;
}

function showStep(step, holdsRule) {
  const n = asked.indexOf(step), view = viewOf(progress, n, holdsRule);
  step.hidden = !view.isShown;
  if (n < 0) return;
  step.querySelector(".yes-no").hidden = !view.isAsking;
  for (const button of step.querySelectorAll("[data-answer]")) {
    const isPressed = button.dataset.answer === "yes" ? view.isYes : view.isNo;
    button.setAttribute("aria-pressed", String(isPressed));
  }
  step.querySelector("[data-rules]").hidden = !view.hasRules;
}

/** Begins at the first question if only the chosen rule is shown, so that all can be reached. */
export function showQuestions() {
  if (progress.mode === "chosen") begin();
}

function begin() {
  progress = START;
  guide();
}

/** Lets the questions be answered, and a chosen rule choose its verdict. */
export function guideThroughRubric() {
  for (const [n, step] of asked.entries()) {
    step.addEventListener("click", (event) => {
      const answer = event.target.closest("[data-answer]")?.dataset.answer;
      if (!answer) return;
      progress = answered(progress, n, answer === "yes");
      guide();
      if (answer === "yes") step.querySelector("input").focus();
      else asked[n + 1]?.querySelector("button").focus();
    });
  }
  tools.querySelector("[data-again]").addEventListener("click", () => {
    begin();
    asked[0].querySelector("button").focus();
  });
  tools.querySelector("[data-all]").addEventListener("click", () => {
    progress = { ...progress, mode: "all" };
    guide();
    asked[0].querySelector("input").focus();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name !== "rule") return;
    for (const box of controls("verdict")) box.checked = box.value === event.target.dataset.verdict;
    guide();
  });
  guide();
}
