// What is chosen and not yet sent outlasts a pause, a new name, any look at the room.
import { openFiles, reopen } from "../open_files.js";
import { room } from "./room.js";

const OWN = ["verdict", "confidence", "pointer"];
let draft = { stage: "", chosen: [], files: [] };

const form = () => document.querySelector("#room form.ask");

/** Remembers what is chosen and which files are open, if anything is asked. */
export function keepDraft() {
  const asked = form();
  if (!asked) return;
  const chosen = [...new FormData(asked)].filter(([name]) => OWN.includes(name));
  draft = { stage: room().dataset.stage, chosen, files: openFiles(asked.querySelectorAll("details")) };
}

/** Puts it back if the same is asked. What came chosen by itself stays. */
export function takeUpDraft() {
  const asked = form();
  if (!asked || draft.stage !== room().dataset.stage) return;
  for (const [name, value] of draft.chosen) {
    for (const radio of asked.querySelectorAll(`input[name=${name}]`)) {
      radio.checked ||= radio.value === value;
    }
  }
  reopen(asked.querySelectorAll("details"), draft.files);
}
