// The QR code of a sign-in card fills the form in. What it carries stands behind the #, which no
// browser sends, and leaves the address at once: nobody reads it over a shoulder or in the history.
const carried = new URLSearchParams(location.hash.slice(1));
if (carried.has("name") && carried.has("passphrase")) {
  history.replaceState(null, "", location.pathname + location.search);
  const form = document.querySelector("input[name=passphrase]").form;
  form.elements.name.value = carried.get("name");
  form.elements.passphrase.value = carried.get("passphrase");
  form.querySelector("button.primary").focus();
}
