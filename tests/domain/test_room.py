"""The live room's states: which move leads where, and what the clock makes of a stored state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.room import (
    ANSWERING,
    EXTENSION,
    IllegalMove,
    Leaderboard,
    Move,
    Phase,
    RoomMode,
    Rules,
    State,
    is_void,
    make,
    moves,
    opening,
    settle,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=10)
TIMER = 60
QUICK = Rules(3, RoomMode.QUICK, None, Leaderboard.OFF)
TWO_LOOKS = replace(QUICK, mode=RoomMode.TWO_LOOKS)
TIMED = replace(QUICK, timer=TIMER)
TIMED_LOOKS = replace(TWO_LOOKS, timer=TIMER)
RANKED = replace(QUICK, leaderboard=Leaderboard.TIERS)
ALL_RULES = [
    Rules(3, mode, timer, board)
    for mode, timer, board in product(RoomMode, (None, TIMER), Leaderboard)
]


def seconds(n: float) -> timedelta:
    return timedelta(seconds=n)


def at(phase: Phase, position: int = 2, timer: int | None = None, *, paused: bool = False) -> State:
    """A state since NOW; with a timer its deadline is that many seconds later."""
    deadline = None if timer is None else NOW + seconds(timer)
    return State(phase, position, NOW, deadline, NOW if paused else None)


# The table: for each phase, what each move leads to. A move that is not here is illegal.

TABLE: dict[Phase, dict[Move, str]] = {
    Phase.LOBBY: {Move.NEXT: "question-3", Move.END: "debrief-2"},
    Phase.QUESTION: {
        Move.NEXT: "closed-2",
        Move.SKIP: "question-3",
        Move.PAUSE: "question-2-paused",
        Move.END: "debrief-2",
    },
    Phase.SECOND_LOOK: {
        Move.NEXT: "closed-2",
        Move.SKIP: "question-3",
        Move.PAUSE: "second_look-2-paused",
        Move.END: "debrief-2",
    },
    Phase.CLOSED: {Move.NEXT: "reveal-2", Move.SKIP: "question-3", Move.END: "debrief-2"},
    Phase.REVEAL: {Move.NEXT: "question-3", Move.LOBBY: "lobby-2", Move.END: "debrief-2"},
    Phase.STANDINGS: {Move.NEXT: "question-3", Move.LOBBY: "lobby-2", Move.END: "debrief-2"},
    Phase.DEBRIEF: {Move.NEXT: "finished-2"},
    Phase.FINISHED: {},
}


def expected(rules: Rules, state: State, move: Move) -> str | None:
    """The stage that a move leads to, None where it is illegal."""
    stage = TABLE[state.phase].get(move)
    if state.phase is Phase.QUESTION and move is Move.NEXT and rules.mode is not RoomMode.QUICK:
        stage = "second_look-2"
    if state.phase is Phase.REVEAL and move is Move.NEXT and rules.leaderboard != "off":
        stage = "standings-2"
    if state.phase in (Phase.QUESTION, Phase.SECOND_LOOK):
        if state.paused_at is not None:
            stage = None if move is Move.PAUSE else stage
            stage = f"{state.phase}-2" if move is Move.RESUME else stage
        if move is Move.EXTEND and state.deadline is not None:
            stage = state.stage
    return stage


def situations(phase: Phase) -> Iterator[tuple[Rules, State]]:
    """A phase under all rules; where answers are taken, also paused."""
    for rules, paused in product(ALL_RULES, (False, True) if phase in ANSWERING else (False,)):
        if phase is not Phase.SECOND_LOOK or rules.has_two_looks:
            timer = rules.timer if phase in ANSWERING else None
            yield rules, at(phase, 2, timer, paused=paused)


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("phase", Phase)
def test_each_move_leads_where_the_table_says_or_is_illegal(phase: Phase, move: Move) -> None:
    for rules, state in situations(phase):
        stage = expected(rules, state, move)

        assert (move in moves(rules, state)) is (stage is not None), (rules, state)
        if stage is not None:
            assert make(rules, state, move, LATER).stage == stage, (rules, state)
        else:
            with pytest.raises(IllegalMove):
                make(rules, state, move, LATER)


def test_a_new_room_is_a_lobby_before_the_first_question() -> None:
    assert opening(NOW) == State(Phase.LOBBY, 0, NOW)
    assert make(QUICK, opening(NOW), Move.NEXT, LATER).stage == "question-1"


def test_a_lobby_in_which_nothing_was_asked_ends_without_a_debrief() -> None:
    assert make(QUICK, opening(NOW), Move.END, LATER).stage == "finished-0"


@pytest.mark.parametrize(
    ("rules", "phase", "move"),
    [
        (QUICK, Phase.REVEAL, Move.NEXT),
        (RANKED, Phase.STANDINGS, Move.NEXT),
        (QUICK, Phase.LOBBY, Move.NEXT),
        (QUICK, Phase.QUESTION, Move.SKIP),
        (QUICK, Phase.CLOSED, Move.SKIP),
    ],
)
def test_after_the_last_question_comes_the_debrief(rules: Rules, phase: Phase, move: Move) -> None:
    assert make(rules, at(phase, rules.size), move, LATER).stage == "debrief-3"


def test_the_last_standings_are_shown_before_the_debrief() -> None:
    assert make(RANKED, at(Phase.REVEAL, RANKED.size), Move.NEXT, LATER).stage == "standings-3"


@pytest.mark.parametrize(
    ("phase", "void"),
    [
        (Phase.QUESTION, {Move.SKIP, Move.END}),
        (Phase.SECOND_LOOK, {Move.SKIP, Move.END}),
        (Phase.CLOSED, {Move.SKIP, Move.END}),
        (Phase.LOBBY, set()),
        (Phase.REVEAL, set()),
        (Phase.STANDINGS, set()),
        (Phase.DEBRIEF, set()),
    ],
)
def test_a_question_left_before_its_reveal_is_void(phase: Phase, void: set[Move]) -> None:
    assert {move for move in Move if is_void(at(phase), move)} == void


# The clock


def test_without_a_timer_a_look_stays_open() -> None:
    asked = make(QUICK, opening(NOW), Move.NEXT, NOW)

    assert asked.deadline is None
    assert settle(QUICK, asked, NOW + timedelta(days=7)) == asked


def test_a_question_closes_at_its_deadline_and_not_before() -> None:
    asked = make(TIMED, opening(NOW), Move.NEXT, NOW)

    assert asked.deadline == NOW + seconds(60)
    assert settle(TIMED, asked, NOW + seconds(59.999)) == asked
    closed = State(Phase.CLOSED, 1, NOW + seconds(60))
    assert settle(TIMED, asked, NOW + seconds(60)) == closed
    assert settle(TIMED, asked, NOW + seconds(600)) == closed


@pytest.mark.parametrize("mode", [RoomMode.TWO_LOOKS, RoomMode.EVIDENCE])
def test_the_first_deadline_opens_the_second_look_at_that_moment(mode: RoomMode) -> None:
    rules = replace(TIMED, mode=mode)
    asked = make(rules, opening(NOW), Move.NEXT, NOW)

    again = settle(rules, asked, NOW + seconds(75))

    assert again == State(Phase.SECOND_LOOK, 1, NOW + seconds(60), NOW + seconds(120))
    assert again.left(NOW + seconds(75)) == seconds(45)


def test_a_host_gone_for_ten_minutes_finds_both_looks_closed() -> None:
    asked = make(TIMED_LOOKS, opening(NOW), Move.NEXT, NOW)

    found = settle(TIMED_LOOKS, asked, NOW + timedelta(minutes=10))

    assert found == State(Phase.CLOSED, 1, NOW + seconds(120))
    assert make(TIMED_LOOKS, asked, Move.NEXT, NOW + timedelta(minutes=10)).stage == "reveal-1"


def test_a_second_look_opened_by_the_host_has_its_whole_time() -> None:
    asked = make(TIMED_LOOKS, opening(NOW), Move.NEXT, NOW)

    again = make(TIMED_LOOKS, asked, Move.NEXT, NOW + seconds(20))

    assert again == State(Phase.SECOND_LOOK, 1, NOW + seconds(20), NOW + seconds(80))


@pytest.mark.parametrize("move", [Move.PAUSE, Move.EXTEND])
def test_a_move_that_comes_too_late_is_overtaken_by_the_clock(move: Move) -> None:
    asked = make(TIMED, opening(NOW), Move.NEXT, NOW)

    with pytest.raises(IllegalMove, match="closed-1"):
        make(TIMED, asked, move, NOW + seconds(60))


def test_next_pressed_after_the_deadline_reveals() -> None:
    asked = make(TIMED, opening(NOW), Move.NEXT, NOW)

    assert make(TIMED, asked, Move.NEXT, NOW + seconds(59)).stage == "closed-1"
    assert make(TIMED, asked, Move.NEXT, NOW + seconds(60)).stage == "reveal-1"


# Pauses and more time


def test_during_a_pause_the_clock_stands_still_and_nothing_is_taken() -> None:
    asked = make(TIMED, opening(NOW), Move.NEXT, NOW)
    paused = make(TIMED, asked, Move.PAUSE, NOW + seconds(20))

    for wait in (20, 59, 61, 36_000):
        assert settle(TIMED, paused, NOW + seconds(wait)) == paused
        assert paused.left(NOW + seconds(wait)) == seconds(40)
    assert asked.takes_answers
    assert not paused.takes_answers


def test_resuming_gives_back_what_was_left() -> None:
    asked = make(TIMED, opening(NOW), Move.NEXT, NOW)
    paused = make(TIMED, asked, Move.PAUSE, NOW + seconds(20))

    resumed = make(TIMED, paused, Move.RESUME, NOW + timedelta(hours=1))

    assert resumed.left(NOW + timedelta(hours=1)) == seconds(40)
    assert resumed == replace(asked, deadline=NOW + timedelta(hours=1, seconds=40))


def test_a_pause_without_a_timer_only_stops_the_answers() -> None:
    asked = make(QUICK, opening(NOW), Move.NEXT, NOW)
    paused = make(QUICK, asked, Move.PAUSE, LATER)

    assert paused.left(LATER) is None
    assert not paused.takes_answers
    assert make(QUICK, paused, Move.RESUME, LATER) == asked


def test_going_on_from_a_pause_leaves_nothing_paused() -> None:
    paused = at(Phase.QUESTION, timer=TIMER, paused=True)

    for move in (Move.NEXT, Move.SKIP, Move.END):
        assert make(TIMED, paused, move, LATER).paused_at is None
    assert make(TIMED_LOOKS, paused, Move.NEXT, LATER).left(LATER) == seconds(TIMER)


@pytest.mark.parametrize("paused", [False, True])
def test_more_time_can_be_given_ten_times_in_a_pause_too(paused: bool) -> None:
    state = at(Phase.QUESTION, timer=TIMER, paused=paused)

    for _ in range(10):
        state = make(TIMED, state, Move.EXTEND, NOW)

    assert state.left(NOW) == seconds(TIMER) + 10 * EXTENSION
    assert state.stage == at(Phase.QUESTION, paused=paused).stage


# Whatever a host does, and whenever


steps = st.lists(
    st.tuples(st.sampled_from([None, *Move]), st.integers(0, 200).map(seconds)), max_size=40
)
rules_of_all_kinds = st.builds(
    Rules,
    size=st.integers(1, 4),
    mode=st.sampled_from(RoomMode),
    timer=st.sampled_from([None, 30, 60, 300]),
    leaderboard=st.sampled_from(Leaderboard),
)
Step = tuple[Move | None, timedelta]


def played(rules: Rules, sequence: list[Step]) -> Iterator[tuple[State, datetime]]:
    """The stored states of a room whose host tries these moves, each after some time."""
    state, now = opening(NOW), NOW
    yield state, now
    for move, wait in sequence:
        now += wait
        if move is not None and move in moves(rules, settle(rules, state, now)):
            state = make(rules, state, move, now)
        yield state, now


@given(rules_of_all_kinds, steps)
def test_the_question_number_never_falls_and_never_exceeds_the_size(
    rules: Rules, sequence: list[Step]
) -> None:
    positions = [settle(rules, state, now).position for state, now in played(rules, sequence)]

    assert positions == sorted(positions)
    assert set(positions) <= set(range(rules.size + 1))


@given(rules_of_all_kinds, steps)
def test_answers_are_taken_while_a_look_is_open_and_not_paused(
    rules: Rules, sequence: list[Step]
) -> None:
    for state, now in played(rules, sequence):
        found = settle(rules, state, now)
        is_open = found.phase in (Phase.QUESTION, Phase.SECOND_LOOK) and found.paused_at is None
        assert found.takes_answers is is_open
        if found.takes_answers and found.deadline is not None:
            assert now < found.deadline
        if found.phase not in ANSWERING:
            assert (found.deadline, found.paused_at) == (None, None)


@given(rules_of_all_kinds, steps, st.integers(0, 700), st.integers(0, 700))
def test_it_does_not_matter_who_looks_when(
    rules: Rules, sequence: list[Step], first: int, second: int
) -> None:
    *_, (state, now) = played(rules, sequence)
    early, late = (now + seconds(wait) for wait in sorted((first, second)))

    once = settle(rules, state, early)

    assert settle(rules, once, early) == once
    assert settle(rules, once, late) == settle(rules, state, late)


@given(rules_of_all_kinds, steps, st.integers(-700, 700))
def test_the_time_left_is_never_negative(rules: Rules, sequence: list[Step], wait: int) -> None:
    for state, now in played(rules, sequence):
        left = state.left(now + seconds(wait))
        assert left is None or left >= timedelta()
        assert (left is None) is (state.deadline is None)


@given(rules_of_all_kinds, steps)
def test_only_a_finished_room_has_no_moves(rules: Rules, sequence: list[Step]) -> None:
    for state, now in played(rules, sequence):
        found = settle(rules, state, now)
        assert (not moves(rules, found)) is (found.phase is Phase.FINISHED)


@given(rules_of_all_kinds, steps)
def test_next_alone_leads_from_anywhere_to_the_end(rules: Rules, sequence: list[Step]) -> None:
    *_, (state, now) = played(rules, sequence)

    for _ in range(5 * rules.size + 2):
        if state.phase is not Phase.FINISHED:
            state = make(rules, state, Move.NEXT, now)

    assert state.phase is Phase.FINISHED


@given(rules_of_all_kinds, steps)
def test_different_stages_have_different_names(rules: Rules, sequence: list[Step]) -> None:
    seen = {}
    for state, now in played(rules, sequence):
        found = settle(rules, state, now)
        what = (found.phase, found.position, found.paused_at is not None)
        assert seen.setdefault(found.stage, what) == what
        assert not set(found.stage) & set(" \r\n")  # it is a word of the stream
    assert len(set(seen.values())) == len(seen)
