// Forms that are sent without leaving the page: what a browser does after loading a page is done
// here after #main was replaced. The forms work without this file.

// What stands in the new #main was not there before, so it would not be heard as news.
const heard = Object.assign(document.createElement("p"), { className: "visually-hidden" });
heard.setAttribute("aria-live", "polite");
document.body.prepend(heard);  // at the end it would lengthen a short page

/** Where an error is mended: the field that it describes; the error itself if there is none. */
function placeOf(error) {
  const field = document.querySelector(`[aria-describedby~="${CSS.escape(error.id)}"]`);
  return (field?.matches("fieldset") ? field.querySelector("input, select, textarea") : field) ?? error;
}

function focus(element) {
  if (element.tabIndex < 0) element.tabIndex = -1;  // a paragraph takes the focus only if told to
  element.focus({ preventScroll: true });
}

/** Puts the reader where the news is: gives what is still to be heard. */
function showNews(main, ctx) {
  const error = main.querySelector(".error[id^='error-']");
  if (error) {
    ctx.request.anchor = "";  // htmx would scroll there
    focus(placeOf(error));
    error.scrollIntoView({ block: "center" });
    return "";
  }
  // htmx keeps the focus on what has an id in both: a filter stays under the hand that chose it.
  if (document.activeElement !== main && main.contains(document.activeElement)) {
    return main.querySelector("[role=status]")?.textContent ?? "";
  }
  const notice = main.querySelector(".notice[role=status]"), at = document.getElementById(ctx.request.anchor);
  const place = at ?? main.querySelector(".error-page [data-focus]") ?? notice ?? main;
  focus(place);
  if (!at) window.scrollTo(0, 0);
  return place === notice ? "" : notice?.textContent ?? ctx.title;
}

document.addEventListener("htmx:after:swap", ({ target, detail: { ctx } }) => {
  if (target.id === "main") heard.textContent = showNews(target, ctx);
});

// Coming back to the same page is no step that the Back button should have to undo.
document.addEventListener("htmx:before:history:update", ({ detail: { history } }) => {
  const { pathname, search } = new URL(history.path, location.href);
  if (pathname === location.pathname && search === location.search) history.type = "replace";
});
