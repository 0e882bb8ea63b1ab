"""Connections to Redis that give up soon: nobody's request waits long for a Redis that is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..config import BadSetting

if TYPE_CHECKING:
    from redis import ConnectionPool

CONNECT_SECONDS = 0.2
ANSWER_SECONDS = 0.3


def connections(url: str) -> ConnectionPool:
    """A pool of connections to the Redis at QUIZ_REDIS_URL; connects to nothing yet.

    Raises BadSetting for an address that cannot be one; it is not repeated, for its password.
    """
    try:
        from redis import ConnectionPool
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError:
        raise BadSetting(
            "QUIZ_REDIS_URL needs Redis's client: install requirements-server.txt."
        ) from None
    try:
        return ConnectionPool.from_url(
            url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
    except ValueError as error:
        raise BadSetting(
            "QUIZ_REDIS_URL is no address of a Redis; "
            "use one like redis://localhost:6379/0 or unix:///run/redis.sock."
        ) from error
