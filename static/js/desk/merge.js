// What two people write in one form, joined field by field. Forms are objects of texts by name. The
// server joins what it stores in the same way (quiz/domain/merge.py).

/** The fields that hold something else than what is saved. */
export const differing = (now, saved) => Object.keys(now).filter((name) => now[name] !== saved[name]);

/** The fields to keep in this browser: what differs, and what is kept and was not stored. */
export const toKeep = (now, saved, unstored) =>
  Object.keys(now).filter((name) => now[name] !== saved[name] || name in unstored);

/** Of what is kept, {name: [value, base]}, the entries that are not what is saved. */
export const lost = (kept, saved) =>
  Object.entries(kept).filter(([name, [value]]) => value !== (saved[name] ?? ""));

/**
 * Joins the form as it is stored now (`theirs`) with what has been typed (`mine`) since the form was
 * `sent`. A field that was typed in keeps what was typed; another takes what is stored. Gives
 * `values`, what to put into which field; `behind`, fields typed in and stored otherwise, whose base
 * has to stay, so that the next save finds out what became of both; `news`, fields that only
 * somebody else changed.
 */
export function merge(sent, mine, theirs) {
  const merged = { values: {}, behind: [], news: [] };
  for (const name of Object.keys(theirs)) {
    if (!(name in sent)) continue;
    const isStoredOtherwise = theirs[name] !== sent[name];
    if (mine[name] !== sent[name]) {
      merged.values[name] = mine[name];
      if (isStoredOtherwise) merged.behind.push(name);
    } else if (isStoredOtherwise) {
      merged.values[name] = theirs[name];
      merged.news.push(name);
    }
  }
  return merged;
}
