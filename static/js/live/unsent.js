// An answer that could not be sent is sent again, with the key of its form: it counts once.

/** Says that an answer could not be sent, if the event is of one. */
export function noteUnsent(event) {
  const form = event.target.closest?.("#room form.ask");
  const note = form?.querySelector(".unsent");
  if (!note || !form.querySelector("input[name=verdict]:checked")) return;
  note.hidden = false;
  note.scrollIntoView({ block: "center" });
}

/** Sends the answer that could not be sent, if there is one. */
export function sendAgain() {
  const note = document.querySelector("#room form.ask .unsent:not([hidden])");
  if (!note) return;
  note.hidden = true;
  note.closest("form").requestSubmit();
}
