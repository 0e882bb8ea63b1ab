"""Errors of the game, and the one place where they become HTTP."""

from __future__ import annotations

from flask import Flask, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException


class QuizError(Exception):
    """An error the person at the screen can do something about."""

    status = 400


class NotFound(QuizError):
    """There is no such thing, or it is somebody else's; both look the same."""

    status = 404


class BadInput(QuizError):
    """Something typed or chosen is not usable: which field, and the code of what is wrong.

    labels.problem gives the words for a code.
    """

    status = 422

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.code = code


class Conflict(QuizError):
    """What is asked for does not go with what has happened; `code` as in BadInput, if known."""

    status = 409

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class TooMany(QuizError):
    """Too many tries in too short a time."""

    status = 429


class Away(QuizError):
    """Something the answer depends on is out of reach for the moment."""

    status = 503


class WeakDurability(RuntimeError):
    """The database is set up so that it could lose an acknowledged answer."""


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
        return *_page(error.status, getattr(error, "code", None)), later

    @app.errorhandler(CSRFError)
    def _csrf(error: CSRFError) -> ResponseReturnValue:
        return _page(400, "csrf")

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


def _page(status: int, code: str | None, **context: object) -> tuple[str, int]:
    part = request.path.endswith("/part")
    template = "_error.html" if part else "error.html"
    return render_template(template, status=status, code=code, **context), status
