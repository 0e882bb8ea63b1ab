"""Writers of one process to one SQLite file take turns, and commit for each other.

SQLite lets one write at a time and waits for the disk at every commit. Its own waiting sleeps
longer and longer, up to a tenth of a second at a time, while the lock is free again after a
millisecond. Here whoever has the turn runs, in one transaction, what all the others wait to write,
and nobody is told before the commit. (LevelDB's writers work like this.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

T = TypeVar("T")


@dataclass(slots=True, eq=False, repr=False)
class Waiting:
    """A write that waits, and later what came of it."""

    write: Callable[[Connection], Any]
    is_over: bool = False
    result: Any = None
    error: Exception | None = None

    def outcome(self) -> Any:
        """The result; raises what the write or its commit raised."""
        if self.error is not None:
            raise self.error
        return self.result


class WriteQueue:
    """Those who wait to write to one database. Safe with threads.

    `transaction` opens a write transaction, and commits or rolls back at its end. `patience` is in
    seconds.
    """

    def __init__(
        self, transaction: Callable[[Engine], AbstractContextManager[Connection]], patience: float
    ) -> None:
        self._transaction = transaction
        self._patience = patience
        self._lock = Lock()
        self._waiting: deque[Waiting] = deque()

    @property
    def waiting(self) -> int:
        """How many wait to write."""
        return len(self._waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be the only writer for a while; raises OperationalError when the wait is too long."""
        if not self._lock.acquire(timeout=self._patience):
            raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError("database is locked"))
        try:
            yield
        finally:
            self._lock.release()

    def write(self, engine: Engine, write: Callable[[Connection], T]) -> T:
        """Run `write`, or have it run, in a transaction that is committed when this returns.

        Raises what `write` raises, and OperationalError when the database stays locked: then
        nothing is known of it, and to try again must be safe.
        """
        mine = Waiting(write)
        self._waiting.append(mine)
        try:
            with self.turn():
                if not mine.is_over:
                    self._lead(engine, self._all_waiting(mine))
        except BaseException:  # nobody waits for it any more
            with suppress(ValueError):
                self._waiting.remove(mine)
            raise
        result: T = mine.outcome()
        return result

    def _all_waiting(self, mine: Waiting) -> list[Waiting]:
        batch = []
        with suppress(IndexError):
            while True:
                batch.append(self._waiting.popleft())
        # An earlier leader may have been interrupted after it took mine.
        return batch if mine in batch else [*batch, mine]

    def _lead(self, engine: Engine, batch: list[Waiting]) -> None:
        error: Exception | None = None
        try:
            with self._transaction(engine) as connection:
                for waiting in batch:
                    waiting.result = waiting.write(connection)
        except OperationalError as locked_or_full:  # the database's state, the same for all
            error = locked_or_full
        except Exception as own:  # whatever it is, it goes to the one whose write raised it
            if len(batch) > 1:
                for waiting in batch:
                    self._lead(engine, [waiting])
                return
            error = own
        for waiting in batch:
            waiting.error = error
            waiting.is_over = True
