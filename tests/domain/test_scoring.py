from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.scoring import (
    POINTER_BONUS,
    Confidence,
    Scoring,
    honest_level,
    pointer_bonus,
    points,
)

# level, right, wrong: the stakes on the buttons.
TABLE = [
    (Confidence.GUESS, 0, 0),  # 100·(1 − 2.25·4/9) = 0 and 100·(0.25 − 2.25/9) = 0
    (Confidence.LEANING, 44, -31),  # 1 − 2.25·.25 = .4375 and .25 − 2.25·.25 = −.3125
    (Confidence.FAIRLY_SURE, 80, -85),  # 1 − 2.25·.09 = .7975 and .25 − 2.25·.49 = −.8525
    (Confidence.SURE, 98, -157),  # 1 − 2.25·.01 = .9775 and .25 − 2.25·.81 = −1.5725
]

# From which to which true chance a level is the best choice, with a margin for whole points: the
# exact first edge is 41.7 %, between whole points 31/(44 + 31) = 41.3 %.
BEST = [
    (Confidence.GUESS, 0.0, 0.413),
    (Confidence.LEANING, 0.417, 0.5999),
    (Confidence.FAIRLY_SURE, 0.6001, 0.7999),
    (Confidence.SURE, 0.8001, 1.0),
]

chances = st.floats(0, 1)


def expected(level: Confidence, chance: float, bonus: int = 0) -> float:
    return chance * (points(level, True) + bonus) + (1 - chance) * points(level, False)


@pytest.mark.parametrize(("level", "right", "wrong"), TABLE)
def test_points_are_those_of_the_table(level: Confidence, right: int, wrong: int) -> None:
    assert (points(level, True), points(level, False)) == (right, wrong)


@pytest.mark.parametrize("level", Confidence)
@pytest.mark.parametrize("right", [True, False])
def test_points_are_a_brier_score_on_which_a_blind_guess_is_worth_nothing(
    level: Confidence, right: bool
) -> None:
    given_p, other = level.p, (1 - level.p) / 2
    probabilities = (given_p, other, other)
    outcome = (1, 0, 0) if right else (0, 1, 0)
    brier = sum((p - o) ** 2 for p, o in zip(probabilities, outcome, strict=True))
    assert points(level, right) == round(100 * (1 - brier / (2 / 3)))


@pytest.mark.parametrize(("level", "low", "high"), BEST)
@given(part=st.floats(0, 1))
def test_the_honest_level_pays_best(
    level: Confidence, low: float, high: float, part: float
) -> None:
    chance = low + part * (high - low)
    assert max(Confidence, key=lambda other: expected(other, chance)) is level
    assert honest_level(chance) is level


@given(chances)
def test_the_likeliest_verdict_pays_best(chance: float) -> None:
    # At every level more is paid for right than for wrong, so a likelier verdict never pays less.
    lower = chance / 2
    assert all(expected(level, chance) >= expected(level, lower) for level in Confidence)


@given(st.floats(0.001, 1))
def test_the_pointer_bonus_leaves_the_best_level_where_it_is(chance: float) -> None:
    def best(bonus: int) -> float:
        return max(expected(level, chance, bonus) for level in Confidence)

    plain = max(Confidence, key=lambda level: expected(level, chance))
    assert expected(plain, chance, POINTER_BONUS) == pytest.approx(best(POINTER_BONUS))


@given(st.floats(-1, 2))
def test_what_is_felt_beyond_certainty_still_has_a_level(chance: float) -> None:
    nearest = min(abs(level.p - chance) for level in Confidence)
    assert abs(honest_level(chance).p - chance) == nearest


def test_a_constant_answer_at_any_stake_loses_or_gains_nothing_when_verdicts_are_even() -> None:
    gains = {level: expected(level, 1 / 3) for level in Confidence}
    # GUESS 0; LEANING (44 − 62)/3 = −6; FAIRLY_SURE (80 − 170)/3 = −30; SURE (98 − 314)/3 = −72
    assert [round(gain) for gain in gains.values()] == [0, -6, -30, -72]


def test_the_bonus_needs_both_the_right_verdict_and_the_right_passage() -> None:
    paid = {pair: pointer_bonus(*pair) for pair in product([True, False], repeat=2)}
    assert paid == {(True, True): 20, (True, False): 0, (False, True): 0, (False, False): 0}


@pytest.mark.parametrize("level", Confidence)
def test_simple_scoring_pays_a_hundred_for_right_and_nothing_for_wrong(level: Confidence) -> None:
    assert points(level, True, Scoring.SIMPLE) == 100
    assert points(level, False, Scoring.SIMPLE) == 0


def test_levels_stand_for_their_probabilities() -> None:
    assert [level.p for level in Confidence] == [1 / 3, 0.5, 0.7, 0.9]
