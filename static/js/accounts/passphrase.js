// A passphrase that nobody can send again is worth reading once before it is sent.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-shows-passphrase]")) return;
  const field = event.target.form.elements.passphrase;
  field.type = event.target.checked ? "text" : "password";
});

// Sent as a passphrase, so that the browser does not keep it among the texts once typed.
document.addEventListener("submit", (event) => {
  const field = event.target.elements.passphrase;
  if (field) field.type = "password";
});
