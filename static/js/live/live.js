// A live room: a stream says where the room stands and how much time is left; what is shown is
// fetched. Without a stream this page asks every few seconds. The page works without this file.
"use strict";

(() => {
  const connection = document.getElementById("connection");
  const POLL = 2500, SAFETY = 15000, RETRY_STREAM = 25000, MAKE_UP = 1500, STUCK = 4000;  // milliseconds
  let source = null, ends = null, lastHeard = 0, fetching = 0, retryAt = 0, elsewhere = false;
  let stageHeard = "", makeUp = 0;

  const room = () => document.getElementById("room");
  const jitter = (ms) => ms * (0.75 + Math.random() / 2);

  function show(state) {
    if (connection.dataset.state === state) return;
    connection.dataset.state = state;
    connection.querySelector("span").textContent = connection.dataset[state];
  }

  // A line is "stage milliseconds-left", "count answered seated", or "look".
  function hear(text) {
    lastHeard = Date.now();
    for (const line of text.split("\n")) {
      const [word, first, second] = line.trim().split(" ");
      if (word === "count") {
        count(first, second);
      } else if (word === "look") {
        look();
      } else if (word) {
        stageHeard = word;
        ends = first === "-" ? null : performance.now() + Number(first);
        if (word !== room().dataset.stage) look();
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

  function look() {
    // Not under a finger: a button that is replaced while it is pressed never hears of it.
    if (document.querySelector("#room button:active")) return void setTimeout(look, 300);
    // A request whose element was replaced meanwhile ends unheard: it is not waited for for ever.
    if (fetching && Date.now() - fetching < STUCK) { again = true; return; }
    fetching = Date.now();
    htmx.trigger(room(), "look-again");
  }
  let again = false;

  function done() {
    fetching = 0;
    if (!room()) return;
    if (again) { again = false; return void setTimeout(look); }
    // What was asked for did not come: the next beat asks again.
    const stage = room().dataset.stage;
    if (stageHeard && stage !== stageHeard && stage !== "look") lastHeard = 0;
  }
  document.addEventListener("htmx:finally:request", done);

  let stageShown = room().dataset.stage;
  takeClock();
  document.addEventListener("htmx:after:swap", () => {
    if (!room()) return close();  // an error page came in its place: there is no room any more
    takeClock();
    takeUp();
    const changed = room().dataset.stage !== stageShown;
    stageShown = room().dataset.stage;
    const news = room().querySelector("[data-focus]");
    if (changed && news) {
      window.scrollTo({ top: 0 });
      news.focus({ preventScroll: true });
    }
    done();
  });

  // What is chosen and not yet sent outlasts a pause, a new name, any look at the room.
  const OWN = ["verdict", "confidence", "pointer"];
  let draft = { stage: "", chosen: [], files: [] };
  document.addEventListener("htmx:before:swap", () => {
    const form = document.querySelector("#room form.ask");
    if (!form) return;
    const files = [...form.querySelectorAll("details[open]")].map((file) => file.dataset.file);
    const chosen = [...new FormData(form)].filter(([name]) => OWN.includes(name));
    draft = { stage: room().dataset.stage, chosen, files };
  });
  function takeUp() {
    const form = document.querySelector("#room form.ask");
    if (!form || draft.stage !== room().dataset.stage) return;
    for (const [name, value] of draft.chosen) {
      for (const radio of form.querySelectorAll(`input[name=${name}]`)) {
        radio.checked ||= radio.value === value;
      }
    }
    for (const file of form.querySelectorAll("details")) {
      file.open ||= draft.files.includes(file.dataset.file);
    }
  }

  // An answer that could not be sent is sent again, with the key of its form: it counts once.
  document.addEventListener("htmx:error", (event) => {
    const form = event.target.closest?.("#room form.ask");
    const note = form?.querySelector(".unsent");
    if (!note || !form.querySelector("input[name=verdict]:checked")) return;
    note.hidden = false;
    note.scrollIntoView({ block: "center" });
  });
  function sendAgain() {
    const note = document.querySelector("#room form.ask .unsent:not([hidden])");
    if (!note) return;
    note.hidden = true;
    note.closest("form").requestSubmit();
  }

  // The clock: what is left was told in milliseconds, so that no two clocks have to agree.
  function takeClock() {
    const left = room().dataset.left;
    ends = left === undefined ? null : performance.now() + Number(left);
  }
  setInterval(() => {
    const clock = document.querySelector("[data-clock]");
    if (!clock || ends === null || !("runs" in clock.dataset)) return;
    const left = Math.max(0, ends - performance.now());
    const seconds = Math.ceil(left / 1000);
    clock.querySelector("[data-digits]").textContent =
      `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    clock.classList.toggle("short", seconds <= 10);
    if (left === 0) {
      ends = null;
      setTimeout(look, 50 + Math.random() * 300);
    }
  }, 250);

  function open() {
    if (source || document.hidden || elsewhere || !room()?.dataset.stream) return;
    source = new EventSource(room().dataset.stream);
    source.onopen = () => { lastHeard = Date.now(); show("live"); };
    source.onmessage = (event) => {
      if (event.data === "elsewhere") { elsewhere = true; close(); return; }
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
  function close() {
    source?.close();
    source = null;
  }
  const streams = () => source !== null && source.readyState === EventSource.OPEN;

  let asking = false;
  async function ask() {
    if (asking || !room()?.dataset.state) return;
    asking = true;
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
    asking = false;
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

  // A presenter's clicker, or the arrow key, takes the next step. Once: it is easily pressed twice.
  let pressed = 0;
  document.addEventListener("keydown", (event) => {
    if (!["PageDown", "ArrowRight"].includes(event.key) || event.repeat) return;
    const next = document.querySelector(".moves .primary");
    if (!next || event.target.closest("input, select, .sources, .scroll")) return;
    event.preventDefault();
    if (Date.now() - pressed < 1000) return;
    pressed = Date.now();
    next.click();
  });

  // A phone that slept, or came back to the network, looks at once.
  function wake() {
    if (document.hidden) return close();
    open();
    ask();
  }
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);
  window.addEventListener("offline", () => { close(); show("lost"); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
  window.addEventListener("pagehide", close);
  open();
  beat();
})();
