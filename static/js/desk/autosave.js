// The editor saves by itself: one request at a time, again until it is heard, what was typed kept in
// this browser meanwhile. Without this file the form has a button to save.
"use strict";

const desk = {};

(() => {
  const form = document.getElementById("question");
  if (!form) return;
  const PAUSE = 1200, WAITS = [1000, 2000, 5000, 10000];  // milliseconds
  const state = document.getElementById("state"), heard = document.getElementById("heard");
  let timer = 0, busy = false, next = null, leave = null, tries = 0, leaving = false;

  const plain = (text) => text.replace(/\r\n/g, "\n").trim();
  const names = (of) => [...of.querySelectorAll("#bases [name^='base.']")].map((base) => base.name.slice(5));

  // What each field of a form holds, as it would be stored.
  desk.values = (of) => {
    const data = new FormData(of);
    return Object.fromEntries(names(of).map((name) => [
      name, plain(data.getAll(name).join(" ")),
    ]));
  };

  let saved = desk.values(form), unstored = Boolean(form.querySelector(".clash")) || form.dataset.stored === "no";
  const isDirty = () => {
    const now = desk.values(form);
    return Object.keys(now).some((name) => now[name] !== saved[name]);
  };
  const isOpen = () => unstored || busy || isDirty();

  function show(which) {
    const was = state.dataset.state;
    state.dataset.state = which;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    state.textContent = which === "saved" ? `${state.dataset.saved} ${time}` : state.dataset[which];
    // Whoever cannot see the line hears of trouble, and of its end.
    const trouble = ["lost", "refused", "gone", "clash"];
    if (was !== which && (trouble.includes(which) || trouble.includes(was))) desk.say(state.textContent);
  }
  desk.say = (text) => { heard.textContent = ""; setTimeout(() => { heard.textContent = text; }, 50); };

  // Kept here until it is stored there, with what it was based on.
  function keep() {
    const now = desk.values(form), fields = {};
    for (const name of Object.keys(now)) {
      if (now[name] !== saved[name] || (unstored && name in (kept()?.fields ?? {}))) {
        fields[name] = [now[name], desk.base(name).value];
      }
    }
    try {
      if (Object.keys(fields).length) {
        localStorage.setItem(form.dataset.keeps, JSON.stringify({ fields }));
      } else if (!unstored) {
        localStorage.removeItem(form.dataset.keeps);
      }
    } catch { /* no room, or not allowed: the page itself still holds it */ }
  }
  function kept() {
    try {
      return JSON.parse(localStorage.getItem(form.dataset.keeps));
    } catch { return null; }
  }
  desk.base = (name) => form.querySelector(`#bases [name="${CSS.escape(`base.${name}`)}"]`);

  function soon(wait) {
    clearTimeout(timer);
    timer = setTimeout(() => desk.send(), wait);
  }
  desk.changed = (wait = PAUSE) => {
    keep();
    if (!isDirty()) return;
    if (tries === 0) show("dirty");
    soon(wait);
  };

  // Sends the form, with what a button asks for if there is one. What cannot be sent is sent later.
  desk.send = async (act = "") => {
    if (busy) { next = act || next || " "; return; }
    clearTimeout(timer);
    const sent = desk.values(form), body = new URLSearchParams(new FormData(form));
    body.set("act", act.trim());
    if (act !== "find") body.delete("quote");
    busy = true;
    if (tries === 0) show("saving");
    let answer = null;
    try {
      const hidden = document.visibilityState === "hidden";
      answer = await fetch(form.dataset.partUrl, { method: "POST", body, keepalive: hidden });
      const text = await answer.text();
      busy = false;
      if (answer.ok || answer.status === 422) take(text, sent, act, answer.ok);
      else if ([400, 403, 404].includes(answer.status)) { unstored = true; keep(); return show("gone"); }
      else return later(act);
    } catch {
      busy = false;
      return later(act);
    }
    if (leave) { const button = leave; leave = null; return form.requestSubmit(button); }
    if (next !== null) { const then = next; next = null; desk.send(then.trim()); }
  };
  function later(act) {
    show("lost");
    keep();
    leave = null;
    if (act.trim()) next = null;
    clearTimeout(timer);
    timer = setTimeout(() => desk.send(act), WAITS[Math.min(tries, WAITS.length - 1)]);
    tries += 1;
  }
  // A button may be refused what it asks for; what was typed is stored all the same, or not.
  function take(text, sent, act, isDone) {
    tries = 0;
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById("question"), isStored = fresh.dataset.stored === "yes";
    desk.take(page, fresh, sent, act, isDone);
    const clash = fresh.querySelector(".clash");
    unstored = Boolean(clash) || !isStored;
    if (isStored) saved = desk.values(fresh);
    const more = isStored && isDirty();
    keep();
    if (more) soon(PAUSE);
    show(clash ? "clash" : !isStored ? "refused" : more ? "dirty" : "saved");
  }

  form.addEventListener("input", (event) => {
    if (!event.target.hasAttribute("data-once")) desk.changed();
  });
  form.addEventListener("change", (event) => {
    if (!event.target.hasAttribute("data-once")) desk.changed(0);
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.hasAttribute("data-leaves")) {
      leaving = !busy;
      if (!busy) return;
      leave = button;  // once the save under way is heard: it would clash with itself
      return event.preventDefault();
    }
    event.preventDefault();
    desk.send(button?.value ?? "save");
  });
  window.addEventListener("online", () => { if (tries) { tries = 0; desk.send(); } });
  window.addEventListener("beforeunload", (event) => { if (isOpen() && !leaving) event.preventDefault(); });
  window.addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && isDirty()) desk.send();
  });

  // The server's times are of no time zone that anybody lives in.
  if (!unstored) {
    const at = new Date(state.dataset.at), today = at.toDateString() === new Date().toDateString();
    const style = { ...(today ? {} : { dateStyle: "medium" }), timeStyle: "short" };
    state.textContent = `${state.dataset.saved} ${at.toLocaleString(document.documentElement.lang, style)}`;
  }

  // What was typed before a crash, and never stored, is offered again.
  const offer = document.getElementById("kept"), before = kept()?.fields ?? {};
  const lost = Object.entries(before).filter(([name, [value]]) => value !== (saved[name] ?? ""));
  offer.hidden = !lost.length;
  if (!lost.length && !unstored) keep();
  offer.querySelector("[data-put-back]").addEventListener("click", () => {
    for (const [name, [value, base]] of lost) {
      if (desk.base(name)) {
        desk.base(name).value = base;
        desk.set(name, value);
      } else {  // of a quote that is gone: the answer shows it again
        for (const [n, v] of [[`base.${name}`, base], [name, value]]) {
          const box = Object.assign(document.createElement("input"), { type: "hidden", name: n, value: v });
          document.getElementById("bases").append(box);
        }
      }
    }
    offer.hidden = true;
    desk.send();
    form.querySelector("textarea")?.focus();
  });
  offer.querySelector("[data-drop]").addEventListener("click", () => {
    offer.hidden = true;
    localStorage.removeItem(form.dataset.keeps);
    form.querySelector("textarea")?.focus();
  });
})();
