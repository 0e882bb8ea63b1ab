// Walking through a row of things by keyboard.
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** Where a key leads from a place among so many, counted from 0; null if it does not walk. */
export function nextPlace(key, at, count) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (!Object.hasOwn(STEPS, key)) return null;
  return Math.max(0, Math.min(count - 1, at + STEPS[key]));
}
