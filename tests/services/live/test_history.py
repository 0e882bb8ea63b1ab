"""The gate: nothing of a live room's question is told anywhere before the room reveals it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from quiz.domain.answer import Look
from quiz.domain.errors import NotFound
from quiz.domain.room import Move, Phase, RoomMode
from quiz.domain.scoring import Scoring
from quiz.domain.verdict import Verdict
from quiz.models import Player
from quiz.services.library.catalogue import catalogue_of
from quiz.services.library.history import histories, history
from quiz.services.live import rooms
from quiz.services.play import own_record
from quiz.services.play.home import home_of
from quiz.services.play.progress import progress_of
from quiz.services.play.review import Filters, answered_quotes, review_page, reviewed_question
from quiz.services.play.weak_skills import weak_questions, weak_skills
from tests.factories import (
    NOW,
    VERDICTS,
    create_answers,
    create_class,
    create_member,
    create_round,
    finish,
    revisions,
    wrong,
)
from tests.rooms import (
    answer,
    ask,
    go,
    go_to,
    join,
    open_room,
    reveal,
    revision_at,
    sat,
    seat_state_of,
    stored,
)

TRUE, FALSE = Verdict.TRUE, Verdict.FALSE
FIR, RUE = "harbour/h-fir", "harbour/h-rue"
"""A question whose claim is true, and one whose claim is false."""
NEXT_YEAR = NOW + timedelta(days=365)


def told(session: Session, player: Player) -> dict[str, list[str]]:
    """The questions of which each place tells the player something, by place."""
    session.rollback()
    harbour = catalogue_of(session).set(session, "harbour")
    progress = progress_of(session, player.id, NEXT_YEAR)
    exported = own_record.export(session, player)
    page = review_page(session, player.id, Filters(), 1)
    quotes = answered_quotes(session, player.id, harbour.documents["harbour"])
    card = next(c for c in home_of(session, player.id, NEXT_YEAR).cards if c.set.slug == "harbour")
    found = {
        "history": [a.key for a in history(session, player.id)],
        "histories": [a.key for a in histories(session, [player.id])[player.id]],
        "review": [a.key for a in page.answers],
        "export": [a["question"] for a in exported["answers"]],
        "quotes": [q.revision.key for q in quotes],
        "figures": ["?"] * progress.figures.tally.total,
        "sets": ["?"] * sum(part.right.total for part in progress.sets),
        "rooms": ["?"] * sum(r.accuracy.total for r in progress.rounds),
        "due": ["?"] * progress.due,
        "shelf": ["?"] * card.answered,
    }
    for revision in harbour.revisions:
        try:
            reviewed_question(session, player.id, "harbour", revision.question.id)
        except NotFound:
            continue
        found.setdefault("question", []).append(revision.key)
    return {place: sorted(keys) for place, keys in found.items() if keys}


def everywhere(*keys: str) -> dict[str, list[str]]:
    """What `told` gives when these questions are told."""
    by_key = ("history", "histories", "review", "export", "quotes", "question")
    counted = ("figures", "sets", "rooms", "due", "shelf")
    return dict.fromkeys(by_key, sorted(keys)) | dict.fromkeys(counted, ["?"] * len(keys))


# The gate


@pytest.mark.parametrize("mode", RoomMode)
def test_a_question_is_told_from_its_reveal_on_and_in_no_place_before(
    session: Session, mona: Player, pupil: Player, mode: RoomMode
) -> None:
    ann = sat(session, mona, pupil, FIR, RUE, mode=mode, timer=60)

    stage = seat_state_of(session, ann).state.stage
    while stage != "closed-1":
        answer(session, ann, FALSE)
        assert told(session, pupil) == {}
        go(session, mona, ann.room_id, Move.PAUSE)
        assert told(session, pupil) == {}
        stage = go(session, mona, ann.room_id)
    assert told(session, pupil) == {}
    assert go(session, mona, ann.room_id) == "reveal-1"
    assert told(session, pupil) == everywhere(FIR)
    ask(session, mona, ann.room_id)
    if mode is not RoomMode.QUICK:
        go(session, mona, ann.room_id)
    answer(session, ann, TRUE)
    assert told(session, pupil) == everywhere(FIR)
    reveal(session, mona, ann.room_id)
    assert told(session, pupil) == everywhere(FIR, RUE)


def test_a_deadline_that_passed_reveals_nothing(
    session: Session, mona: Player, pupil: Player
) -> None:
    ann = sat(session, mona, pupil, FIR, RUE, timer=30)
    answer(session, ann)

    assert seat_state_of(session, ann, NEXT_YEAR).state.phase is Phase.CLOSED
    assert told(session, pupil) == {}


@pytest.mark.parametrize("move", [Move.SKIP, Move.END])
@pytest.mark.parametrize("is_closed", [False, True])
def test_a_question_that_was_left_never_counts(
    session: Session, mona: Player, pupil: Player, move: Move, is_closed: bool
) -> None:
    ann = sat(session, mona, pupil, FIR, RUE)
    answer(session, ann)
    if is_closed:
        go(session, mona, ann.room_id)
    go(session, mona, ann.room_id, move)
    assert told(session, pupil) == {}

    go_to(session, mona, ann.room_id, Phase.FINISHED)

    assert told(session, pupil) == {}
    assert len(stored(session)) == 1


def test_a_question_in_a_room_that_nobody_ended_never_counts(
    session: Session, mona: Player, pupil: Player
) -> None:
    answer(session, sat(session, mona, pupil, FIR, RUE))

    assert rooms.close_unattended(session, NOW + timedelta(days=1)) == 1

    assert told(session, pupil) == {}


def test_who_only_took_a_first_look_is_told_in_the_room_alone(
    session: Session, mona: Player, pupil: Player
) -> None:
    ann = sat(session, mona, pupil, FIR, RUE, mode=RoomMode.TWO_LOOKS)
    answer(session, ann)
    reveal(session, mona, ann.room_id)

    assert [row.look for row in stored(session)] == [Look.FIRST]
    assert told(session, pupil) == {}


def test_a_reveal_tells_nobody_who_did_not_answer(
    session: Session, mona: Player, pupil: Player, outsider: Player
) -> None:
    ann = sat(session, mona, pupil, FIR, RUE)
    join(session, ann.room_id, "Bob", player=outsider)
    answer(session, ann)
    reveal(session, mona, ann.room_id)

    assert told(session, pupil) == everywhere(FIR)
    assert told(session, outsider) == told(session, mona) == {}


def test_the_same_question_revealed_in_one_room_stays_hidden_in_the_other(
    session: Session, mona: Player, pupil: Player, outsider: Player
) -> None:
    ann, bob = sat(session, mona, pupil, FIR, RUE), sat(session, mona, outsider, FIR, RUE)
    for seated in (ann, bob):
        answer(session, seated)

    reveal(session, mona, ann.room_id)

    assert told(session, pupil) == everywhere(FIR)
    assert told(session, outsider) == {}


def test_the_export_says_where_one_sat_but_not_what_was_right(
    session: Session, mona: Player, pupil: Player
) -> None:
    ann = sat(session, mona, pupil, FIR, RUE)
    answer(session, ann, FALSE, 1)

    exported = own_record.export(session, pupil)

    (room,) = exported["rooms"]
    assert (room["id"], room["name"], exported["answers"]) == (ann.room_id, "Ann", [])
    (look,) = room["looks"]
    assert (look["position"], look["verdict"], look["confidence"]) == (1, FALSE, "leaning")
    assert not {"right", "points", "question"} & look.keys()


# After the reveal


@pytest.mark.parametrize(
    ("scoring", "right", "missed"), [("confidence", 98, -157), ("simple", 100, 0)]
)
def test_what_an_answer_was_worth_follows_the_rooms_scoring(
    session: Session, mona: Player, pupil: Player, scoring: str, right: int, missed: int
) -> None:
    ann = sat(session, mona, pupil, FIR, RUE, scoring=Scoring(scoring))
    answer(session, ann, TRUE, 3)
    ask(session, mona, ann.room_id)
    answer(session, ann, TRUE, 3)
    reveal(session, mona, ann.room_id)

    answers = history(session, pupil.id)

    assert [(a.key, a.outcome.right, a.outcome.total) for a in answers] == [
        (FIR, True, right),
        (RUE, False, missed),
    ]
    assert {(a.room_id, a.round_id) for a in answers} == {(ann.room_id, None)}
    exported = own_record.export(session, pupil)["answers"]
    assert [(a["room"], a["round"], a["points"]) for a in exported] == [
        (ann.room_id, None, right),
        (ann.room_id, None, missed),
    ]


def test_both_looks_and_the_sentence_come_with_the_answer(
    session: Session, mona: Player, pupil: Player
) -> None:
    ann = sat(session, mona, pupil, FIR, RUE, mode=RoomMode.EVIDENCE)
    answer(session, ann, FALSE, 1)
    go(session, mona, ann.room_id)
    answer(session, ann, TRUE, 3, pointer="none")
    reveal(session, mona, ann.room_id)

    (found,) = history(session, pupil.id)

    assert found.first is not None
    assert (found.first.verdict, found.final.verdict, found.final.pointer) == (FALSE, TRUE, "none")
    assert found.outcome.first_right is False
    assert found.has_opened_file


def test_rounds_and_rooms_are_one_history_and_the_second_meeting_is_a_repeat(
    session: Session, mona: Player, pupil: Player
) -> None:
    played = create_round(session, pupil, keys=[FIR], started_at=NOW - timedelta(days=1))
    create_answers(session, played)
    ann = sat(session, mona, pupil, FIR, RUE)
    answer(session, ann)
    ask(session, mona, ann.room_id)
    answer(session, ann)
    reveal(session, mona, ann.room_id)
    later = create_round(session, pupil, keys=[RUE], started_at=NOW + timedelta(days=1))
    create_answers(session, later)

    assert [(a.key, a.is_repeat, a.room_id is None) for a in history(session, pupil.id)] == [
        (FIR, False, True),
        (FIR, True, False),
        (RUE, False, False),
        (RUE, True, True),
    ]


def test_rooms_change_nothing_of_the_figures_of_a_solo_round(
    session: Session, mona: Player, pupil: Player, outsider: Player
) -> None:
    for player in (pupil, outsider):
        played = create_round(session, player)
        create_answers(session, played, [None, wrong(VERDICTS["harbour/h-elm"]), None])
        finish(session, played, points=75)
    ann = sat(session, mona, pupil, FIR, RUE)
    answer(session, ann)
    reveal(session, mona, ann.room_id)

    (solo,) = progress_of(session, outsider.id, NOW).rounds
    mixed = progress_of(session, pupil.id, NOW)

    (same,) = (r for r in mixed.rounds if r.mode is not None)
    assert (same.points, same.accuracy) == (solo.points, solo.accuracy)
    assert mixed.opened == progress_of(session, outsider.id, NOW).opened
    own = history(session, pupil.id, same.id)
    assert [a.key for a in own] == ["harbour/h-ash", "harbour/h-elm", "harbour/h-fig"]


# The class's weak skills


def test_weak_skills_count_rounds_and_revealed_rooms_of_members(
    session: Session, mona: Player, pupil: Player, outsider: Player
) -> None:
    classroom = create_class(session, mona)
    create_member(session, classroom, pupil)
    skills = set(revisions(session)[FIR].question.skills)
    create_answers(session, create_round(session, pupil, keys=[FIR]), [FALSE])  # the first of five
    for _ in range(9):
        create_answers(session, create_round(session, outsider, keys=[FIR]), [FALSE])

    for _ in range(4):
        ann = sat(session, mona, pupil, FIR)
        answer(session, ann, FALSE)
        go(session, mona, ann.room_id, Move.SKIP)
    for _ in range(4):
        ann = sat(session, mona, pupil, FIR)
        answer(session, ann, FALSE)
        assert weak_skills(session, classroom.id) == ()
        reveal(session, mona, ann.room_id)
    assert set(weak_skills(session, classroom.id)) == skills

    drawn = {r.key for r in weak_questions(session, classroom.id)}

    every = {k: r for k, r in revisions(session).items() if r.set_slug != "examples"}
    assert drawn == {key for key, r in every.items() if skills & set(r.question.skills)}
    room_id = open_room(session, mona, sets=(), size=5, classroom_id=classroom.id)
    assert {revision_at(session, room_id, n).key for n in range(1, 6)} <= drawn


def test_the_three_weakest_skills_come_weakest_first_and_what_is_right_is_none(
    session: Session, mona: Player, pupil: Player
) -> None:
    classroom = create_class(session, mona)
    create_member(session, classroom, pupil)
    often, sometimes = "harbour/h-ash", "harbour/h-fig"  # without a skill in common
    for _ in range(5):
        create_answers(session, create_round(session, pupil, keys=[often, sometimes]))
    assert weak_skills(session, classroom.id) == ()

    for _ in range(5):
        missed = [wrong(VERDICTS[often])]
        create_answers(session, create_round(session, pupil, keys=[often]), missed)
    create_answers(
        session, create_round(session, pupil, keys=[sometimes]), [wrong(VERDICTS[sometimes])]
    )

    assert weak_skills(session, classroom.id) == ("close_reading", "number_check", "allegation")
