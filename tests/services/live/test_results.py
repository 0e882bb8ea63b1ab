"""What a class answered: counted while it goes on, judged after the reveal, debriefed, exported."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.content.format.spreadsheet_writing import Cell, to_csv
from quiz.domain.answer import Look
from quiz.domain.room import Leaderboard, Move, Phase, RoomMode
from quiz.domain.scoring import Confidence, Scoring, pointer_bonus, points
from quiz.domain.standings import Tier
from quiz.domain.verdict import Verdict
from quiz.models import Player, Seat
from quiz.services.accounts import players as accounts
from quiz.services.live import rooms
from quiz.services.live.debrief import Debrief, debrief_of
from quiz.services.live.exports import tables_of
from quiz.services.live.results import (
    RoomResults,
    answered_seats,
    counted,
    distribution,
    results_of,
    seats_of,
)
from tests.factories import NOW, create_class, create_member, create_player, rng
from tests.rooms import (
    Seated,
    answer,
    ask,
    asked,
    go,
    go_to,
    join,
    open_room,
    reveal,
    revision_at,
    room_row,
    seat_state_of,
    stored,
)

TRUE, FALSE, UNVERIFIED = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED
FIR = ["harbour/h-fir"]
"""A question whose claim is true."""


def sheet(session: Session, room_id: str) -> RoomResults:
    return results_of(session, room_row(session, room_id))


def debrief(session: Session, room_id: str) -> Debrief:
    return debrief_of(session, room_row(session, room_id))


def named(session: Session, room_id: str) -> dict[str, tuple[int, int]]:
    """Points and rank of each name on the sheet."""
    return {s.name: (s.points, s.rank) for s in sheet(session, room_id).standings}


def people(session: Session, room_id: str, *names: str) -> list[Seated]:
    return [join(session, room_id, name) for name in names]


def rows(session: Session, room_id: str, which: int) -> list[dict[str, Cell]]:
    """A table of the export: 0 the answers, 1 the players."""
    table = tables_of(session, room_row(session, room_id))[which]
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


# While it goes on


def test_answers_are_counted_by_verdict_and_confidence(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona)
    ann, bob, cyd, dee = people(session, room_id, "Ann", "Bob", "Cyd", "Dee")
    ask(session, mona, room_id)
    for who, verdict, level in ((ann, TRUE, 3), (bob, TRUE, 3), (cyd, FALSE, 0), (dee, TRUE, 1)):
        answer(session, who, verdict, level)

    found = distribution(session, room_id, 1, Look.FINAL)

    assert dict(found.counts) == {
        (TRUE, Confidence.SURE): 2,
        (FALSE, Confidence.GUESS): 1,
        (TRUE, Confidence.LEANING): 1,
    }
    assert (found.total, found.of(TRUE), found.share(TRUE)) == (4, 3, 0.75)
    assert (found.of(UNVERIFIED), found.share(UNVERIFIED)) == (0, 0.0)
    assert distribution(session, room_id, 1, Look.FIRST).total == 0
    assert distribution(session, room_id, 2, Look.FINAL).share(TRUE) == 0.0


def test_those_sent_out_and_those_who_came_late_are_not_counted(
    session: Session, mona: Player
) -> None:
    room_id = open_room(session, mona)
    ann, bob, _ = people(session, room_id, "Ann", "Bob", "Cyd")
    assert counted(session, room_id, 0, Look.FINAL) == (0, 3)  # in the lobby
    ask(session, mona, room_id)
    join(session, room_id, "Dee", now=NOW + timedelta(seconds=1))
    assert counted(session, room_id, 1, Look.FINAL) == (0, 3)
    for who in (ann, bob):
        answer(session, who)
    assert counted(session, room_id, 1, Look.FINAL) == (2, 3)

    rooms.remove_seat(session, mona.id, room_id, bob.id, NOW)

    assert counted(session, room_id, 1, Look.FINAL) == (1, 2)
    assert distribution(session, room_id, 1, Look.FINAL).total == 1
    assert [seat.name for seat in seats_of(session, room_id)] == ["Ann", "Cyd", "Dee"]
    ask(session, mona, room_id, NOW + timedelta(minutes=1))
    assert counted(session, room_id, 2, Look.FINAL) == (0, 3)


def test_each_look_and_each_room_is_counted_apart(session: Session, mona: Player) -> None:
    one, other = (open_room(session, mona, mode=RoomMode.TWO_LOOKS) for _ in range(2))
    for room_id in (one, other):
        (ann,) = people(session, room_id, "Ann")
        ask(session, mona, room_id)
        answer(session, ann, FALSE)
    go(session, mona, one)

    assert counted(session, one, 1, Look.FIRST) == counted(session, other, 1, Look.FIRST) == (1, 1)
    assert counted(session, one, 1, Look.FINAL) == (0, 1)
    assert distribution(session, one, 1, Look.FIRST).of(FALSE) == 1


def test_who_has_answered_is_known_of_each_look_apart(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona, keys=FIR, mode=RoomMode.TWO_LOOKS)
    ann, bob = people(session, room_id, "Ann", "Bob")
    ask(session, mona, room_id)
    answer(session, ann)
    go_to(session, mona, room_id, Phase.SECOND_LOOK)
    answer(session, bob)

    assert answered_seats(session, room_id, 1, Look.FIRST) == {ann.id}
    assert answered_seats(session, room_id, 1, Look.FINAL) == {bob.id}


# Judged


def test_nothing_is_judged_before_the_reveal(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona, keys=FIR)
    (ann,) = people(session, room_id, "Ann")
    ask(session, mona, room_id)
    answer(session, ann, TRUE, 3)

    for _ in (Phase.QUESTION, Phase.CLOSED):
        assert sheet(session, room_id).answers == ()
        assert named(session, room_id) == {"Ann": (0, None)}
        assert rows(session, room_id, 0) == []
        assert debrief(session, room_id).questions == ()
        go(session, mona, room_id)

    assert room_row(session, room_id).phase is Phase.REVEAL
    assert named(session, room_id) == {"Ann": (98, 1)}


@pytest.mark.parametrize(
    ("scoring", "expected"),
    [(Scoring.CONFIDENCE, [118, 44, 0, -157]), (Scoring.SIMPLE, [100, 100, 0, 0])],
)
def test_what_answers_are_worth(
    session: Session, mona: Player, scoring: Scoring, expected: list[int]
) -> None:
    keys = ["harbour/h-box"]  # the file is silent: unverified, and no sentence settles it
    room_id = open_room(session, mona, keys=keys, mode=RoomMode.EVIDENCE, scoring=scoring)
    ann, bob, cyd, dee = people(session, room_id, "Ann", "Bob", "Cyd", "Dee")
    go_to(session, mona, room_id, Phase.SECOND_LOOK)
    answer(session, ann, UNVERIFIED, 3, pointer="none")
    answer(session, bob, UNVERIFIED, 1, pointer="harbour:3")
    answer(session, dee, TRUE, 3, pointer="none")
    reveal(session, mona, room_id)

    found = sheet(session, room_id).by_seat

    assert [found[who.id].points for who in (ann, bob, cyd, dee)] == expected
    assert [found[who.id].right for who in (ann, bob, cyd, dee)] == [1, 1, 0, 0]
    assert [found[who.id].answered for who in (ann, bob, cyd, dee)] == [1, 1, 0, 1]


def test_a_first_look_alone_pays_nothing(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona, keys=FIR, mode=RoomMode.TWO_LOOKS)
    (ann,) = people(session, room_id, "Ann")
    ask(session, mona, room_id)
    answer(session, ann, TRUE, 3)
    reveal(session, mona, room_id)

    (found,) = sheet(session, room_id).answers
    assert (found.final, found.outcome, found.judged) == (None, None, None)
    assert found.judged_first is not None
    assert named(session, room_id) == {"Ann": (0, None)}  # who has not answered has no rank
    assert debrief(session, room_id).gain is None


@pytest.mark.parametrize("seed", range(6))
def test_standings_and_export_are_a_recount_of_what_was_answered(
    session: Session, mona: Player, seed: int
) -> None:
    chance = random.Random(seed)
    mode, scoring = chance.choice(list(RoomMode)), chance.choice(list(Scoring))
    room_id = open_room(session, mona, size=5, seed=seed, mode=mode, scoring=scoring)
    seated = people(session, room_id, *(f"Player {n}" for n in range(7)))
    for n in range(5):
        ask(session, mona, room_id, NOW + timedelta(minutes=n))
        for _look in range(1 if mode is RoomMode.QUICK else 2):
            for who in chance.sample(seated, 5):
                pointer = chance.choice(["none", "harbour:2", "harbour:20"])
                verdict, level = chance.choice(list(Verdict)), chance.randrange(4)
                answer(session, who, verdict, level, pointer=pointer, now=NOW + timedelta(hours=1))
            go(session, mona, room_id)
        go(session, mona, room_id, Move.SKIP if n == 2 else Move.NEXT)
        if n == 2:
            break
    revealed = {1, 2}
    rooms.remove_seat(session, mona.id, room_id, seated.pop().id, NOW)

    total: dict[int, int] = defaultdict(int)
    said = []
    for row in stored(session, *seated):
        if row.position not in revealed:
            continue
        revision = revision_at(session, room_id, row.position)
        right = row.verdict is revision.question.verdict
        worth: Cell = ""
        if row.look is Look.FINAL:
            worth = points(Confidence(row.confidence), right, scoring)
            if scoring is Scoring.CONFIDENCE and row.pointer:
                worth += pointer_bonus(right, revision.is_settled_by(row.pointer))
            total[row.seat_id] += worth
        name = next(who.name for who in seated if who.id == row.seat_id)
        level = Confidence(row.confidence).name.lower()
        said.append((row.position, name, row.look, row.verdict, level, worth, row.pointer or ""))
    tried = {
        r.seat_id
        for r in stored(session, *seated)
        if r.look is Look.FINAL and r.position in revealed
    }
    every = [total[seat_id] for seat_id in tried]
    assert named(session, room_id) == {
        who.name: (
            total[who.id],
            1 + sum(p > total[who.id] for p in every) if who.id in tried else None,
        )
        for who in seated
    }
    columns = ("question_number", "player", "look", "answer", "confidence", "points", "sentence")
    exported = [tuple(row[column] for column in columns) for row in rows(session, room_id, 0)]
    assert sorted(exported, key=repr) == sorted(said, key=repr)
    players = {row["player"]: row["points"] for row in rows(session, room_id, 1)}
    assert players == {who.name: total[who.id] for who in seated}


# The sheet is kept; who comes, goes or is renamed is seen all the same


@pytest.fixture
def ended(session: Session, mona: Player) -> list[Seated]:
    """Ann, Bob and Cyd, in the standings after a question that Ann had right; seen once."""
    room_id = open_room(session, mona, keys=FIR, leaderboard=Leaderboard.FULL)
    seated = people(session, room_id, "Ann", "Bob", "Cyd")
    ask(session, mona, room_id)
    for who, verdict in zip(seated, (TRUE, FALSE, UNVERIFIED), strict=True):
        answer(session, who, verdict, 3)
    go_to(session, mona, room_id, Phase.STANDINGS)
    assert named(session, room_id) == {"Ann": (98, 1), "Bob": (-157, 2), "Cyd": (-157, 2)}
    return seated


def test_what_is_the_same_is_not_worked_out_again(session: Session, ended: list[Seated]) -> None:
    room_id = ended[0].room_id

    assert sheet(session, room_id) is sheet(session, room_id)


def test_who_shares_points_shares_a_third(session: Session, ended: list[Seated]) -> None:
    found = sheet(session, ended[0].room_id).by_seat

    assert [found[who.id].tier for who in ended] == [Tier.FRONT, Tier.MIDDLE, Tier.MIDDLE]


@pytest.mark.parametrize(
    "leave",
    [
        lambda session, host, who: rooms.remove_seat(session, host.id, who.room_id, who.id, NOW),
        lambda session, host, who: accounts.erase(session, who.player),
        lambda session, host, who: accounts.erase_old_guests(session, NOW + timedelta(days=31), 30),
    ],
    ids=["sent out", "erased", "forgotten"],
)
def test_who_is_gone_is_gone_from_standings_debrief_and_export(
    session: Session, mona: Player, ended: list[Seated], leave: Callable[..., Any]
) -> None:
    ann, bob, cyd = ended
    for who in (ann, cyd):
        who.player.last_played_at = NOW + timedelta(days=20)
    session.commit()

    leave(session, mona, bob)

    assert named(session, ann.room_id) == {"Ann": (98, 1), "Cyd": (-157, 2)}
    assert debrief(session, ann.room_id).questions[0].final.total == 2
    assert {row["player"] for row in rows(session, ann.room_id, 0)} == {"Ann", "Cyd"}
    assert {row["player"] for row in rows(session, ann.room_id, 1)} == {"Ann", "Cyd"}


def test_who_comes_late_or_is_renamed_stands_there(
    session: Session, mona: Player, ended: list[Seated]
) -> None:
    ann, bob, _ = ended
    join(session, ann.room_id, "Dee", now=NOW + timedelta(minutes=5))
    assert named(session, ann.room_id)["Dee"] == (0, None)

    rooms.rename_seat(session, mona.id, ann.room_id, bob.id, "en", rng())

    assert "Bob" not in named(session, ann.room_id)
    assert session.get_one(Seat, bob.id, populate_existing=True).name in named(session, ann.room_id)


# The debrief


def test_the_debrief_says_what_misled(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona, keys=[*FIR, "harbour/h-rue"])
    ann, bob, cyd, dee = people(session, room_id, "Ann", "Bob", "Cyd", "Dee")
    ask(session, mona, room_id)
    for who, verdict, level in (
        *((ann, FALSE, 3), (bob, FALSE, 1)),
        *((cyd, UNVERIFIED, 2), (dee, TRUE, 3)),
    ):
        answer(session, who, verdict, level)
    ask(session, mona, room_id)  # false
    answer(session, dee, FALSE, 0)
    go_to(session, mona, room_id, Phase.DEBRIEF)

    first, second = debrief(session, room_id).questions

    assert (first.position, first.revision.key, first.tempting) == (1, FIR[0], (FALSE,))
    assert (first.right.count, first.right.total) == (1, 4)
    assert (first.sure_wrong.count, first.sure_wrong.total) == (2, 4)
    assert (first.first, first.first_right) == (None, None)
    assert (second.tempting, second.right.count, second.sure_wrong.count) == ((), 1, 0)
    assert debrief(session, room_id).figures.tally.total == 5


def test_what_checking_brought_is_of_those_who_looked_twice(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona, keys=FIR, mode=RoomMode.TWO_LOOKS)
    ann, bob, cyd, dee = people(session, room_id, "Ann", "Bob", "Cyd", "Dee")
    ask(session, mona, room_id)
    for who, verdict in ((ann, FALSE), (bob, TRUE), (cyd, TRUE)):
        answer(session, who, verdict)
    go(session, mona, room_id)
    for who, verdict in ((ann, TRUE), (bob, TRUE), (dee, FALSE)):
        answer(session, who, verdict)
    go_to(session, mona, room_id, Phase.DEBRIEF)

    found = debrief(session, room_id)

    assert found.gain is not None
    assert (found.gain.before.count, found.gain.before.total) == (1, 2)
    assert (found.gain.after.count, found.gain.after.total) == (2, 2)
    (question,) = found.questions
    assert question.first is not None
    assert question.first_right is not None
    assert (question.first.total, question.first_right.count) == (3, 2)
    assert (question.final.total, question.right.count) == (3, 2)


# The export


def test_seconds_count_from_the_opening(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona, keys=FIR)
    (ann,) = people(session, room_id, "Ann")
    ask(session, mona, room_id, NOW + timedelta(minutes=3))
    answer(session, ann, now=NOW + timedelta(minutes=3, seconds=12.34))
    reveal(session, mona, room_id, NOW + timedelta(minutes=5))

    (row,) = rows(session, room_id, 0)
    assert (row["seconds"], row["right"], row["probability"]) == (12.3, "yes", 0.7)
    assert row["answered_at"] == "2026-03-02T09:03:12.340000+00:00"
    assert asked(session, room_id, 1).revealed_at == NOW + timedelta(minutes=5)


def test_no_name_becomes_a_formula(session: Session, mona: Player) -> None:
    classroom = create_class(session, mona)
    room_id = open_room(session, mona, keys=FIR, classroom_id=classroom.id)
    for label in ("=1+1", "-1+1", "@SUM(A1)", "+1"):
        pupil = create_player(session)
        create_member(session, classroom, pupil, label=label)
        join(session, room_id, label, player=pupil)
    seated = [
        Seated(s.id, room_id, s.name, session.get_one(Player, s.player_id))
        for s in session.scalars(select(Seat))
    ]
    ask(session, mona, room_id)
    for who in seated:
        answer(session, who)
    reveal(session, mona, room_id)

    for table in tables_of(session, room_row(session, room_id)):
        written = csv.DictReader(io.StringIO(to_csv(table).decode("utf-8-sig"), newline=""))
        assert {row["player"] for row in written} == {"'=1+1", "'-1+1", "'@SUM(A1)", "'+1"}
    assert seat_state_of(session, seated[0]).name == "=1+1"


def test_who_has_not_answered_has_no_rank_and_pushes_nobody_down(
    session: Session, mona: Player
) -> None:
    room_id = open_room(session, mona, keys=FIR)
    ann, bob, *_silent = people(session, room_id, "Ann", "Bob", "Cyd", "Dee", "Eve")
    ask(session, mona, room_id)
    answer(session, ann, TRUE, 1)
    answer(session, bob, FALSE, 3)
    reveal(session, mona, room_id)

    found = sheet(session, room_id)

    assert [(s.name, s.rank) for s in found.standings[:2]] == [("Ann", 1), ("Bob", 2)]
    assert {s.tier for s in found.standings[2:]} == {None}
    assert found.by_seat[ann.id].tier is Tier.FRONT
    assert [row["rank"] for row in rows(session, room_id, 1)] == [1, 2, "", "", ""]


def test_all_wrong_verdicts_that_tempted_most_are_named(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona, keys=FIR)
    ann, bob = people(session, room_id, "Ann", "Bob")
    ask(session, mona, room_id)
    answer(session, ann, FALSE)
    answer(session, bob, UNVERIFIED)
    reveal(session, mona, room_id)

    (question,) = debrief(session, room_id).questions
    assert set(question.tempting) == {FALSE, UNVERIFIED}
    assert question.found is None
    assert len(debrief(session, room_id).skills) == 2
