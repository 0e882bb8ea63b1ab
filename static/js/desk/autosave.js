// The editor saves by itself: one request at a time, again until it is heard, what was typed kept in
// this browser meanwhile. Without this file the form has a button to save.
import { applyAnswer } from "./apply_answer.js";
import { base, form, values } from "./fields.js";
import { forgetKept, readKept, writeKept } from "./kept.js";
import { differing, toKeep } from "./merge.js";
import { showSavedAt, showState } from "./save_state.js";

const PAUSE = 1200, WAITS = [1000, 2000, 5000, 10000];  // milliseconds
const isHidden = () => document.visibilityState === "hidden";
let timer = 0, isBusy = false, next = null, leave = null, tries = 0, isLeaving = false;

/** What is stored of the form, as far as this page knows. */
export let saved = values(form);
/** Whether something that was typed was refused, or clashed with what somebody else wrote. */
export let isUnstored = Boolean(form.querySelector(".clash")) || form.dataset.stored === "no";

const isDirty = () => differing(values(form), saved).length > 0;

/** Keeps in this browser what is typed and not stored. */
export function keep() {
  const now = values(form), names = toKeep(now, saved, isUnstored ? readKept() : {});
  if (names.length) writeKept(Object.fromEntries(names.map((name) => [name, [now[name], base(name).value]])));
  else if (!isUnstored) forgetKept();
}

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(() => send(), wait);
}

function changed(wait) {
  keep();
  if (!isDirty()) return;
  if (tries === 0) showState("dirty");
  soon(wait);
}

/** Sends the form, with what a button asks for if there is one. What cannot be sent is sent later. */
export async function send(act = "") {
  if (isBusy) { next = act || next || " "; return; }
  clearTimeout(timer);
  const sent = values(form), body = new URLSearchParams(new FormData(form));
  body.set("act", act.trim());
  if (act !== "find") body.delete("quote");
  isBusy = true;
  if (tries === 0) showState("saving");
  try {
    const answer = await fetch(form.dataset.partUrl, { method: "POST", body, keepalive: isHidden() });
    const text = await answer.text();
    isBusy = false;
    if (answer.ok || answer.status === 422) take(text, sent, act, answer.ok);
    else if ([400, 403, 404].includes(answer.status)) { isUnstored = true; keep(); return showState("gone"); }
    else return later(act);
  } catch {
    isBusy = false;
    return later(act);
  }
  if (leave) { const button = leave; leave = null; return form.requestSubmit(button); }
  if (next !== null) { const then = next; next = null; send(then.trim()); }
}

function later(act) {
  showState("lost");
  keep();
  leave = null;
  if (act.trim()) next = null;
  clearTimeout(timer);
  timer = setTimeout(() => send(act), WAITS[Math.min(tries, WAITS.length - 1)]);
  tries += 1;
}

// A button may be refused what it asks for; what was typed is stored all the same, or not.
function take(text, sent, act, isDone) {
  tries = 0;
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("question"), isStored = fresh.dataset.stored === "yes";
  applyAnswer(page, fresh, sent, act, isDone);
  const clash = fresh.querySelector(".clash");
  isUnstored = Boolean(clash) || !isStored;
  if (isStored) saved = values(fresh);
  const more = isStored && isDirty();
  keep();
  if (more) soon(PAUSE);
  showState(clash ? "clash" : !isStored ? "refused" : more ? "dirty" : "saved");
}

function submit(event) {
  const button = event.submitter;
  if (button?.hasAttribute("data-leaves")) {
    isLeaving = !isBusy;
    if (!isBusy) return;
    leave = button;  // once the save under way is heard: it would clash with itself
    return event.preventDefault();
  }
  event.preventDefault();
  send(button?.value ?? "save");
}

/** Saves the form whenever something was typed, and before anybody leaves. */
export function saveByItself() {
  for (const [news, wait] of [["input", PAUSE], ["change", 0]]) {
    form.addEventListener(news, (event) => {
      if (!event.target.hasAttribute("data-once")) changed(wait);
    });
  }
  form.addEventListener("submit", submit);
  window.addEventListener("online", () => { if (tries) { tries = 0; send(); } });
  window.addEventListener("beforeunload", (event) => {
    if ((isUnstored || isBusy || isDirty()) && !isLeaving) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { isLeaving = false; });
  document.addEventListener("visibilitychange", () => {
    if (isHidden() && isDirty()) send();
  });
  if (!isUnstored) showSavedAt();
}
