"""Limits on sign-in. A class shares one address, so the strict limit is per name."""

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
        counter = self._counter
        return counter.hit(self.per_name, "sign-in", name_key(name)) and counter.hit(
            self.per_address, "sign-in", request.remote_addr or "nowhere"
        )

    def succeeded(self, name: str) -> None:
        """Forget the tries for a name: only failures in a row count."""
        self._counter.clear(self.per_name, "sign-in", name_key(name))

    @property
    def _counter(self) -> MovingWindowRateLimiter:
        counter: MovingWindowRateLimiter = current_app.extensions["limits"]
        return counter


sign_in_tries = SignInTries()


def init_limits(app: Flask) -> None:
    """Set the counters up: in memory, or where LIMITS_STORAGE says."""
    storage = storage_from_string(app.config.setdefault("LIMITS_STORAGE", "memory://"))
    app.extensions["limits"] = MovingWindowRateLimiter(storage)
