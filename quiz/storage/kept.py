"""What a process keeps beside one database: the queue of its writers, and what was read of it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


class Kept:
    """Objects that live as long as the engine they are kept with, one of each kind.

    Safe with threads.
    """

    def __init__(self) -> None:
        self._objects: dict[type[Any], Any] = {}
        self._lock = Lock()

    def one(self, kind: type[T], make: Callable[[], T] | None = None) -> T:
        """The object of this kind, made when it is first asked for: by `make`, or of the kind."""
        found: T | None = self._objects.get(kind)
        if found is not None:
            return found
        with self._lock:
            made: T = self._objects.setdefault(kind, (make or kind)())
            return made
