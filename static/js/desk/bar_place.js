// Where a bar stands that belongs to something selected.
const GAP = 8;  // pixels

/**
 * Below the end of a box, within the window: {top, left} in pixels. `box` has bottom and right,
 * `bar` and `view` have width and height.
 */
export function placeBelow(box, bar, view) {
  const top = Math.min(box.bottom + GAP, view.height - bar.height - GAP);
  const left = Math.min(box.right, view.width - bar.width - GAP) - bar.width / 2;
  return { top: Math.max(GAP, top), left: Math.max(GAP, left) };
}
