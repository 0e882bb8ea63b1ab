"""Limits on sign-in. A class shares one address, so the strict limit is per name.

Several processes count together, in Redis. While it is away nobody's tries are counted, so nobody
may try.
"""

from __future__ import annotations

from flask import Flask, current_app, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import RedisStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from .errors import Away
from .redis_link import connections
from .services.accounts import name_key


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


sign_in_tries = SignInTries()


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
