"""Limits on guessing. A class shares one address, so the strict limits are per name or player.

Several processes count together, in Redis. While it is away nobody's tries are counted, so nobody
may try to sign in.
"""

from __future__ import annotations

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import RedisStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from ..domain.errors import Away
from ..services.accounts.players import name_key
from ..storage.redis_link import connections


class SignInTries:
    """Tries to sign in: per name, and per address with room for a whole school behind one."""

    per_name: RateLimitItem = parse("10/15minutes")
    per_address: RateLimitItem = parse("300/15minutes")

    def take(self, name: str) -> bool:
        """Count a try before it is made, atomically; False when the limit is reached.

        Raises Away when it cannot be counted.
        """
        return take(self.per_name, "sign-in", name_key(name)) and take(
            self.per_address, "sign-in", request.remote_addr or "nowhere"
        )

    def succeeded(self, name: str) -> None:
        """Forget the tries for a name: only failures in a row count."""
        try:
            _counter().clear(self.per_name, "sign-in", name_key(name))
        except StorageError as error:  # the name's next tries are fewer, that is all
            current_app.logger.warning("limits: %s", error)


class CodeTries:
    """Wrong codes of classes and rooms: per player, and per address with room for a whole class.

    Only failures count: thirty pupils who join at once from one address do not. Some tries sent in
    parallel pass beyond the limit, each of them one in a billion. Who cannot be counted, while
    Redis is away, may join: a lesson goes on, and the right code is in the hands of who has it.
    """

    per_player: RateLimitItem = parse("10/15minutes")
    per_address: RateLimitItem = parse("60/15minutes")

    def allowed(self, player_id: int | None) -> bool:
        """Whether a try may be made; it is not counted."""
        try:
            return all(_counter().test(item, *who) for item, *who in self._counts(player_id))
        except StorageError as error:
            current_app.logger.warning("limits: %s", error)
            return True

    def failed(self, player_id: int | None) -> None:
        """Count a code that joins nothing."""
        try:
            for item, *who in self._counts(player_id):
                _counter().hit(item, *who)
        except StorageError as error:
            current_app.logger.warning("limits: %s", error)

    def _counts(self, player_id: int | None) -> list[tuple[RateLimitItem, str, str]]:
        """What a try counts for; somebody without a record has an address only."""
        counts = [(self.per_address, "code", f"from {request.remote_addr or 'nowhere'}")]
        return [*counts, (self.per_player, "code", str(player_id))] if player_id else counts


NAME_TRIES: RateLimitItem = parse("30/15minutes")
"""How often a trainer may name another one: nobody learns who is a trainer by trying names."""
DISPUTES: RateLimitItem = parse("10/hour")
"""How often a player may try to dispute a verdict."""

DISPUTES_FROM: RateLimitItem = parse("90/hour")
"""The same for an address, with room for a class behind one."""

sign_in_tries = SignInTries()
code_tries = CodeTries()


def take(limit: RateLimitItem, *of: str) -> bool:
    """Count one more, atomically, whatever the words stand for; False when the limit is reached.

    Raises Away when it cannot be counted.
    """
    try:
        return _counter().hit(limit, *of)
    except StorageError as error:
        current_app.logger.warning("limits: %s", error)
        raise Away("limits") from error


def _counter() -> MovingWindowRateLimiter:
    counter: MovingWindowRateLimiter = current_app.extensions["limits"]
    return counter


def init_limits(app: Flask) -> None:
    """Set the counters up: where LIMITS_STORAGE says, else in Redis if there is one, or in memory.

    Raises BadSetting for a Redis that cannot be one.
    """
    if "LIMITS_STORAGE" in app.config or not app.config["REDIS_URL"]:
        where = app.config.setdefault("LIMITS_STORAGE", "memory://")
        app.extensions["limits"] = MovingWindowRateLimiter(storage_from_string(where))
        return
    pool = connections(app.config["REDIS_URL"])
    redis = RedisStorage("redis://", connection_pool=pool, wrap_exceptions=True)
    app.extensions["limits"] = MovingWindowRateLimiter(redis)
