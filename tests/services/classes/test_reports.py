"""The report and the exports of a class: what members answered since they joined."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from quiz.domain.answer import Mode
from quiz.domain.verdict import Verdict
from quiz.models import Classroom, Player
from quiz.services.accounts import trainers
from quiz.services.classes import rosters
from quiz.services.classes.reports import record_of, report_of, tables_of
from quiz.services.library.history import histories, history
from tests.factories import (
    NOW,
    PASSPHRASE,
    SKETCHES,
    create_answers,
    create_class,
    create_learner,
    create_member,
    create_round,
    finish,
    wrong,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BEFORE = NOW - timedelta(days=7)
ALL = [f"harbour/{sketch.id}" for sketch in SKETCHES["harbour"]]


@pytest.fixture
def classroom(session: Session) -> Classroom:
    """A teacher's class."""
    return create_class(session, trainers.add_trainer(session, "Teacher", PASSPHRASE, NOW))


def answered(
    session: Session, player: Player, keys: list[str], miss: int = 0, **of: object
) -> None:
    """A finished quick round, the first `miss` answers wrong."""
    played = create_round(session, player, keys=keys, **of)
    truths = [s.verdict for k in keys for s in SKETCHES["harbour"] if k.endswith(s.id)]
    verdicts = [wrong(Verdict(t)) if n < miss else None for n, t in enumerate(truths)]
    create_answers(session, played, verdicts)
    finish(session, played)


def test_the_report_counts_first_meetings_since_joining(
    session: Session, classroom: Classroom, pupil: Player, outsider: Player
) -> None:
    create_member(session, classroom, pupil)
    answered(session, pupil, ALL[:3], started_at=BEFORE)  # before joining
    answered(session, pupil, ALL[2:6], miss=1)  # the first of these was met before
    answered(session, outsider, ALL)

    report = report_of(session, classroom)

    (line,) = report.lines
    assert (line.answered, line.right.count, line.right.total) == (4, 3, 3)
    assert report.figures.answers == 3
    assert not report.figures.discernment.shown


def test_figures_of_the_whole_class_appear_with_enough_answers(
    session: Session, classroom: Classroom, pupil: Player, outsider: Player
) -> None:
    for player in (pupil, outsider):
        create_member(session, classroom, player)
        answered(session, player, ALL, miss=3)

    report = report_of(session, classroom)

    assert report.figures.answers == 24
    assert report.figures.accuracy.value == pytest.approx(0.75)
    for figure in (report.figures.discernment, report.figures.sufficiency, report.figures.skill):
        assert figure.shown


def test_skills_stand_from_the_weakest_and_those_with_few_answers_last(
    session: Session, classroom: Classroom, pupil: Player
) -> None:
    create_member(session, classroom, pupil)
    answered(session, pupil, ALL[:11], miss=3)

    skills = report_of(session, classroom).skills

    judged = [s.right.value for s in skills if s.is_judged]
    assert judged == sorted(judged, key=lambda value: value or 0)
    assert [s.is_judged for s in skills] == sorted((s.is_judged for s in skills), reverse=True)
    assert len(skills) == 4


def test_an_empty_class_has_a_report(session: Session, classroom: Classroom) -> None:
    report = report_of(session, classroom)

    assert (report.figures.answers, report.lines, report.skills) == (0, (), ())


def test_many_histories_are_what_each_history_is(
    session: Session, pupil: Player, outsider: Player
) -> None:
    for player in (pupil, outsider):
        answered(session, player, ALL[:4], miss=1)
        played = create_round(session, player, keys=ALL[3:6], mode=Mode.INVESTIGATION)
        create_answers(session, played)
    nobody = create_learner(session, "Nobody yet")

    found = histories(session, [pupil.id, outsider.id, nobody.id])

    assert found == {p.id: history(session, p.id) for p in (pupil, outsider, nobody)}
    assert len(found[pupil.id]) == 7


def test_the_tables_have_a_row_for_each_answer_and_each_learner(
    session: Session, classroom: Classroom, pupil: Player, outsider: Player
) -> None:
    create_member(session, classroom, pupil, label="=Ann")
    create_member(session, classroom, outsider)
    answered(session, pupil, ALL[:3], miss=1)

    answers, learners = tables_of(session, classroom)

    first = dict(zip(answers.columns, answers.rows[0], strict=True))
    assert len(answers.rows) == 3
    assert (first["learner"], first["question"], first["verdict"]) == ("=Ann", "h-ash", "true")
    assert (first["right"], first["first_given"], first["met_before"]) == (False, None, False)
    rows = [dict(zip(learners.columns, row, strict=True)) for row in learners.rows]
    assert [(r["answered"], r["right_at_first_meeting"]) for r in rows if r["answered"]] == [(3, 2)]
    assert [r["accuracy"] for r in rows if not r["answered"]] == [None]


def test_of_a_record_of_their_own_a_trainer_gets_what_was_answered_since_joining(
    session: Session, classroom: Classroom
) -> None:
    ann, card = create_learner(session, "Ann"), create_learner(session, "Card")
    for player in (ann, card):
        answered(session, player, ALL[:3], started_at=BEFORE)
        answered(session, player, ALL[3:5])
    create_member(session, classroom, ann)
    create_member(session, classroom, card, is_issued=True)

    own, issued = (record_of(session, member) for member in rosters.roster(session, classroom))

    assert [a["question"] for a in own["answers"]] == ALL[3:5]
    assert "rounds" not in own
    assert len(issued["answers"]) == 5
    assert len(issued["rounds"]) == 2
