"""Fixtures: the game with the small question files of the factories, on both databases."""

from __future__ import annotations

import shutil
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
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of question files; not to be changed."""
    return factories.write_questions(tmp_path_factory.mktemp("questions"))


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with the smallest cost: what it costs is not what these tests are about."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(players, "_hasher", cheap)
    monkeypatch.setattr(players, "_NOBODY", cheap.hash("nobody knows this"))


@pytest.fixture(scope="session")
def stocked_sqlite(run_folder: Path, migrated_sqlite: Path, questions: Path) -> Path:
    """An SQLite file that has the questions, to be copied."""
    file = run_folder / "stocked.sqlite3"

    def build(made: Path) -> None:
        shutil.copyfile(migrated_sqlite, made)
        with factories.playing(f"sqlite:///{made}", questions):
            pass

    once(file, build)
    return file


@pytest.fixture
def app(database_url: str, questions: Path, stocked_sqlite: Path) -> Iterator[Flask]:
    """The game with questions and without players."""
    if database_url.startswith("sqlite"):
        shutil.copyfile(stocked_sqlite, database_url.removeprefix("sqlite:///"))
        with world.running(database_url, QUESTIONS=questions) as app:
            yield app
    else:
        with factories.playing(database_url, questions) as app:
            yield app
