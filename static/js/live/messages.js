// What a stream or a poll says of a room, as quiz/views/live/messages.py writes it.

/**
 * The messages of a text, one a line; empty lines say nothing. A message is of a kind: "count" with
 * how many have answered and are seated, in digits as they came; "look"; or "stage" with the
 * stage and the milliseconds left, null without a clock.
 */
export function parse(text) {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.map((line) => {
    const [word, first, second] = line.split(" ");
    if (word === "count") return { kind: "count", answered: first, seated: second };
    if (word === "look") return { kind: "look" };
    return { kind: "stage", stage: word, left: first === "-" ? null : Number(first) };
  });
}
