"""Writers commit for each other: together, apart in their failures, told after the commit only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError

from quiz.storage.group_commit import WriteQueue

PATIENCE = 20.0


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A file to write into, one line a row, whose commits are counted."""
    engine = create_engine(f"sqlite:///{tmp_path / 'lines.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE line (words TEXT UNIQUE)"))
    yield engine
    engine.dispose()


@pytest.fixture
def commits(engine: Engine) -> list[int]:
    """How many lines stood in the file at each commit."""
    seen: list[int] = []

    @event.listens_for(engine, "commit")
    def _on_commit(connection: Connection) -> None:
        cursor = connection.connection.cursor()
        seen.append(cursor.execute("SELECT count(*) FROM line").fetchone()[0])

    return seen


@pytest.fixture
def queue(engine: Engine) -> WriteQueue:
    """The queue to the file."""
    return WriteQueue(Engine.begin, PATIENCE)


def line(words: str) -> Callable[[Connection], str]:
    """A write of one line."""

    def write(connection: Connection) -> str:
        connection.execute(text("INSERT INTO line VALUES (:words)"), {"words": words})
        return words

    return write


def lines(engine: Engine) -> set[str]:
    """What is stored, as another connection sees it."""
    with engine.connect() as connection:
        return set(connection.execute(text("SELECT words FROM line")).scalars())


def behind_a_slow_one(
    queue: WriteQueue, engine: Engine, writes: list[Callable[[Connection], Any]]
) -> tuple[Future[str], list[Future[Any]]]:
    """All of these writes, come while a first one is still at it."""
    begun, go_on = Event(), Event()

    def slow(connection: Connection) -> str:
        begun.set()
        assert go_on.wait(PATIENCE)
        return line("slow")(connection)

    with ThreadPoolExecutor(len(writes) + 1) as pool:
        first = pool.submit(queue.write, engine, slow)
        assert begun.wait(PATIENCE)
        others = [pool.submit(queue.write, engine, write) for write in writes]
        while queue.waiting < len(writes):
            assert not any(other.done() for other in others)
        go_on.set()
    return first, others


def test_all_who_wait_are_committed_at_once(
    queue: WriteQueue, engine: Engine, commits: list[int]
) -> None:
    words = [f"line {n}" for n in range(10)]

    first, others = behind_a_slow_one(queue, engine, [line(w) for w in words])

    assert [first.result(), *(o.result() for o in others)] == ["slow", *words]
    assert lines(engine) == {"slow", *words}
    assert commits == [1, 11]


def test_a_write_that_fails_takes_nobody_with_it(queue: WriteQueue, engine: Engine) -> None:
    def fails(connection: Connection) -> None:
        line("half written")(connection)
        raise LookupError("mine alone")

    _, (before, failed, after) = behind_a_slow_one(
        queue, engine, [line("before"), fails, line("after")]
    )

    assert isinstance(failed.exception(), LookupError)
    assert (before.result(), after.result()) == ("before", "after")
    assert lines(engine) == {"slow", "before", "after"}


def test_nobody_is_told_when_the_commit_fails(queue: WriteQueue, engine: Engine) -> None:
    @event.listens_for(engine, "commit")
    def _full(_connection: Connection) -> None:
        raise OperationalError("COMMIT", None, OSError("disk is full"))

    first, others = behind_a_slow_one(queue, engine, [line("one"), line("two")])

    assert all(isinstance(f.exception(), OperationalError) for f in (first, *others))
    event.remove(engine, "commit", _full)
    assert lines(engine) == set()


def test_who_waited_too_long_is_told_so_and_never_written(engine: Engine) -> None:
    queue = WriteQueue(Engine.begin, 0.01)

    with queue.turn(), pytest.raises(OperationalError, match="locked"):
        queue.write(engine, line("given up"))
    queue.write(engine, line("later"))

    assert lines(engine) == {"later"}


def test_a_leader_who_is_interrupted_leaves_the_others_their_turn(
    queue: WriteQueue, engine: Engine
) -> None:
    def interrupted(_connection: Connection) -> None:
        raise KeyboardInterrupt

    _, others = behind_a_slow_one(queue, engine, [interrupted, line("one"), line("two")])

    assert isinstance(others[0].exception(), KeyboardInterrupt)
    assert [o.result() for o in others[1:]] == ["one", "two"]
    assert lines(engine) == {"slow", "one", "two"}


def test_alone_a_write_needs_no_other_thread(
    queue: WriteQueue, engine: Engine, commits: list[int]
) -> None:
    assert [queue.write(engine, line(w)) for w in "abc"] == ["a", "b", "c"]
    assert commits == [1, 2, 3]
