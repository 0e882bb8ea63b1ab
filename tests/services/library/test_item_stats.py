"""What an author sees beside each question: first meetings, final looks, nothing unrevealed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from quiz.content.loader import load
from quiz.domain.answer import Look, Mode
from quiz.domain.measures import Flag, ItemAnalysis
from quiz.domain.room import Move, RoomMode
from quiz.domain.verdict import Verdict
from quiz.models import Player, Response
from quiz.services.library.item_stats import statistics
from quiz.services.library.sync import sync
from tests.factories import (
    NOW,
    SKETCHES,
    VERDICTS,
    a_question,
    create_answers,
    create_player,
    create_round,
    write_set,
    wrong,
)
from tests.rooms import answer, ask, go, reveal, sat
from tests.views.test_query_counts import counting

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED
LATER = NOW + timedelta(days=1)
ALL = [f"harbour/{sketch.id}" for sketch in SKETCHES["harbour"]]
FIR = "harbour/h-fir"
"""A question whose claim is true."""


def played(
    session: Session,
    keys: Sequence[str] = (FIR,),
    verdicts: Sequence[Verdict | None] = (),
    player: Player | None = None,
    **of: Any,
) -> list[Response]:
    """A round of a player, a new one if none is given; without verdicts all right."""
    player = player or create_player(session)
    return create_answers(session, create_round(session, player, keys=keys, **of), verdicts)


def fir(session: Session) -> ItemAnalysis:
    return statistics(session, "harbour")["h-fir"]


@pytest.fixture
def folder(questions: Path, tmp_path: Path) -> Path:
    """The question files of the game, to be changed."""
    return Path(shutil.copytree(questions, tmp_path / "questions"))


def revise(session: Session, folder: Path, only: int = 12, **overrides: Any) -> None:
    """Publish the harbour with another h-fir; of its questions the first so many."""
    entries = [
        a_question("harbour", n, s, **(overrides if s.id == "h-fir" else {}))
        for n, s in enumerate(SKETCHES["harbour"])
    ]
    write_set(folder, "harbour", entries[:only])
    library = load(folder)
    assert not library.problems
    sync(session, library, LATER)


# Which answers count.


def test_answers_are_counted_by_verdict(session: Session) -> None:
    for verdict in (T, T, F, U, F, F):
        played(session, verdicts=[verdict])

    found = fir(session)

    assert found.truth is T
    assert found.responses == {T: 2, F: 3, U: 1}
    assert (found.facility.count, found.facility.total) == (2, 6)


def test_only_the_first_meeting_of_a_player_counts(session: Session, pupil: Player) -> None:
    played(session, verdicts=[T], player=pupil, started_at=LATER)
    played(session, verdicts=[F], player=pupil)  # earlier, though stored after it

    assert fir(session).responses == {T: 0, F: 1, U: 0}


def test_only_the_final_look_counts(session: Session) -> None:
    first, final = played(session, mode=Mode.INVESTIGATION)
    assert (first.look, final.look) == (Look.FIRST, Look.FINAL)
    first.verdict = F
    session.commit()

    assert fir(session).responses == {T: 1, F: 0, U: 0}


def test_a_rooms_answers_count_once_they_are_revealed(
    session: Session, mona: Player, pupil: Player
) -> None:
    seated = sat(session, mona, pupil, FIR)
    answer(session, seated, F)
    assert fir(session).facility.total == 0

    reveal(session, mona, seated.room_id)

    assert fir(session).responses == {T: 0, F: 1, U: 0}


def test_a_room_of_two_looks_counts_each_player_once(
    session: Session, mona: Player, pupil: Player
) -> None:
    seated = sat(session, mona, pupil, FIR, mode=RoomMode.TWO_LOOKS)
    answer(session, seated, F)
    go(session, mona, seated.room_id)
    answer(session, seated, T)
    reveal(session, mona, seated.room_id)

    assert fir(session).responses == {T: 1, F: 0, U: 0}


def test_a_question_that_the_room_skipped_never_counts(
    session: Session, mona: Player, pupil: Player
) -> None:
    seated = sat(session, mona, pupil, FIR, ALL[0])
    answer(session, seated, F)
    go(session, mona, seated.room_id, Move.SKIP)
    reveal(session, mona, seated.room_id)

    assert fir(session).facility.total == 0


def test_who_met_it_in_a_room_meets_it_again_alone(
    session: Session, mona: Player, pupil: Player
) -> None:
    seated = sat(session, mona, pupil, FIR)
    answer(session, seated, F)
    reveal(session, mona, seated.room_id)
    played(session, verdicts=[T], player=pupil, started_at=LATER)

    assert fir(session).responses == {T: 0, F: 1, U: 0}


def test_erased_players_are_gone(session: Session, pupil: Player) -> None:
    played(session, player=pupil)
    session.delete(pupil)
    session.commit()

    assert fir(session).facility.total == 0


def test_answers_to_another_set_do_not_count(session: Session) -> None:
    played(session, ["tower/t-fir", "tower/t-ivy"], set_slug="tower")

    found = statistics(session, "harbour")

    assert {item.facility.total for item in found.values()} == {0}


def test_the_questions_stand_in_the_order_of_the_set(session: Session) -> None:
    assert [f"harbour/{key}" for key in statistics(session, "harbour")] == ALL


def test_a_set_that_was_never_published_has_no_statistics(session: Session) -> None:
    assert statistics(session, "nowhere") == {}


# Revisions.


def test_a_new_revision_begins_anew(session: Session, folder: Path) -> None:
    for verdict in (F, F, T):
        played(session, verdicts=[verdict])
    revise(session, folder, difficulty="3")
    played(session, verdicts=[T], started_at=LATER)

    assert fir(session).responses == {T: 1, F: 0, U: 0}


def test_who_met_an_earlier_revision_has_met_the_question(
    session: Session, folder: Path, pupil: Player
) -> None:
    played(session, verdicts=[F], player=pupil)
    revise(session, folder, difficulty="3")
    played(session, verdicts=[T], player=pupil, started_at=LATER)

    assert fir(session).facility.total == 0


def test_an_answer_is_judged_by_the_key_of_its_day(session: Session, folder: Path) -> None:
    for _ in range(2):
        played(session, verdicts=[F])
    revise(session, folder, verdict="false", rule="F1")
    played(session, verdicts=[F], started_at=LATER)

    found = fir(session)

    assert found.truth is F
    assert (found.facility.count, found.facility.total) == (1, 1)


def test_a_question_that_left_the_set_is_not_listed_but_tells_players_apart(
    session: Session, folder: Path
) -> None:
    gone = "harbour/h-rue"
    for right in (True, True, False, False):
        played(session, [FIR, gone], [None, None] if right else [F, wrong(VERDICTS[gone])])
    revise(session, folder, only=11)

    found = statistics(session, "harbour")

    assert "h-rue" not in found
    assert found["h-fir"].discrimination == pytest.approx(1)


# Figures.


def test_time_is_from_showing_to_answering_alone_and_in_rooms(
    session: Session, mona: Player, pupil: Player
) -> None:
    played(session)  # took 20 seconds
    assert fir(session).median_seconds == 20
    seated = sat(session, mona, pupil, ALL[0], FIR)
    ask(session, mona, seated.room_id, NOW)
    at = NOW + timedelta(seconds=30)
    answer(session, seated, T, now=at)
    reveal(session, mona, seated.room_id, at)

    assert fir(session).median_seconds == 25


def test_a_question_that_the_good_players_miss_is_flagged(session: Session) -> None:
    for good in [True] * 10 + [False] * 10:
        others = [None if good else wrong(VERDICTS[key]) for key in ALL[:3]]
        played(session, [*ALL[:3], FIR], [*others, F if good else T])

    found = fir(session)

    assert found.discrimination == pytest.approx(-1)
    assert found.flags == {Flag.NEGATIVE_DISCRIMINATION}
    assert found.needed == 0


def test_few_answers_are_flagged_as_few(session: Session) -> None:
    played(session, verdicts=[F])
    assert fir(session).flags == {Flag.TOO_FEW}


def test_two_statements_whatever_is_stored(app: Flask, session: Session) -> None:
    for players in (0, 1, 8):
        for _ in range(players):
            played(session, ALL)
        with counting(app) as statements:
            statistics(session, "harbour")
        assert len(statements) == 2
