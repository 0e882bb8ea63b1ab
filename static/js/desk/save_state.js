// The line that says whether everything is saved.
import { say } from "./announce.js";

const line = document.getElementById("state");
const TROUBLE = ["lost", "refused", "gone", "clash"];
const inLanguage = (date, style) => date.toLocaleString(document.documentElement.lang, style);

/** Shows one of: dirty, saving, saved, lost, refused, gone, clash. */
export function showState(which) {
  const was = line.dataset.state;
  line.dataset.state = which;
  line.textContent = which === "saved"
    ? `${line.dataset.saved} ${inLanguage(new Date(), { timeStyle: "short" })}` : line.dataset[which];
  // Whoever cannot see the line hears of trouble, and of its end.
  if (was !== which && (TROUBLE.includes(which) || TROUBLE.includes(was))) say(line.textContent);
}

/** Shows when it was saved last: the server's times are of no time zone that anybody lives in. */
export function showSavedAt() {
  const at = new Date(line.dataset.at), isToday = at.toDateString() === new Date().toDateString();
  const style = { ...(isToday ? {} : { dateStyle: "medium" }), timeStyle: "short" };
  line.textContent = `${line.dataset.saved} ${inLanguage(at, style)}`;
}
