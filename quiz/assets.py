"""Static files under addresses that change with their content, so that browsers keep them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer


class Sessions(SecureCookieSessionInterface):
    """Flask's own, silent on static files: a `Vary: Cookie` there would empty the caches.

    The signer is made once, from the secret of the start.
    """

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, _app: Flask) -> URLSafeTimedSerializer | None:
        """What reads and writes the cookie."""
        return self._signer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie, except with a static file."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


@cache
def _fingerprint(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def init_assets(app: Flask) -> None:
    """Add `v=<hash of the content>` to every address made by url_for("static", …)."""
    app.session_interface = Sessions(app)
    folder = Path(app.static_folder or "")

    @app.url_defaults
    def _version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            path = folder / values["filename"]
            values["v"] = _fingerprint(path, path.stat().st_mtime_ns)
