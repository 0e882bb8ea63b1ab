"""On which documents a question is judged: its own files, else all those of its set."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from quiz.content.loader import load
from quiz.services.library.catalogue import Revision, catalogue_of
from quiz.services.library.sync import sync
from tests.factories import NOW, SKETCHES, a_question, write, write_set

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FILES: dict[str, Any] = {"t-ash": ["tower"], "t-elm": ["tower", "harbour"]}


@pytest.fixture
def folder(questions: Path, tmp_path: Path) -> Path:
    """The small game's questions; two of the tower name their files."""
    folder = tmp_path / "own"
    shutil.copytree(questions, folder)
    entries = [
        a_question(
            "tower", n, sketch, **({"files": FILES[sketch.id]} if sketch.id in FILES else {})
        )
        for n, sketch in enumerate(SKETCHES["tower"])
    ]
    write_set(folder, "tower", entries)
    return folder


def tower(session: Session, folder: Path) -> dict[str, Revision]:
    """Today's questions of the tower as a new process finds them."""
    sync(session, load(folder), NOW)
    return {r.question.id: r for r in catalogue_of(session).set(session, "tower").revisions}


def files_of(session: Session, revision: Revision) -> list[str]:
    return sorted(catalogue_of(session).files_of(session, revision))


def test_a_question_without_files_is_judged_on_all_of_its_set(
    session: Session, folder: Path
) -> None:
    assert files_of(session, tower(session, folder)["t-fir"]) == ["harbour", "tower"]


def test_a_question_with_files_is_judged_on_these_alone(session: Session, folder: Path) -> None:
    known = tower(session, folder)
    assert files_of(session, known["t-ash"]) == ["tower"]
    assert files_of(session, known["t-elm"]) == ["harbour", "tower"]


def test_a_file_that_changes_makes_a_new_question_and_the_old_one_keeps_its_words(
    session: Session, folder: Path
) -> None:
    before = tower(session, folder)
    text = (folder / "documents/harbour.txt").read_text("utf-8")
    write(folder, "documents/harbour.txt", f"{text}Ben wrote too.\n")

    after = tower(session, folder)

    assert after["t-ash"].id == before["t-ash"].id  # not judged on the harbour
    assert after["t-elm"].id != before["t-elm"].id
    kept = catalogue_of(session).files_of(session, before["t-elm"])["harbour"]
    assert kept.text == text
    assert after["t-elm"].files["harbour"].text != text
