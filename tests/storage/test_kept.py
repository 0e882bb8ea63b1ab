"""What is kept with an engine: one of each kind, made once, gone with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from quiz.storage.kept import Kept


class Shelf:
    """Something to keep."""


def test_one_of_a_kind_is_made_and_kept() -> None:
    kept = Kept()
    assert kept.one(Shelf) is kept.one(Shelf)
    assert kept.one(list, lambda: [1]) == [1]
    assert kept.one(list) == [1]


def test_two_databases_keep_their_own() -> None:
    assert Kept().one(Shelf) is not Kept().one(Shelf)


def test_many_who_ask_at_once_get_the_same() -> None:
    kept, ready = Kept(), Barrier(8)

    def ask(_: int) -> Shelf:
        ready.wait(5)
        return kept.one(Shelf)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(map(id, pool.map(ask, range(8))))) == 1
