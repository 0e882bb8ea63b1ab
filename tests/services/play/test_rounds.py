"""Starting a round: which questions it gets, and once only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from quiz.domain.answer import Look, Mode
from quiz.domain.errors import BadInput, NotFound
from quiz.domain.verdict import Verdict
from quiz.models import Player, Response, Round, RoundItem
from quiz.services.play import rounds
from quiz.services.play.home import home_of
from tests.factories import (
    NOW,
    SKETCHES,
    VERDICTS,
    caller_of,
    create_answers,
    create_round,
    finish,
    items_of,
    revisions,
    rng,
    wrong,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SEEDS = 100
CRITICAL = 26.12
"""Chi-square, 8 degrees of freedom, p = 0.001: the seeds are fixed, so it passes or it does not."""


def start(session: Session, player: Player, seed: int = 1, **overrides: Any) -> Round:
    """Start a round; gives it as stored."""
    chosen = {"set_slug": "harbour", "mode": Mode.QUICK, "size": 5, "start_key": f"key {seed}"}
    chosen |= overrides
    round_id = rounds.start_round(session, player.id, **chosen, now=NOW, rng=rng(seed))
    return session.get_one(Round, round_id)


def keys_of(session: Session, played: Round) -> list[str]:
    """The round's questions in order, as "set/question"."""
    by_id = {revision.id: key for key, revision in revisions(session).items()}
    return [by_id[item.revision_id] for item in items_of(session, played)]


def test_a_round_has_the_size_asked_for_from_the_set_asked_for(
    session: Session, pupil: Player
) -> None:
    played = start(session, pupil, size=5)

    assert (played.size, played.points, played.finished_at) == (5, None, None)
    assert [item.position for item in items_of(session, played)] == [1, 2, 3, 4, 5]
    assert {key.split("/")[0] for key in keys_of(session, played)} == {"harbour"}


def test_all_takes_one_question_of_each_pair_and_all_others(
    session: Session, pupil: Player
) -> None:
    played = start(session, pupil, size=None)

    (card,) = [c for c in home_of(session, pupil.id, NOW).cards if c.set.slug == "harbour"]
    assert played.size == card.longest == len(SKETCHES["harbour"]) - 2


@pytest.mark.parametrize("size", [5, 10, None])
def test_verdicts_are_balanced_and_contrast_pairs_never_together(
    session: Session, pupil: Player, size: int | None
) -> None:
    pair_of = {f"harbour/{s.id}": s.contrast for s in SKETCHES["harbour"]}

    for seed in range(6):
        keys = keys_of(session, start(session, pupil, seed, size=size))
        pairs = Counter(pair_of[key] for key in keys if pair_of[key])
        verdicts = Counter(VERDICTS[key] for key in keys)
        assert max(pairs.values(), default=0) <= 1, keys
        assert set(verdicts) == set(Verdict)
        assert max(verdicts.values()) - min(verdicts.values()) <= 2, verdicts


def test_the_place_in_the_round_says_nothing_of_the_verdict(
    session: Session, pupil: Player
) -> None:
    verdicts = {r.id: VERDICTS[key] for key, r in revisions(session).items()}
    table: Counter[tuple[int, Verdict]] = Counter()
    for seed in range(SEEDS):
        for item in items_of(session, start(session, pupil, seed)):
            table[item.position, verdicts[item.revision_id]] += 1

    places = range(1, 6)
    by_verdict = {v: sum(table[place, v] for place in places) for v in Verdict}
    chi_square = sum(
        (table[place, v] - by_verdict[v] / 5) ** 2 / (by_verdict[v] / 5)
        for place in places
        for v in Verdict
    )
    assert chi_square < CRITICAL


def test_the_same_start_key_twice_is_one_round(session: Session, pupil: Player) -> None:
    first = start(session, pupil, seed=1, start_key="one tap")
    again = start(session, pupil, seed=2, start_key="one tap")

    assert again.id == first.id
    assert session.scalar(select(func.count(Round.id))) == 1


def test_the_same_start_key_from_two_players_is_two_rounds(
    session: Session, pupil: Player, outsider: Player
) -> None:
    mine = start(session, pupil, start_key="a key")
    theirs = start(session, outsider, start_key="a key")

    assert mine.id != theirs.id


