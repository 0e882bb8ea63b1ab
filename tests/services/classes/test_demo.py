from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, func, select, update

from quiz.domain.answer import Look, Mode
from quiz.domain.measures import Summary, summarise
from quiz.domain.scoring import POINTER_BONUS, points
from quiz.domain.verdict import Verdict
from quiz.models import Player, QuestionSetRow, Response, Round, RoundItem
from quiz.services.accounts.players import sign_in
from quiz.services.classes.demo import (
    KEPT,
    PERIOD,
    AlreadySeeded,
    DemoClass,
    NoQuestions,
    Seeded,
    full_bias,
    members,
    seed_class,
)
from quiz.services.library.catalogue import NO_PASSAGE, catalogue_of, parse_pointer
from quiz.services.library.history import Answer, history
from tests import world

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SMALL = DemoClass(players=7, rounds=4, seed=3)
LARGE = DemoClass(
    players=40,
    rounds=7,
    skill=0.4,
    bias=full_bias({Verdict.FALSE: 0.25}),
    overconfidence=0.1,
    checking=0.5,
    seed=5,
)


@pytest.fixture
def small(session: Session) -> Seeded:
    return seed_class(session, SMALL, NOW)


@pytest.fixture
def large(session: Session) -> list[Answer]:
    """All answers of a large class."""
    seed_class(session, LARGE, NOW)
    return answers_of(session)


def answers_of(session: Session) -> list[Answer]:
    return [answer for i in session.scalars(select(Player.id)) for answer in history(session, i)]


def unaided(answers: Sequence[Answer]) -> Summary:
    """The figures before anything was checked: quick rounds, and first looks."""
    return summarise(answer.judged_first or answer.judged for answer in answers)


