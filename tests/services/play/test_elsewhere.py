"""The same claim on other files, in the review: shown where it was answered, untold elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from quiz.content.loader import load
from quiz.models import Player
from quiz.services.library.catalogue import Revision, catalogue_of
from quiz.services.library.sync import sync
from quiz.services.play.review import elsewhere
from tests.factories import (
    NOW,
    SKETCHES,
    a_question,
    both,
    create_answers,
    create_round,
    write_set,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CLAIM = both("The bell was heard by everybody in the harbour.")
FILES = {"t-ash": ["tower"], "t-elm": ["harbour", "tower"], "t-fig": ["tower", "harbour"]}
KEYS = [f"tower/{name}" for name in FILES]


@pytest.fixture
def asked(session: Session, questions: Path, tmp_path: Path) -> dict[str, Revision]:
    """The tower with one claim on three lists of files, and another question in their group."""
    folder = tmp_path / "own"
    shutil.copytree(questions, folder)
    entries = [
        a_question(
            "tower",
            n,
            sketch,
            contrast="bell" if n < 4 else None,
            **({"files": FILES[sketch.id], "claim": CLAIM} if sketch.id in FILES else {}),
        )
        for n, sketch in enumerate(SKETCHES["tower"])
    ]
    write_set(folder, "tower", entries)
    sync(session, load(folder), NOW)
    return {r.key: r for r in catalogue_of(session).set(session, "tower").revisions}


def test_the_other_files_are_told_and_of_what_is_not_answered_nothing_else(
    session: Session, pupil: Player, asked: dict[str, Revision]
) -> None:
    create_answers(session, create_round(session, pupil, keys=KEYS[:1]))

    others = elsewhere(session, pupil.id, asked[KEYS[0]])

    assert [[d.slug for d in other.files] for other in others] == [
        ["harbour", "tower"],
        ["tower", "harbour"],
    ]
    assert [other.answer for other in others] == [None, None]


def test_what_was_answered_there_comes_with_its_answer(
    session: Session, pupil: Player, outsider: Player, asked: dict[str, Revision]
) -> None:
    create_answers(session, create_round(session, pupil, keys=KEYS[:2]))
    create_answers(session, create_round(session, outsider, keys=KEYS))

    answered, unmet = elsewhere(session, pupil.id, asked[KEYS[0]])

    assert answered.answer is not None
    assert answered.answer.key == KEYS[1]
    assert unmet.answer is None


def test_another_claim_of_the_group_and_a_claim_without_one_are_nowhere_else(
    session: Session, pupil: Player, asked: dict[str, Revision]
) -> None:
    assert asked["tower/t-oak"].contrast == asked[KEYS[0]].contrast
    assert elsewhere(session, pupil.id, asked["tower/t-oak"]) == ()
    assert elsewhere(session, pupil.id, asked["tower/t-fir"]) == ()
