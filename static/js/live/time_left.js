// The time that is left, as a clock shows it.
const SHORT = 10;

/** The whole seconds of so many milliseconds, begun ones counted; none below zero. */
export const secondsOf = (milliseconds) => Math.ceil(Math.max(0, milliseconds) / 1000);

/** Minutes and seconds: "2:05". */
export const digits = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** Whether it is time to hurry. */
export const isShort = (seconds) => seconds <= SHORT;
