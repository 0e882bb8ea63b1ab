// Characters as the server counts them: code points, not the halves of a surrogate pair.

/** How many characters a text has. */
export const length = (text) => [...text].length;