def count(session: Session, table: type[Any], *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


# What is asked for is what is measured.


def test_skill_bias_and_overconfidence_are_measured_as_asked_for(large: list[Answer]) -> None:
    figures = unaided(large)
    assert figures.answers > 1800
    assert figures.skill.value == pytest.approx(LARGE.skill, abs=0.05)
    for verdict, lean in zip(Verdict, LARGE.bias, strict=True):
        assert figures.bias[verdict].value == pytest.approx(lean * (1 - LARGE.skill), abs=0.04)
    assert figures.lean is not None
    assert figures.lean.value is Verdict.FALSE
    assert figures.overconfidence.value == pytest.approx(LARGE.overconfidence, abs=0.04)


def test_checking_is_done_and_gains_what_was_asked_for(large: list[Answer]) -> None:
    looks = [(answer.judged_first, answer.judged) for answer in large if answer.judged_first]
    before = summarise(first for first, _ in looks).skill.value
    after = summarise(final for _, final in looks).skill.value
    assert before is not None
    assert after is not None
    assert after - before == pytest.approx(LARGE.checking * (1 - LARGE.skill), abs=0.06)
    assert not any(first.right and not final.right for first, final in looks)
    opened = [answer.has_opened_file for answer in large if answer.first is None]
    assert fmean(opened) == pytest.approx(LARGE.checking, abs=0.06)


def test_pointing_well_goes_with_being_right(session: Session, small: Seeded) -> None:
    outcomes = [answer.outcome for answer in answers_of(session) if answer.first]
    well = {
        right: fmean(bool(o.pointed_right) for o in outcomes if o.right is right)
        for right in (True, False)
    }
    assert 0 < well[False] < well[True] < 1


def test_players_differ_and_their_means_are_those_of_the_class() -> None:
    players = members(LARGE)
    assert fmean(p.skill for p in players) == pytest.approx(LARGE.skill)
    assert fmean(p.overconfidence for p in players) == pytest.approx(LARGE.overconfidence)
    assert fmean(p.checking for p in players) == pytest.approx(LARGE.checking)
    for at, lean in enumerate(LARGE.bias):
        assert fmean(p.bias[at] for p in players) == pytest.approx(lean)
    assert len({p.skill for p in players}) == LARGE.players


@pytest.mark.parametrize("skill", [0.0, 0.05, 1.0])
@pytest.mark.parametrize("bias", [(-1 / 3, 1 / 6, 1 / 6), (2 / 3, -1 / 3, -1 / 3)])
@pytest.mark.parametrize("players", [1, 2, 9])
def test_a_class_at_the_limits_is_possible(
    skill: float, bias: tuple[float, float, float], players: int
) -> None:
    plan = DemoClass(players, skill=skill, bias=bias, overconfidence=-1, checking=1)
    assert fmean(p.skill for p in members(plan)) == pytest.approx(skill)


@pytest.mark.parametrize(
    "impossible",
    [
        {"players": 0},
        {"rounds": 0},
        {"rounds": 101},
        {"skill": 1.1},
        {"bias": (0.5, 0.0, 0.0)},
        {"overconfidence": float("nan")},
        {"checking": -0.1},
    ],
)
def test_an_impossible_class_is_refused(impossible: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"class|between|sum"):
        DemoClass(**impossible)


def test_biases_not_named_share_the_rest() -> None:
    assert full_bias({}) == (0, 0, 0)
    assert full_bias({Verdict.FALSE: 0.1}) == pytest.approx((-0.05, 0.1, -0.05))
    assert full_bias({Verdict.TRUE: -0.2, Verdict.UNVERIFIED: 0.1}) == pytest.approx(
        (-0.2, 0.1, 0.1)
    )
    with pytest.raises(ValueError, match="sum to 0"):
        full_bias(dict.fromkeys(Verdict, 0.1))


# What is stored is what players would have left.


def test_as_much_is_stored_as_is_reported(session: Session, small: Seeded) -> None:
    assert (small.players, small.rounds) == (7, 28)
    assert count(session, Player) == small.players
    assert count(session, Round) == small.rounds
    assert count(session, Response, Response.look == Look.FINAL) == small.answers
    assert small.answers > 100


def test_points_equal_a_recount(session: Session, small: Seeded) -> None:
    recount: Counter[str] = Counter()
    for answer in answers_of(session):
        recount[answer.round_id] += points(answer.final.confidence, answer.outcome.right)
        if answer.outcome.right and answer.outcome.pointed_right:
            recount[answer.round_id] += POINTER_BONUS
    finished = session.scalars(select(Round).where(Round.finished_at.is_not(None))).all()
    assert {row.id: row.points for row in finished} == {row.id: recount[row.id] for row in finished}


def test_a_round_is_answered_to_its_end_or_left_open(session: Session, small: Seeded) -> None:
    answered = Counter(answer.round_id for answer in answers_of(session))
    rounds = session.scalars(select(Round)).all()
    left = [row for row in rounds if row.finished_at is None]
    assert len(left) == 2  # the first player and the seventh
    for row in rounds:
        assert count(session, RoundItem, RoundItem.round_id == row.id) == row.size
        assert (row.points is None) == (row.finished_at is None) == (answered[row.id] < row.size)


def test_both_modes_have_the_looks_and_pointers_they_ask_for(
    session: Session, small: Seeded
) -> None:
    modes = {row.id: row.mode for row in session.scalars(select(Round))}
    answers = answers_of(session)
    assert {modes[answer.round_id] for answer in answers} == set(Mode)
    for answer in answers:
        investigates = modes[answer.round_id] is Mode.INVESTIGATION
        assert (answer.first is not None) == investigates
        assert (answer.final.pointer is not None) == investigates
        assert answer.first is None or answer.first.pointer is None


def test_a_pointer_shows_a_sentence_of_the_files(session: Session, small: Seeded) -> None:
    catalogue = catalogue_of(session)
    for answer in answers_of(session):
        pointer = answer.final.pointer
        if pointer is not None and pointer != NO_PASSAGE:
            document = catalogue.files_of(session, answer.revision)[parse_pointer(pointer)[0]]
            shown = catalogue.pointed(session, answer.revision, pointer)
            assert shown is not None
            assert shown[1].strip() == shown[1] != ""
            assert shown[1] in document.text


def test_rounds_keep_verdicts_in_balance_and_pairs_apart(session: Session, small: Seeded) -> None:
    rounds = session.scalars(select(Round)).all()
    for row in rounds:
        ids = session.scalars(select(RoundItem.revision_id).where(RoundItem.round_id == row.id))
        drawn = list(catalogue_of(session).revisions(session, ids).values())
        pairs = [(r.set_slug, r.question.contrast) for r in drawn if r.question.contrast]
        assert len(drawn) == row.size
        assert len(pairs) == len(set(pairs))
        if row.set_slug and row.size <= 10:
            counts = Counter(r.question.verdict for r in drawn)
            assert len(counts) == 3
            assert max(counts.values()) <= (row.size + 1) // 3 + 1


def test_times_follow_each_other_and_lie_in_the_past_weeks(session: Session, small: Seeded) -> None:
    for player in session.scalars(select(Player)):
        own = Round.player_id == player.id
        rounds = session.scalars(select(Round).where(own).order_by(Round.started_at)).all()
        assert NOW - PERIOD <= player.created_at == rounds[0].started_at
        assert player.last_played_at == rounds[-1].started_at
        given = session.scalars(
            select(Response).where(Response.player_id == player.id).order_by(Response.id)
        ).all()
        moments = [response.answered_at for response in given]
        assert moments == sorted(set(moments))
        assert all(response.shown_at < response.answered_at for response in given)
        for row, following in pairwise(rounds):
            assert row.finished_at is not None
            assert row.started_at < row.finished_at < following.started_at
        assert moments[-1] < NOW


def test_a_file_is_opened_between_showing_and_answering(session: Session, small: Seeded) -> None:
    rows = session.execute(
        select(RoundItem.opened_at, Response.shown_at, Response.answered_at)
        .join(Response, Response.item_id == RoundItem.id)
        .where(Response.has_opened_file)
    ).all()
    assert rows
    assert all(row.shown_at < row.opened_at < row.answered_at for row in rows)
    opened = count(session, RoundItem, RoundItem.opened_at.is_not(None))
    assert opened == len(rows)


def test_practice_rounds_repeat_what_was_missed(session: Session, small: Seeded) -> None:
    practice = set(session.scalars(select(Round.id).where(Round.set_slug.is_(None))))
    repeats = [answer for answer in answers_of(session) if answer.round_id in practice]
    assert repeats
    assert all(answer.is_repeat for answer in repeats)


def test_the_first_players_sign_in_with_the_passphrase_and_the_others_are_guests(
    session: Session, small: Seeded
) -> None:
    kept = session.scalars(select(Player.name).where(Player.name.is_not(None))).all()
    assert len(kept) == KEPT
    assert small.name in kept
    for name in kept:
        assert sign_in(session, name or "", small.passphrase) is not None
    assert sign_in(session, small.name, small.passphrase + "x") is None


# Once, and the same each time.


def stored(session: Session) -> list[tuple[Any, ...]]:
    """The answers, without the addresses and keys, which are random."""
    columns = (Response.revision_id, Response.look, Response.verdict, Response.confidence)
    more = (Response.pointer, Response.shown_at, Response.answered_at, RoundItem.position)
    found = session.execute(
        select(Player.pseudonym, *columns, *more, Round.points)
        .join_from(Response, RoundItem, RoundItem.id == Response.item_id)
        .join(Round, Round.id == RoundItem.round_id)
        .join(Player, Player.id == Response.player_id)
        .order_by(Response.id)
    )
    return [tuple(row) for row in found]


def test_the_same_seed_gives_the_same_class(session: Session, small: Seeded) -> None:
    once = stored(session)
    session.execute(delete(Player))
    again = seed_class(session, SMALL, NOW)
    assert stored(session) == once
    assert again.name == small.name
    assert again.passphrase != small.passphrase  # a secret is never the same


def test_a_second_run_is_refused_and_stores_nothing(session: Session, small: Seeded) -> None:
    once = stored(session)
    with pytest.raises(AlreadySeeded):
        seed_class(session, SMALL, NOW + PERIOD)
    assert stored(session) == once
    assert count(session, Player) == small.players


def test_another_seed_adds_another_class(session: Session, small: Seeded) -> None:
    other = seed_class(session, DemoClass(players=2, rounds=1, seed=4, language="en"), NOW)
    assert count(session, Player) == small.players + 2
    assert other.name != small.name


def test_without_questions_there_is_no_class(session: Session) -> None:
    session.execute(update(QuestionSetRow).values(is_retired=True))
    with pytest.raises(NoQuestions):
        seed_class(session, SMALL, NOW)
    assert count(session, Player) == 0


# The command.


def run(app: Flask, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["demo", "seed", *options])
    return result.exit_code, result.output


def test_every_page_of_the_player_printed_has_data(app: Flask) -> None:
    code, printed = run(app, "--players", "2", "--rounds", "5", "--bias", "false=0.3")
    assert code == 0, printed
    name, passphrase = (part.split("”")[0] for part in printed.split("“")[1:])
    client = app.test_client()
    form = {"name": name, "passphrase": passphrase}
    assert client.post("/account/sign-in", data=form).status_code == 303
    for address, expected in {
        "/": "resume",
        "/progress/": "<svg",
        "/review/": "/review/",
        "/account/": name,
        "/account/export": '"verdict"',
    }.items():
        page = client.get(address)
        assert page.status_code == 200
        assert expected in page.text, address


def test_the_command_run_twice_says_what_to_do(app: Flask) -> None:
    assert run(app, "--players", "1", "--rounds", "1")[0] == 0
    code, printed = run(app, "--players", "1", "--rounds", "1")
    assert code == 1
    assert "--seed" in printed
    assert run(app, "--players", "1", "--rounds", "1", "--seed", "2")[0] == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--bias", "wrong=0.1"),
        ("--bias", "false"),
        ("--bias", "false=much"),
        ("--bias", "false=0.9"),
        ("--bias", "false=nan"),
        ("--skill", "2"),
        ("--rounds", "101"),
    ],
)
def test_the_command_refuses_what_makes_no_class(app: Flask, options: tuple[str, str]) -> None:
    code, printed = run(app, *options)
    assert code == 2
    assert "Error" in printed


def test_the_command_without_a_database_says_what_to_do(tmp_path: Path) -> None:
    with world.running(f"sqlite:///{tmp_path / 'new.sqlite3'}") as app:
        code, printed = run(app)
    assert code == 1
    assert "start the game once" in printed
