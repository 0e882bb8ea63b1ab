// Where a question lands that is dragged over a list.

/** The place among the others' boxes (their top and height, from above) before which y is; else -1. */
export const placeAt = (y, boxes) => boxes.findIndex((box) => y < box.top + box.height / 2);

/** How far to scroll when the pointer is near the edge of a window so high, in pixels. */
export function scrollBy(y, windowHeight) {
  const edge = 60, step = 12;
  return (y > windowHeight - edge ? step : 0) - (y < edge ? step : 0);
}
