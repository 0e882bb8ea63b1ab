"""Requests that change something come from our own pages only."""

from __future__ import annotations

from flask import Flask, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

_protect = CSRFProtect()
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def init_csrf(app: Flask) -> None:
    """Ask for the session's token, and where the browser tells who sent it, for our own origin."""
    _protect.init_app(app)

    @app.before_request
    def _own_origin() -> None:
        # Browsers that send the header cannot be made to lie about it by another site.
        sender = request.headers.get("Sec-Fetch-Site")
        if request.method not in _SAFE and sender not in (None, "same-origin", "none"):
            raise CSRFError("sent by another site")
