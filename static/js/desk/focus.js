// The focus outlasts a replacement of what it was on.

/** Where the focus is, as a selector that also finds its element after a replacement; "": nowhere. */
export function whereFocusIs() {
  const at = document.activeElement;
  if (!at || at === document.body) return "";
  if (at.id) return `#${CSS.escape(at.id)}`;
  if (at.classList.contains("sentence")) {
    const slug = at.closest("[data-document]").dataset.document;
    return `[data-document="${CSS.escape(slug)}"] .sentence[data-start="${at.dataset.start}"]`;
  }
  if (!at.name) return "";
  const named = `${at.localName}[name="${CSS.escape(at.name)}"]`;
  const isOneOfSeveral = ["submit", "radio", "checkbox"].includes(at.type) && at.value;
  return isOneOfSeveral ? `${named}[value="${CSS.escape(at.value)}"]` : named;
}

/** Puts the focus back, or where `act` has its result: `isDone` says whether it was done. */
export function putFocus(place, act, isDone) {
  const at = place && document.querySelector(place);
  const to = (id) => document.getElementById(id).focus({ preventScroll: true });
  if (at && !at.disabled) {
    if (document.activeElement !== at) at.focus({ preventScroll: true });
  } else if (/^remove/.test(act)) {
    to("f-evidence");
  } else if (isDone && /^use/.test(act) && place) {
    to("f-quote");
  } else if (place) {
    to("state");
  }
  if (act === "find") document.querySelector("#places button")?.focus();
}
