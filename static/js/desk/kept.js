// What was typed is kept in this browser until it is stored, with what it was based on:
// {name: [value, base]}.
import { form } from "./fields.js";

/** What is kept of this question; nothing if the browser does not allow it. */
export function readKept() {
  try {
    return JSON.parse(localStorage.getItem(form.dataset.keeps))?.fields ?? {};
  } catch { return {}; }
}

/** Keeps these fields, and forgets all others. */
export function writeKept(fields) {
  try {
    localStorage.setItem(form.dataset.keeps, JSON.stringify({ fields }));
  } catch { /* no room, or not allowed: the page itself still holds it */ }
}

/** Forgets what is kept. */
export function forgetKept() {
  try {
    localStorage.removeItem(form.dataset.keeps);
  } catch { /* nothing is kept then */ }
}
