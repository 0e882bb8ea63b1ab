"""Who is asking: the player behind the session cookie."""

from __future__ import annotations

from flask import Flask, Response, abort, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

from ..models import Player
from ..services.accounts.players import player_by_session
from ..services.play.answers import Caller
from ..storage.db import db
from .assets import ASSETS

_WHO = "_user_id"
"""Where the session holds "player.token"; a new token ends all of a player's sessions."""


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
        if request.endpoint not in ASSETS:
            super().save_session(app, session, response)


def init_access(app: Flask) -> None:
    """Set up the session cookie."""
    app.session_interface = Sessions(app)


def player() -> Player | None:
    """The player of this request, None for somebody who has not played yet. One query, once."""
    if "player" not in g:
        found = _caller()
        g.player = found and player_by_session(db.session(), found.player_id, found.token)
    who: Player | None = g.player
    return who


def trainer() -> Player:
    """The trainer of this request; 404 for anybody else, as if there were no such page."""
    who = player()
    if who is None or not who.is_trainer:
        abort(404)
    return who


def caller() -> Caller:
    """The player's id and token straight from the cookie, without a query; 404 without one.

    The queries of a round check the token themselves.
    """
    found = _caller()
    if found is None:
        abort(404)
    return found


def enter(new: Player) -> None:
    """Start a session for this player: whatever the browser carried before is dropped."""
    _keep_preferences_only()  # a new CSRF token too: nothing planted before survives the sign-in
    session.permanent = True
    session[_WHO] = f"{new.id}.{new.session_token}"
    g.player = new


def keep_signed_in() -> None:
    """Let the cookie's life begin anew: once a round, so that whoever plays on is not forgotten."""
    session.modified = True


def leave() -> None:
    """End the session in this browser."""
    _keep_preferences_only()
    g.player = None


def _keep_preferences_only() -> None:
    kept = {name: session[name] for name in ("ui", "content", "theme") if name in session}
    session.clear()
    session.update(kept)


def _caller() -> Caller | None:
    number, _, token = session.get(_WHO, "").partition(".")
    return Caller(int(number), token) if number.isascii() and number.isdigit() and token else None
