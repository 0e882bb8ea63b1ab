// Every page: choosing a language, colours or a filter applies at once; the button serves without
// scripts. What can be printed gets a button for it.
for (const form of document.querySelectorAll("form.preferences, form.filters")) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
