"""Question files into the database: added to, never changed under a response's feet."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from quiz.content.loader import load
from quiz.domain.answer import Look, Mode, Submission
from quiz.domain.errors import NotFound
from quiz.models import (
    DocumentVersion,
    Player,
    QuestionRevision,
    QuestionSetRow,
    Response,
    SetEntry,
)
from quiz.services.library.catalogue import StoredSet, catalogue_of
from quiz.services.library.sync import SyncReport, sync
from quiz.services.play import rounds, solo
from quiz.services.play.review import reviewed_question
from tests.factories import (
    HOSTILE,
    NOW,
    SKETCHES,
    a_question,
    both,
    caller_of,
    create_answers,
    create_round,
    given,
    rng,
    write,
    write_questions,
    write_set,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

QUESTIONS = [a_question("harbour", n, s) for n, s in enumerate(SKETCHES["harbour"])]


@pytest.fixture
def folder(questions: Path, tmp_path: Path) -> Path:
    """The question files of the game, to be changed."""
    return Path(shutil.copytree(questions, tmp_path / "questions"))


def resync(session: Session, folder: Path) -> SyncReport:
    """Load the files again."""
    return sync(session, load(folder), NOW)


def rewrite(folder: Path, **changes: Any) -> None:
    """Change the first question of the set "harbour"."""
    write_set(folder, "harbour", [{**QUESTIONS[0], **changes}, *QUESTIONS[1:]])


def counts(session: Session) -> list[int | None]:
    """How many documents, revisions, sets and entries are stored."""
    tables = (DocumentVersion.id, QuestionRevision.id, QuestionSetRow.slug, SetEntry.revision_id)
    return [session.scalar(select(func.count(column))) for column in tables]


def offered(session: Session) -> dict[str, StoredSet]:
    """The sets on offer."""
    return {stored.slug: stored for stored in catalogue_of(session).sets(session)}


def test_a_first_sync_stores_all_that_the_files_hold(session: Session) -> None:
    assert counts(session) == [2, 28, 3, 28]
    assert list(offered(session)) == ["examples", "harbour", "tower"]
    assert [r.question.id for r in offered(session)["harbour"].revisions] == [
        sketch.id for sketch in SKETCHES["harbour"]
    ]


def test_syncing_again_changes_nothing(session: Session, folder: Path) -> None:
    before = counts(session)

    assert resync(session, folder) == SyncReport()
    assert counts(session) == before


def test_a_changed_question_is_one_new_revision(session: Session, folder: Path) -> None:
    rewrite(folder, claim=both("A better wording"))

    assert resync(session, folder) == SyncReport(revisions=1)
    assert counts(session) == [2, 29, 3, 28]
    claims = [r.question.claim["en"] for r in offered(session)["harbour"].revisions]
    assert "A better wording (English)" in claims
    assert "Claim harbour h-ash. (English)" not in claims


def test_responses_keep_their_revision_and_the_review_its_wording(
    session: Session, folder: Path, pupil: Player
) -> None:
    played = create_round(session, pupil, keys=["harbour/h-ash"])
    (row,) = create_answers(session, played)
    answered = row.revision_id

    rewrite(folder, claim=both("A better wording"), verdict="false", rule="F1")
    resync(session, folder)

    session.expire_all()
    assert session.get_one(Response, row.id).revision_id == answered
    (seen,) = reviewed_question(session, pupil.id, "harbour", "h-ash")
    assert seen.revision.question.claim["en"] == "Claim harbour h-ash. (English)"
    assert seen.outcome.right


def test_both_wordings_are_one_question_in_the_review(
    session: Session, folder: Path, pupil: Player
) -> None:
    create_answers(session, create_round(session, pupil, keys=["harbour/h-ash"]))
    rewrite(folder, claim=both("A better wording"))
    resync(session, folder)
    create_answers(session, create_round(session, pupil, keys=["harbour/h-ash"]))

    answers = reviewed_question(session, pupil.id, "harbour", "h-ash")

    wordings = {a.revision.question.claim["en"] for a in answers}
    assert wordings == {"A better wording (English)", "Claim harbour h-ash. (English)"}


def test_going_back_to_an_earlier_wording_goes_back_to_its_revision(
    session: Session, folder: Path
) -> None:
    first = [r.id for r in offered(session)["harbour"].revisions]
    rewrite(folder, claim=both("A better wording"))
    resync(session, folder)
    rewrite(folder)

    assert resync(session, folder) == SyncReport()
    assert [r.id for r in offered(session)["harbour"].revisions] == first


def test_a_changed_document_renews_what_quotes_it_and_nothing_else(
    session: Session, folder: Path
) -> None:
    old = {r.key: r.id for s in offered(session).values() for r in s.revisions}
    text = (folder / "documents/harbour.txt").read_text("utf-8")
    write(folder, "documents/harbour.txt", text.replace(HOSTILE, "Nothing more"))

    report = resync(session, folder)

    new = {r.key: r.id for s in offered(session).values() for r in s.revisions}
    assert report == SyncReport(documents=1, revisions=16)
    assert {key.split("/")[0] for key in new if new[key] != old[key]} == {"harbour", "examples"}


def test_a_changed_order_adds_nothing(session: Session, folder: Path) -> None:
    write_set(folder, "harbour", QUESTIONS[::-1])

    assert resync(session, folder) == SyncReport()
    assert [r.question.id for r in offered(session)["harbour"].revisions] == [
        sketch.id for sketch in SKETCHES["harbour"][::-1]
    ]


def test_a_question_taken_out_leaves_the_set_and_stays_in_the_review(
    session: Session, folder: Path, pupil: Player
) -> None:
    create_answers(session, create_round(session, pupil, keys=["harbour/h-ash"]))
    write_set(folder, "harbour", QUESTIONS[1:])
    resync(session, folder)

    assert len(offered(session)["harbour"].revisions) == 11
    assert reviewed_question(session, pupil.id, "harbour", "h-ash")


def test_a_set_without_its_file_is_retired_not_deleted(
    session: Session, folder: Path, pupil: Player
) -> None:
    create_answers(session, create_round(session, pupil, keys=["tower/t-ash"], set_slug="tower"))
    (folder / "sets/tower.yaml").unlink()

    assert resync(session, folder) == SyncReport(retired=1)
    assert list(offered(session)) == ["examples", "harbour"]
    with pytest.raises(NotFound):
        rounds.start_round(session, pupil.id, "tower", Mode.QUICK, 5, "key", NOW, rng())
    assert reviewed_question(session, pupil.id, "tower", "t-ash")
    assert resync(session, folder) == SyncReport()  # retired once


def test_a_retired_set_comes_back_with_its_file(session: Session, folder: Path) -> None:
    before = [r.id for r in offered(session)["tower"].revisions]
    content = (folder / "sets/tower.yaml").read_text("utf-8")
    (folder / "sets/tower.yaml").unlink()
    resync(session, folder)
    write(folder, "sets/tower.yaml", content)

    assert resync(session, folder) == SyncReport()
    assert [r.id for r in offered(session)["tower"].revisions] == before


@pytest.mark.parametrize("broken", ["", "{", "format: 1\ntitle: &a [*a]\n", "\x00", "- 1\n"])
def test_a_broken_file_leaves_the_other_sets_served(
    session: Session, folder: Path, broken: str
) -> None:
    write(folder, "sets/tower.yaml", broken)

    library = load(folder)
    sync(session, library, NOW)

    assert {problem.file for problem in library.problems} == {"sets/tower.yaml"}
    assert list(offered(session)) == ["examples", "harbour"]


def test_a_round_goes_on_when_its_set_is_retired_in_the_middle(
    session: Session, folder: Path, pupil: Player
) -> None:
    played = create_round(session, pupil, set_slug="tower", keys=["tower/t-ash", "tower/t-fir"])
    (folder / "sets/tower.yaml").unlink()
    resync(session, folder)

    caller = caller_of(pupil)
    for position in (1, 2):
        solo.show(session, solo.item_state(session, caller, played.id, position), NOW)
        what = given()
        submit = Submission(Look.FINAL, what.verdict, what.confidence, "", f"key {position}")
        solo.answer(session, caller, played.id, position, submit, NOW)

    assert rounds.current_position(session, caller, played.id) is None


def test_no_sets_at_all_retire_everything(session: Session, tmp_path: Path) -> None:
    empty = write_questions(tmp_path / "empty")
    for file in (empty / "sets").iterdir():
        file.unlink()

    assert resync(session, empty).retired == 3
    assert offered(session) == {}
