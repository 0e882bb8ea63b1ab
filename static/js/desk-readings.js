// After a claim or a comment is saved in place, the focus stays where it was sent from: on what has
// to be mended, else on the button or the field that `data-focus` marks.
"use strict";
let sentFrom = "";
document.addEventListener("submit", (event) => {
  sentFrom = event.target.closest("[id]:not(form)")?.id ?? "";
});
document.addEventListener("htmx:after:swap", () => {
  const place = document.getElementById(sentFrom);
  sentFrom = "";
  (place?.querySelector("[aria-invalid], fieldset[aria-describedby] input") ?? place?.querySelector("[data-focus]"))?.focus();
});
