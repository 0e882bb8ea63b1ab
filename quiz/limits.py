"""Limits on guessing. A class shares one address, so the strict limits are per name or player."""

from __future__ import annotations

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from .services.accounts import name_key


class SignInTries:
    """Tries to sign in: per name, and per address with room for a whole school behind one."""

    per_name: RateLimitItem = parse("10/15minutes")
    per_address: RateLimitItem = parse("300/15minutes")

    def take(self, name: str) -> bool:
        """Count a try before it is made, atomically; False when the limit is reached."""
        counter = _counter()
        return counter.hit(self.per_name, "sign-in", name_key(name)) and counter.hit(
            self.per_address, "sign-in", request.remote_addr or "nowhere"
        )

    def succeeded(self, name: str) -> None:
        """Forget the tries for a name: only failures in a row count."""
        _counter().clear(self.per_name, "sign-in", name_key(name))


class CodeTries:
    """Wrong codes of classes and rooms: per player, and per address with room for a whole class.

    Only failures count: thirty pupils who join at once from one address do not. Some tries sent in
    parallel pass beyond the limit, each of them one in a billion.
    """

    per_player: RateLimitItem = parse("10/15minutes")
    per_address: RateLimitItem = parse("60/15minutes")

    def allowed(self, player_id: int | None) -> bool:
        """Whether a try may be made; it is not counted."""
        counter = _counter()
        return all(counter.test(item, *who) for item, *who in self._counts(player_id))

    def failed(self, player_id: int | None) -> None:
        """Count a code that joins nothing."""
        counter = _counter()
        for item, *who in self._counts(player_id):
            counter.hit(item, *who)

    def _counts(self, player_id: int | None) -> list[tuple[RateLimitItem, str, str]]:
        """What a try counts for; somebody without a record has an address only."""
        counts = [(self.per_address, "code", f"from {request.remote_addr or 'nowhere'}")]
        return [*counts, (self.per_player, "code", str(player_id))] if player_id else counts


sign_in_tries = SignInTries()
code_tries = CodeTries()


def _counter() -> MovingWindowRateLimiter:
    counter: MovingWindowRateLimiter = current_app.extensions["limits"]
    return counter


def init_limits(app: Flask) -> None:
    """Set the counters up: in memory, or where LIMITS_STORAGE says."""
    storage = storage_from_string(app.config.setdefault("LIMITS_STORAGE", "memory://"))
    app.extensions["limits"] = MovingWindowRateLimiter(storage)
