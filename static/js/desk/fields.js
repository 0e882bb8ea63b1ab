// The fields of the editor's form, and what each was based on. A field may have several controls.
export const form = document.getElementById("question");

const named = (name) => `[name="${CSS.escape(name)}"]`;
const plain = (text) => text.replace(/\r\n/g, "\n").trim();
const names = (of) => [...of.querySelectorAll("#bases [name^='base.']")].map((base) => base.name.slice(5));

/** What each field of a form holds, by name, as it would be stored. */
export function values(of) {
  const data = new FormData(of);
  return Object.fromEntries(names(of).map((name) => [
    name, plain(data.getAll(name).join(" ")),
  ]));
}

/** The hidden box with the digest of what a field was filled with; null for no field. */
export const base = (name) => form.querySelector(`#bases ${named(`base.${name}`)}`);

/** Every control of a field. */
export const controls = (name) => [...form.querySelectorAll(named(name))];

/** Puts a value into a field. */
export function setField(name, value) {
  for (const box of controls(name)) {
    if (box.type === "radio") box.checked = box.value === value;
    else if (box.type === "checkbox") box.checked = value.split(" ").includes(box.value);
    else box.value = value;
  }
}
