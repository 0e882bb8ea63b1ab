// Files that a reader opened stay open when htmx replaces the part of the page they stand in.

/** The names of the files that are open below these elements. */
export const openFiles = (details) =>
  [...details].filter((file) => file.open).map((file) => file.dataset.file);

/** Opens the files of these names; others stay as they are. */
export function reopen(details, names) {
  for (const file of details) file.open ||= names.includes(file.dataset.file);
}
