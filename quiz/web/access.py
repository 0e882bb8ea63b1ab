"""Who is asking: the player behind the session cookie."""

from __future__ import annotations

from flask import Flask, Response, abort, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from itsdangerous import URLSafeTimedSerializer

from ..models import Player
from ..services.accounts.players import player_by_session
from ..services.play.answers import Caller
from ..storage.db import db
from .assets import ASSETS


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


class CookieLogin(LoginManager):  # type: ignore[misc]  # Flask-Login has no types
    """Flask-Login without its second cookie: the game sets none, so it reads none."""

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return None


login_manager = CookieLogin()
# Phones change networks in the middle of a lesson; the address must not end a session.
login_manager.session_protection = None


def init_access(app: Flask) -> None:
    """Set up the session cookie, and whom it stands for."""
    app.session_interface = Sessions(app)
    # Templates ask for the player themselves: the fragments of a round do without.
    login_manager.init_app(app, add_context_processor=False)


class Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A player as Flask-Login sees one. The id holds the token: a new one ends all sessions."""

    def __init__(self, player: Player) -> None:
        self.player = player

    def get_id(self) -> str:
        return f"{self.player.id}.{self.player.session_token}"


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(session_id: str) -> Visitor | None:
    caller = _parse(session_id)
    player = caller and player_by_session(db.session(), caller.player_id, caller.token)
    return Visitor(player) if player else None


def player() -> Player | None:
    """The player of this request, None for somebody who has not played yet. One query, once."""
    return current_user.player if current_user.is_authenticated else None


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
    found = _parse(session.get("_user_id", ""))
    if found is None:
        abort(404)
    return found


def enter(new: Player) -> None:
    """Start a session for this player: whatever the browser carried before is dropped."""
    kept = {name: session[name] for name in ("ui", "content", "theme") if name in session}
    session.clear()  # a new CSRF token too: nothing planted before survives the sign-in
    session.update(kept)
    session.permanent = True
    login_user(Visitor(new))


def keep_signed_in() -> None:
    """Let the cookie's life begin anew: once a round, so that whoever plays on is not forgotten."""
    session.modified = True


def leave() -> None:
    """End the session in this browser."""
    logout_user()
    kept = {name: session[name] for name in ("ui", "content", "theme") if name in session}
    session.clear()
    session.update(kept)


def _parse(session_id: str) -> Caller | None:
    number, _, token = session_id.partition(".")
    return Caller(int(number), token) if number.isascii() and number.isdigit() and token else None
