// How a page hears of its room: a stream says where the room stands and how much time is left.
// Without a stream the page asks every few seconds.
import { setLeft } from "./clock.js";
import { look } from "./look.js";
import { parse } from "./messages.js";
import { room } from "./room.js";
import { sendAgain } from "./unsent.js";

const POLL = 2500, SAFETY = 15000, RETRY_STREAM = 25000, MAKE_UP = 1500;  // milliseconds
const connection = document.getElementById("connection");
let source = null, lastHeard = 0, retryAt = 0, isElsewhere = false, isAsking = false;
let stageHeard = "", makeUp = 0;

const jitter = (milliseconds) => milliseconds * (0.75 + Math.random() / 2);
const streams = () => source !== null && source.readyState === EventSource.OPEN;

function show(state) {
  if (connection.dataset.state === state) return;
  connection.dataset.state = state;
  connection.querySelector("span").textContent = connection.dataset[state];
}

function hear(text) {
  lastHeard = Date.now();
  for (const message of parse(text)) {
    if (message.kind === "count") {
      count(message.answered, message.seated);
    } else if (message.kind === "look") {
      look();
    } else {
      stageHeard = message.stage;
      setLeft(message.left);
      if (message.stage !== room().dataset.stage) look();
    }
  }
}

function count(answered, seated) {
  for (const place of document.querySelectorAll("[data-answered]")) {
    place.textContent = answered;
    place.closest(".count").classList.toggle("all", answered === seated && seated !== "0");
  }
  for (const place of document.querySelectorAll("[data-seated]")) place.textContent = seated;
  // In the lobby the names are worth a look too.
  if (room().dataset.stage.startsWith("lobby") && room().dataset.seats !== seated) look();
}

/** After a look: if what was asked for did not come, the next beat asks again. */
export function checkStage() {
  const { stage } = room().dataset;
  if (stageHeard && stage !== stageHeard && stage !== "look") lastHeard = 0;
}

function open() {
  if (source || document.hidden || isElsewhere || !room()?.dataset.stream) return;
  source = new EventSource(room().dataset.stream);
  source.onopen = () => { lastHeard = Date.now(); show("live"); };
  source.onmessage = (event) => {
    if (event.data === "elsewhere") { isElsewhere = true; close(); return; }
    hear(event.data);
    // Of many answers at once not each is told: a moment later, ask how many they were.
    if (event.data.startsWith("count ")) {
      clearTimeout(makeUp);
      makeUp = setTimeout(ask, MAKE_UP);
    }
  };
  source.onerror = () => {
    if (source && source.readyState === EventSource.CLOSED) {
      close();
      retryAt = Date.now() + jitter(RETRY_STREAM);
    }
    ask();
  };
}

/** Ends the stream, if there is one. */
export function close() {
  source?.close();
  source = null;
}

async function ask() {
  if (isAsking || !room()?.dataset.state) return;
  isAsking = true;
  try {
    const answer = await fetch(room().dataset.state, { headers: { Accept: "text/plain" } });
    if (answer.ok) {
      hear(await answer.text());
      sendAgain();
      show(streams() ? "live" : "polling");
    } else if (answer.status === 404) {
      location.reload();  // signed out, or the room is gone: the page says so
    } else {
      show("lost");
    }
  } catch {
    show("lost");
  }
  isAsking = false;
}

function beat() {
  if (!room()?.dataset.state) {  // nothing comes any more: out of the room, or it is over
    close();
    connection.hidden = true;
    return;
  }
  if (!document.hidden) {
    if (!source && Date.now() > retryAt) open();
    if (Date.now() - lastHeard > (streams() ? SAFETY : POLL / 2)) ask();
  }
  setTimeout(beat, jitter(streams() ? 1000 : POLL));
}

// A phone that slept, or came back to the network, looks at once.
function wake() {
  if (document.hidden) return close();
  open();
  ask();
}

/** Listens to the room as long as there is one. */
export function listen() {
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("offline", () => { close(); show("lost"); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
  window.addEventListener("pagehide", close);
  open();
  beat();
}
