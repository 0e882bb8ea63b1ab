"""The one place where errors become HTTP."""

from __future__ import annotations

from flask import Flask, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from ..domain.errors import QuizError
from ..domain.message import Message, msg


def init_errors(app: Flask) -> None:
    """Show every error as a page, or as a fragment to an address that gives fragments."""

    @app.before_request
    def _no_nul() -> None:
        # No keyboard types it, and PostgreSQL cannot store it.
        if any("\0" in text for text in (request.path, *request.values.values())):
            abort(400)

    @app.errorhandler(QuizError)
    def _quiz_error(error: QuizError) -> ResponseReturnValue:
        later = {"Retry-After": "2"} if error.status == 503 else {}
        return *_page(error.status, error.message), later

    @app.errorhandler(CSRFError)
    def _csrf(error: CSRFError) -> ResponseReturnValue:
        return _page(400, _EXPIRED)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error  # a redirect
        allowed = getattr(error, "valid_methods", None)
        return *_page(error.code, None), {"Allow": ", ".join(allowed)} if allowed else {}

    @app.errorhandler(OperationalError)
    def _database(error: OperationalError) -> ResponseReturnValue:
        app.logger.warning("database: %s", error.orig)
        return *_page(503, None, **_NOBODY), {"Retry-After": "2"}

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> ResponseReturnValue:
        app.logger.exception("unforeseen error")
        return _page(500, None, **_NOBODY)


# Where the database is what failed, the page must not ask it who reads.
_NOBODY: dict[str, object] = {"player": lambda: None}
_EXPIRED = msg("This page was open too long or in another session. Go back and reload it.")


def _page(status: int, message: Message | None, **context: object) -> tuple[str, int]:
    part = request.path.endswith("/part")
    template = "_shared/_error.html" if part else "_shared/error.html"
    return render_template(template, status=status, message=message, **context), status
