// The editor's page: takes the answer to a save in without disturbing who types, guides through the
// rubric, counts characters, switches panes on a phone. The form works without this file.
"use strict";

(() => {
  const form = document.getElementById("question");
  if (!form) return;
  const heard = document.getElementById("heard");

  // Every control that belongs to a field.
  const controls = (name, of = form) => [...of.querySelectorAll(`[name="${CSS.escape(name)}"]`)];

  desk.set = (name, value) => {
    for (const box of controls(name)) {
      if (box.type === "radio") box.checked = box.value === value;
      else if (box.type === "checkbox") box.checked = value.split(" ").includes(box.value);
      else box.value = value;
    }
    count();
    guide();
  };

  // The answer holds the whole form as it is stored. A field is only touched where its box still
  // holds what was sent; where somebody has typed on, the old base stays, so that the next save
  // finds out what became of both.
  desk.take = (page, fresh, sent, act, isDone) => {
    const now = desk.values(form), got = desk.values(fresh), focus = whereFocusIs();
    const bases = Object.fromEntries(Object.keys(now).map((name) => [name, desk.base(name).value]));
    const quotesChanged = quotes(form) !== quotes(fresh) || fresh.querySelector("#f-evidence > .clash");
    for (const part of fresh.querySelectorAll("[data-part]")) {
      const old = document.getElementById(part.id);
      const inside = part.parentElement.closest("[data-part]");
      if (!old || (inside && quotesChanged)) continue;
      if (part.id === "f-evidence" && !quotesChanged) continue;
      if (old.outerHTML !== part.outerHTML) old.replaceWith(document.importNode(part, true));
    }
    takeOptions(fresh, now.contrast === sent.contrast);
    for (const name of Object.keys(got)) {
      if (!(name in sent)) continue;
      if (now[name] !== sent[name]) {
        desk.set(name, now[name]);  // also where its box was replaced
        if (got[name] !== sent[name]) desk.base(name).value = bases[name];
      } else if (got[name] !== sent[name]) {
        desk.set(name, got[name]);
        if (!act) note(name);
      }
    }
    if (isDone && act === "find") form.elements.quote.value = "";
    takeFiles(page);
    count();
    guide();
    putFocus(focus, act, isDone);
    if (isDone && /^(use|find)/.test(act)) desk.say(heard.dataset.added);
    if (/^remove/.test(act)) desk.say(heard.dataset.removed);
  };

  const quotes = (of) => [...of.querySelectorAll("[data-quote]")].map((card) => card.dataset.quote).join();

  function note(name) {
    const hint = document.getElementById(`hint-${name}`);
    if (!hint) return;
    const line = document.createElement("p");
    line.className = "hint-note";
    line.textContent = form.dataset.changed;
    hint.append(line);
    desk.say(form.dataset.changed);
  }

  function takeOptions(fresh, isUntouched) {
    const old = form.elements.contrast, other = fresh.querySelector("#f-contrast");
    if (isUntouched && old.innerHTML !== other.innerHTML) old.innerHTML = other.innerHTML;
  }

  function takeFiles(page) {
    const old = document.getElementById("documents"), fresh = page.getElementById("documents");
    if (!fresh) return;
    const top = old.scrollTop;
    for (const file of fresh.querySelectorAll("details")) {
      const same = old.querySelector(`details[data-file="${CSS.escape(file.dataset.file)}"]`);
      if (same) file.open = same.open;
    }
    old.replaceWith(document.importNode(fresh, true));
    document.getElementById("documents").scrollTop = top;
    desk.documentsAreNew?.();
  }

  // Where the focus was, in words that also find its element after a replacement.
  function whereFocusIs() {
    const at = document.activeElement;
    if (!at || at === document.body) return "";
    if (at.id) return `#${CSS.escape(at.id)}`;
    if (at.classList.contains("sentence")) {
      const slug = at.closest("[data-document]").dataset.document;
      return `[data-document="${CSS.escape(slug)}"] .sentence[data-start="${at.dataset.start}"]`;
    }
    const by = ["name", "value"].map((key) => at[key] && `[${key}="${CSS.escape(at[key])}"]`);
    return at.name ? `${at.localName}${by.filter((_, n) => n === 0 || at.type === "submit" || at.type === "radio" || at.type === "checkbox").filter(Boolean).join("")}` : "";
  }

  function putFocus(place, act, isDone) {
    const at = place && document.querySelector(place);
    if (at && !at.disabled) {
      if (document.activeElement !== at) at.focus({ preventScroll: true });
    } else if (/^remove/.test(act)) {
      document.getElementById("f-evidence").focus({ preventScroll: true });
    } else if (isDone && /^use/.test(act) && place) {
      document.getElementById("f-quote").focus({ preventScroll: true });
    } else if (place) {
      document.getElementById("state").focus({ preventScroll: true });
    }
    if (act === "find") document.querySelector("#places button")?.focus();
  }

  // How long each text is.
  function count() {
    for (const box of form.querySelectorAll("textarea[data-empty]")) {
      const length = [...box.value.trim()].length;
      const place = form.querySelector(`[data-counts="${CSS.escape(box.id)}"]`);
      place.textContent = length || box.dataset.empty;
      place.classList.toggle("empty", !length);
    }
  }
  form.addEventListener("input", count);

  // The rubric, one question after the other.
  const steps = [...form.querySelectorAll("[data-step]")];
  const asked = steps.filter((step) => step.querySelector("[data-rules]"));
  const tools = form.querySelector(".guide-tools");
  // What is shown: the rule that was "chosen" before, the questions "asked" so far, or "all".
  let mode = "asking", reached = 0, opened = -1;

  function guide() {
    const rule = form.querySelector("input[name=rule]:checked");
    if (mode === "chosen" && !rule) mode = "asking";
    const all = mode === "all";
    tools.hidden = false;
    tools.querySelector(".chosen-rule").textContent = rule?.closest("label").querySelector("strong").textContent ?? "";
    tools.querySelector("[data-again]").hidden = mode === "asking" && reached === 0 && opened < 0;
    tools.querySelector("[data-all]").hidden = all;
    for (const step of steps) {
      const n = asked.indexOf(step), holds = Boolean(rule) && step.contains(rule);
      step.hidden = !all && (mode === "chosen" ? !holds : n > reached);
      if (n < 0) continue;
      step.querySelector(".yes-no").hidden = mode !== "asking";
      for (const button of step.querySelectorAll("[data-answer]")) {
        const isYes = button.dataset.answer === "yes";
        button.setAttribute("aria-pressed", String(isYes ? opened === n : n < reached));
      }
      step.querySelector("[data-rules]").hidden = mode === "asking" && opened !== n;
    }
    form.querySelector(".none-left").hidden = mode !== "asking" || reached < asked.length;
  }
  for (const [n, step] of asked.entries()) {
    step.addEventListener("click", (event) => {
      const answer = event.target.closest("[data-answer]")?.dataset.answer;
      if (!answer) return;
      opened = answer === "yes" ? n : -1;
      reached = answer === "yes" ? n : n + 1;
      guide();
      if (answer === "yes") step.querySelector("input").focus();
      else asked[n + 1]?.querySelector("button").focus();
    });
  }
  function again() { mode = "asking"; reached = 0; opened = -1; guide(); }
  tools.querySelector("[data-again]").addEventListener("click", () => { again(); asked[0].querySelector("button").focus(); });
  tools.querySelector("[data-all]").addEventListener("click", () => {
    mode = "all";
    guide();
    asked[0].querySelector("input").focus();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "rule") {
      for (const box of controls("verdict")) box.checked = box.value === event.target.dataset.verdict;
      guide();
    }
  });
  if (form.querySelector("input[name=rule]:checked")) mode = "chosen";

  // A line of what is to be mended leads into its field.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#lint a");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    if (link.hash === "#f-rule" && mode === "chosen") again();
    const box = "value" in target ? target : target.querySelector("input:not([type=hidden]), textarea, select, button:not([hidden])");
    target.scrollIntoView({ block: "center" });
    (box?.checkVisibility?.() ? box : target).focus({ preventScroll: true });
  });
  document.getElementById("f-quote")?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); desk.send("find"); }
  });

  // A phone shows one pane at a time.
  const editor = document.querySelector(".editor"), panes = document.querySelectorAll("[data-pane]");
  desk.pane = (which) => {
    editor.dataset.shows = which;
    for (const button of panes) button.setAttribute("aria-pressed", String(button.dataset.pane === which));
  };
  for (const button of panes) button.addEventListener("click", () => desk.pane(button.dataset.pane));
  if (!quotes(form)) desk.pane("documents");

  document.querySelector(".editor-head details")?.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.currentTarget.open = false;
  });
  count();
  guide();
})();
