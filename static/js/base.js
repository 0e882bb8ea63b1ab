// Every page: choosing a language or colours applies at once; the button serves without scripts.
"use strict";
for (const form of document.querySelectorAll("form.preferences")) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
// Filters likewise.
for (const form of document.querySelectorAll("form.filters")) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
