// What was typed before a crash, and never stored, is offered again.
import { isUnstored, keep, saved, send } from "./autosave.js";
import { count } from "./counts.js";
import { base, form, setField } from "./fields.js";
import { guide } from "./guide.js";
import { forgetKept, readKept } from "./kept.js";
import { lost } from "./merge.js";

const offer = document.getElementById("kept");

function putBack(fields) {
  for (const [name, [value, was]] of fields) {
    if (base(name)) {
      base(name).value = was;
      setField(name, value);
    } else {  // of a quote that is gone: the answer shows it again
      for (const [n, v] of [[`base.${name}`, was], [name, value]]) {
        const box = Object.assign(document.createElement("input"), { type: "hidden", name: n, value: v });
        document.getElementById("bases").append(box);
      }
    }
  }
  count();
  guide();
}

function close() {
  offer.hidden = true;
  form.querySelector("textarea")?.focus();
}

/** Offers what this browser has kept, if that is not what is stored. */
export function offerKept() {
  const fields = lost(readKept(), saved);
  offer.hidden = !fields.length;
  if (!fields.length && !isUnstored) keep();
  offer.querySelector("[data-put-back]").addEventListener("click", () => {
    putBack(fields);
    send();
    close();
  });
  offer.querySelector("[data-drop]").addEventListener("click", () => {
    forgetKept();
    close();
  });
}
