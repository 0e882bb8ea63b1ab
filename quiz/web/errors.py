"""The one place where errors become HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from ..domain.errors import QuizError
from ..domain.message import Message, msg
from .pages import Page, render, render_part


@dataclass(frozen=True, slots=True)
class ErrorPage(Page):
    """What went wrong: the status, and a message if there is one of its own."""

    template: ClassVar = "_shared/error.html"
    status: int
    message: Message | None


def _nobody() -> None:
    """In the place of `access.player`."""


@dataclass(frozen=True, slots=True)
class LoneErrorPage(ErrorPage):
    """The same where the database is what failed: the page must not ask it who reads."""

    player: Callable[[], None] = _nobody


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
        return *_shown(LoneErrorPage(503, None)), {"Retry-After": "2"}

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> ResponseReturnValue:
        app.logger.exception("unforeseen error")
        return _shown(LoneErrorPage(500, None))


_EXPIRED = msg("This page was open too long or in another session. Go back and reload it.")


def error_page(status: int) -> tuple[str, int]:
    """The answer to a request that cannot be met, where there is no more to say than the status."""
    return _page(status, None)


def _page(status: int, message: Message | None) -> tuple[str, int]:
    return _shown(ErrorPage(status, message))


def _shown(page: ErrorPage) -> tuple[str, int]:
    html = render_part(page) if request.path.endswith("/part") else render(page)
    return html, page.status
