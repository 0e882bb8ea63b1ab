// Looking at the room anew: its element fetches itself when it is told to look again.
import { room } from "./room.js";

const STUCK = 4000;  // milliseconds
let lookedAt = 0, again = false;

/** Looks at the room: now, or as soon as a look under way has ended. */
export function look() {
  // Not under a finger: a button that is replaced while it is pressed never hears of it.
  if (document.querySelector("#room button:active")) return void setTimeout(look, 300);
  // A request whose element was replaced meanwhile ends unheard: it is not waited for for ever.
  if (lookedAt && Date.now() - lookedAt < STUCK) { again = true; return; }
  lookedAt = Date.now();
  // An error page may have come in the room's place.
  (room() ?? document).dispatchEvent(new CustomEvent("look-again", { bubbles: true }));
}

/** A look has ended. Gives whether that is all: no other look follows, and there is a room. */
export function endLook() {
  lookedAt = 0;
  if (!room()) return false;
  if (!again) return true;
  again = false;
  setTimeout(look);
  return false;
}
