// Every page: choosing a language, colours or a filter applies at once; the button serves without
// scripts. What can be printed gets a button for it.
function dress() {
  for (const form of document.querySelectorAll("form.preferences, form.filters")) {
    form.querySelector("button").hidden = true;
  }
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
}
dress();
document.addEventListener("htmx:before:settle", dress);  // #main has come anew, not yet painted

document.addEventListener("change", (event) => {
  event.target.closest("form.preferences, form.filters")?.requestSubmit();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
