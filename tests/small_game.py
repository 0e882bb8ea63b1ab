"""Fixtures: the game with the small question files of the factories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import argon2
import pytest

from quiz.services.accounts import players
from tests import factories, world
from tests.postgres import once

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture(scope="session")
def questions(run_folder: Path) -> Path:
    """A folder of question files, the run's; not to be changed."""
    folder = run_folder / "questions"
    once(folder, factories.write_questions)
    return folder


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the smallest cost: what it costs is not what these tests are about."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(players, "_hasher", cheap)
    monkeypatch.setattr(players, "_NOBODY", cheap.hash("nobody knows this"))


@pytest.fixture
def stock(questions: Path) -> Path:
    """What a test's database has from the start."""
    return questions


@pytest.fixture
def app(database_url: str, questions: Path) -> Iterator[Flask]:
    """The game with questions and without players."""
    with world.running(database_url, QUESTIONS=questions) as app:
        yield app
