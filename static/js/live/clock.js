// The clock of a room: what is left was told in milliseconds, so that no two clocks have to agree.
import { room } from "./room.js";
import { digits, isShort, secondsOf } from "./time_left.js";

let ends = null;

/** So many milliseconds are left from now on; null: there is no clock. */
export function setLeft(left) {
  ends = left === null ? null : performance.now() + left;
}

/** Takes what the room's element says is left. */
export function takeClock() {
  const { left } = room().dataset;
  setLeft(left === undefined ? null : Number(left));
}

/** Lets the clock on the page run; `onEnd` is called a moment after it ends, once. */
export function runClock(onEnd) {
  setInterval(() => {
    const clock = document.querySelector("[data-clock]");
    if (!clock || ends === null || !("runs" in clock.dataset)) return;
    const left = ends - performance.now();
    const seconds = secondsOf(left);
    clock.querySelector("[data-digits]").textContent = digits(seconds);
    clock.classList.toggle("short", isShort(seconds));
    if (left <= 0) {
      ends = null;
      setTimeout(onEnd, 50 + Math.random() * 300);  // not all phones at once
    }
  }, 250);
}
