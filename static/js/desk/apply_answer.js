// Takes the answer to a save in without disturbing who types.
import { say, words } from "./announce.js";
import { count } from "./counts.js";
import { base, form, setField, values } from "./fields.js";
import { putFocus, whereFocusIs } from "./focus.js";
import { guide } from "./guide.js";
import { merge } from "./merge.js";
import { renewSentences } from "./sentences.js";

/** The quotes that a form shows. */
export const quotes = (of) => [...of.querySelectorAll("[data-quote]")].map((card) => card.dataset.quote).join();

/**
 * Takes the form as it is stored (`fresh`, of the page that came) into the page. `sent` is what the
 * form held when it was sent, `act` what a button asked for ("" if nothing), `isDone` whether that
 * was done. A field is only touched where its box still holds what was sent.
 */
export function applyAnswer(page, fresh, sent, act, isDone) {
  const mine = values(form), theirs = values(fresh), focus = whereFocusIs();
  const bases = Object.fromEntries(Object.keys(mine).map((name) => [name, base(name).value]));
  replaceParts(fresh);
  takeOptions(fresh, mine.contrast === sent.contrast);
  const merged = merge(sent, mine, theirs);
  for (const [name, value] of Object.entries(merged.values)) setField(name, value);
  for (const name of merged.behind) base(name).value = bases[name];
  if (!act) merged.news.forEach(noteChange);
  if (isDone && act === "find") form.elements.quote.value = "";
  takeFiles(page);
  count();
  guide();
  putFocus(focus, act, isDone);
  if (isDone && /^(use|find)/.test(act)) say(words.added);
  if (/^remove/.test(act)) say(words.removed);
}

function replaceParts(fresh) {
  const quotesChanged = quotes(form) !== quotes(fresh) || fresh.querySelector("#f-evidence > .clash");
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = document.getElementById(part.id);
    const inside = part.parentElement.closest("[data-part]");
    if (!old || (inside && quotesChanged)) continue;
    if (part.id === "f-evidence" && !quotesChanged) continue;
    if (old.outerHTML !== part.outerHTML) old.replaceWith(document.importNode(part, true));
  }
}

// Somebody else has changed the field: its hint says so.
function noteChange(name) {
  const hint = document.getElementById(`hint-${name}`);
  if (!hint) return;
  const line = document.createElement("p");
  line.className = "hint-note";
  line.textContent = form.dataset.changed;
  hint.append(line);
  say(form.dataset.changed);
}

function takeOptions(fresh, isUntouched) {
  const old = form.elements.contrast, other = fresh.querySelector("#f-contrast");
  if (isUntouched && old.innerHTML !== other.innerHTML) old.innerHTML = other.innerHTML;
}

function takeFiles(page) {
  const old = document.getElementById("documents"), fresh = page.getElementById("documents");
  if (!fresh) return;
  const top = old.scrollTop;
  for (const file of fresh.querySelectorAll("details")) {
    const same = old.querySelector(`details[data-file="${CSS.escape(file.dataset.file)}"]`);
    if (same) file.open = same.open;
  }
  old.replaceWith(document.importNode(fresh, true));
  document.getElementById("documents").scrollTop = top;
  renewSentences();
}
