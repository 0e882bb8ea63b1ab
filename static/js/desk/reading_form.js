// The form of a claim that is read without its key.

const isChanged = (field) =>
  field.type === "radio" ? field.checked !== field.defaultChecked
    : field.name === "note" && field.value !== field.defaultValue;

/** Whether the fields have a verdict, and that or the note is not what the page came with. */
export const isUnsaved = (fields) =>
  fields.some((field) => field.name === "verdict" && field.checked) && fields.some(isChanged);
