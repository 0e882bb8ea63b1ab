// The size of a file as a person says it.

/**
 * The size in megabytes with one decimal from a million bytes on, else in whole kilobytes, at least
 * one; written as in the language, a no-break space before the unit. `units` has the words kb and mb.
 */
export function sizeInWords(bytes, language, units) {
  const isBig = bytes >= 1e6;
  const size = isBig ? bytes / 1e6 : Math.max(1, bytes / 1e3);
  const digits = size.toLocaleString(language, { maximumFractionDigits: isBig ? 1 : 0 });
  return `${digits}\u00a0${isBig ? units.mb : units.kb}`;
}
