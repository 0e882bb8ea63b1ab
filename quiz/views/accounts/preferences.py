"""Languages and colours, kept in the session cookie."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from ...web.i18n import LANGUAGES

bp = Blueprint("preferences", __name__)
THEMES = ("auto", "light", "dark")


@bp.post("/preferences")
def save() -> Response:
    """Keep what was chosen, and go back to the page it was chosen on."""
    for name in ("ui", "content"):
        if request.form.get(name) in LANGUAGES:
            session[name] = request.form[name]
    if request.form.get("theme") in THEMES:
        session["theme"] = request.form["theme"]
    session.permanent = True
    return redirect(local_path(request.form.get("next", "")), 303)


def local_path(target: str) -> str:
    """The target if it is a page of ours, else the home page: no open redirect."""
    if not target.isprintable():  # a line break has no place in a header
        return url_for("home.index")
    path, _, query = target.partition("?")
    routes = current_app.url_map.bind("")
    try:
        routes.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return url_for("home.index")
    return f"{path}?{query}" if query else path