def test_twenty_taps_at_once_are_one_round(
    session: Session, pupil: Player, at_once: Callable[..., list[Any]]
) -> None:
    def tap(session: Session, n: int) -> str:
        return rounds.start_round(
            session, pupil.id, "harbour", Mode.QUICK, 5, "one tap", NOW, rng(n)
        )

    ids = at_once(20, tap)

    assert len(set(ids)) == 1
    assert session.scalar(select(func.count(Round.id))) == 1
    assert session.scalar(select(func.count(RoundItem.id))) == 5


def test_starting_notes_when_the_player_last_played(session: Session, pupil: Player) -> None:
    later = NOW + timedelta(days=3)
    rounds.start_round(session, pupil.id, "harbour", Mode.QUICK, 5, "key", later, rng())

    session.refresh(pupil)
    assert pupil.last_played_at == later


def test_an_unknown_set_is_not_found(session: Session, pupil: Player) -> None:
    with pytest.raises(NotFound):
        start(session, pupil, set_slug="nowhere")


def test_worked_examples_are_never_drawn(session: Session, pupil: Player) -> None:
    with pytest.raises(NotFound):
        start(session, pupil, set_slug="examples")


def test_practice_without_anything_due_is_refused(session: Session, pupil: Player) -> None:
    with pytest.raises(BadInput, match=rounds.NOTHING_DUE):
        start(session, pupil, set_slug=None)
    assert session.scalar(select(func.count(Round.id))) == 0


def test_practice_holds_the_due_questions_of_all_sets_and_no_others(
    session: Session, pupil: Player
) -> None:
    missed = ["harbour/h-ash", "tower/t-hop"]
    long_ago = NOW - timedelta(days=20)
    create_answers(
        session,
        create_round(session, pupil, keys=missed, started_at=long_ago),
        [wrong(VERDICTS[key]) for key in missed],
    )

    played = start(session, pupil, set_slug=None, size=10)

    assert (played.set_slug, sorted(keys_of(session, played))) == (None, missed)


def test_due_questions_come_before_unseen_and_unseen_before_seen(
    session: Session, pupil: Player
) -> None:
    due = "harbour/h-fir"  # true, missed long ago
    seen = ["harbour/h-may", "harbour/h-rue"]  # known for sure, just now
    past = create_round(session, pupil, keys=[due], started_at=NOW - timedelta(days=9))
    create_answers(session, past, [Verdict.FALSE])
    create_answers(session, create_round(session, pupil, keys=seen), confidence=3)

    drawn = [keys_of(session, start(session, pupil, seed, size=4)) for seed in range(8)]

    for keys in drawn:
        assert not set(keys) & set(seen)
        trues = {key for key in keys if VERDICTS[key] is Verdict.TRUE}
        assert not trues or due in trues
    assert any(due in keys for keys in drawn)


def test_the_first_place_without_an_answer_is_where_a_round_goes_on(
    session: Session, pupil: Player
) -> None:
    played = create_round(session, pupil)
    assert rounds.current_position(session, caller_of(pupil), played.id) == 1

    create_answers(session, played, [None, None])
    assert rounds.current_position(session, caller_of(pupil), played.id) == 3


def test_a_played_round_has_no_place_to_go_on(session: Session, pupil: Player) -> None:
    played = create_round(session, pupil)
    create_answers(session, played)
    finish(session, played)

    assert rounds.current_position(session, caller_of(pupil), played.id) is None


def test_a_first_look_alone_does_not_move_a_round_on(session: Session, pupil: Player) -> None:
    played = create_round(session, pupil, mode=Mode.INVESTIGATION)
    create_answers(session, played, [None])
    session.query(Response).filter_by(look=Look.FINAL).delete()
    session.commit()

    assert rounds.current_position(session, caller_of(pupil), played.id) == 1


def test_somebody_elses_round_is_not_found(
    session: Session, pupil: Player, outsider: Player
) -> None:
    played = create_round(session, pupil)

    with pytest.raises(NotFound):
        rounds.current_position(session, caller_of(outsider), played.id)
