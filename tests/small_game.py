"""Fixtures: the game with the small question files of the factories, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import argon2
import pytest

from quiz.services.accounts import players
from tests import factories

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture(scope="session")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of question files; not to be changed."""
    return factories.write_questions(tmp_path_factory.mktemp("questions"))


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the smallest cost: what it costs is not what these tests are about."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(players, "_hasher", cheap)
    monkeypatch.setattr(players, "_NOBODY", cheap.hash("nobody knows this"))


@pytest.fixture
def app(database_url: str, questions: Path) -> Iterator[Flask]:
    """The game with questions and without players."""
    with factories.playing(database_url, questions) as app:
        yield app
