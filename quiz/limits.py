"""Limits on sign-in. A class shares one address, so the strict limit is per name."""

from __future__ import annotations

import unicodedata

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse

limiter = Limiter(key_func=get_remote_address, strategy="moving-window")


class SignInTries:
    """Tries to sign in: per name, and per address with room for a whole school behind one."""

    per_name: RateLimitItem = parse("10/15minutes")
    per_address: RateLimitItem = parse("300/15minutes")

    def take(self, name: str) -> bool:
        """Count a try before it is made, atomically; False when the limit is reached."""
        counter = limiter.limiter
        return counter.hit(self.per_name, "sign-in", _fold(name)) and counter.hit(
            self.per_address, "sign-in", get_remote_address()
        )

    def succeeded(self, name: str) -> None:
        """Forget the tries for a name: only failures in a row count."""
        limiter.limiter.clear(self.per_name, "sign-in", _fold(name))


sign_in_tries = SignInTries()


def init_limits(app: Flask) -> None:
    """Set the counters up: in memory, or where RATELIMIT_STORAGE_URI says."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    limiter.init_app(app)


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name[:80]).casefold().strip()
