// A live room: a stream or a poll says where the room stands; what is shown is fetched. The page
// works without this file.
import { pressByClicker } from "../clicker.js";
import { runClock, takeClock } from "./clock.js";
import { checkStage, close, listen } from "./connection.js";
import { keepDraft, takeUpDraft } from "./draft.js";
import { endLook, look } from "./look.js";
import { room } from "./room.js";
import { noteUnsent } from "./unsent.js";

function done() {
  if (endLook()) checkStage();
}

let stageShown = room().dataset.stage;
takeClock();
document.addEventListener("htmx:finally:request", done);
document.addEventListener("htmx:before:swap", keepDraft);
document.addEventListener("htmx:after:swap", () => {
  if (!room()) return close();  // an error page came in its place: there is no room any more
  takeClock();
  takeUpDraft();
  const isNew = room().dataset.stage !== stageShown;
  stageShown = room().dataset.stage;
  const news = room().querySelector("[data-focus]");
  if (isNew && news) {
    window.scrollTo({ top: 0 });
    news.focus({ preventScroll: true });
  }
  done();
});
document.addEventListener("htmx:error", noteUnsent);
runClock(look);
pressByClicker(".moves .primary", 1000);  // once: it is easily pressed twice
listen();
