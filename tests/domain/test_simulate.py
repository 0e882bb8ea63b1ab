from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.measures import Judged, Lean, Summary, summarise
from quiz.domain.scoring import Confidence
from quiz.domain.simulate import SimulatedPlayer
from quiz.domain.verdict import Verdict

EACH = 2000
TRUTHS = list(Verdict) * EACH  # a standard error of about .01 for skill and biases


def summary(player: SimulatedPlayer, seed: int = 1) -> Summary:
    rng = random.Random(seed)
    return summarise([Judged(truth, *player.answer(truth, rng)) for truth in TRUTHS])


def value(figure: float | None) -> float:
    assert figure is not None
    return figure


@pytest.mark.parametrize("skill", [0.0, 0.2, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("bias", [(0.0, 0.0, 0.0), (-0.1, 0.3, -0.2)])
def test_skill_and_bias_are_recovered_apart(skill: float, bias: tuple[float, float, float]) -> None:
    player = SimulatedPlayer(skill, bias)
    found = summary(player)
    assert found.skill.value == pytest.approx(skill, abs=0.04)
    biases = [value(figure.value) for figure in found.bias.values()]
    # Guesses alone are biased.
    assert biases == pytest.approx([lean * (1 - skill) for lean in bias], abs=0.04)


@pytest.mark.parametrize("skill", [0.3, 0.4, 0.5, 0.6])
@pytest.mark.parametrize("overconfidence", [-0.1, 0.0, 0.1])
def test_overconfidence_is_recovered_where_four_levels_can_tell_it(
    skill: float, overconfidence: float
) -> None:
    found = summary(SimulatedPlayer(skill, overconfidence=overconfidence))
    assert found.overconfidence.value == pytest.approx(overconfidence, abs=0.04)


def test_measures_rise_with_what_they_measure() -> None:
    skills = [summary(SimulatedPlayer(skill)) for skill in (0.0, 0.3, 0.6, 0.9)]
    for measure in ("skill", "discernment", "sufficiency", "accuracy"):
        found = [value(getattr(one, measure).value) for one in skills]
        assert found == sorted(set(found)), measure
    for at, verdict in enumerate(Verdict):
        leans = [[-lean / 2] * 3 for lean in (-0.2, 0.0, 0.2, 0.5)]
        for lean in leans:
            lean[at] *= -2
        players = [SimulatedPlayer(0.2, (a, b, c)) for a, b, c in leans]
        biases = [value(summary(player).bias[verdict].value) for player in players]
        assert biases == sorted(set(biases))
    sure = [
        value(summary(SimulatedPlayer(0.5, overconfidence=over)).overconfidence.value)
        for over in (-0.3, -0.15, 0.0, 0.15, 0.3)
    ]
    assert sure == sorted(set(sure))


def test_a_guesser_discerns_nothing_whatever_the_bias() -> None:
    found = summary(SimulatedPlayer(0, (0.4, -0.2, -0.2), overconfidence=0.3))
    assert found.discernment.value == pytest.approx(0.5, abs=0.04)
    assert found.sufficiency.value == pytest.approx(0.5, abs=0.04)


def test_a_calibrated_player_is_found_calibrated() -> None:
    found = summary(SimulatedPlayer(0.5))
    assert value(found.overconfidence.value) == pytest.approx(0, abs=0.03)
    for level in found.levels:
        assert value(level.right.value) == pytest.approx(level.confidence.p, abs=0.15)
    shares = [value(level.right.value) for level in found.levels]
    assert shares == sorted(set(shares))  # confidence does tell right from wrong


@pytest.mark.parametrize(
    ("bias", "expected"),
    [
        ((0.3, -0.15, -0.15), Lean.TRUE),
        ((-0.15, 0.3, -0.15), Lean.FALSE),
        ((-0.15, -0.15, 0.3), Lean.UNVERIFIED),
    ],
)
def test_a_lean_is_put_in_the_right_words(bias: tuple[float, float, float], expected: Lean) -> None:
    assert summary(SimulatedPlayer(0.4, bias)).lean is expected


@pytest.mark.parametrize("each", [5, 10, 40])
@pytest.mark.parametrize("skill", [0.0, 0.5])
def test_an_unbiased_player_is_seldom_said_to_lean(each: int, skill: float) -> None:
    player, rng = SimulatedPlayer(skill), random.Random(7)
    truths, leaning = list(Verdict) * each, 0
    for _ in range(300):
        found = summarise([Judged(truth, *player.answer(truth, rng)) for truth in truths])
        leaning += found.lean is not Lean.NONE
    assert leaning / 300 < 0.1  # one in twenty, with a standard error of .013


@pytest.mark.parametrize("checking", [0.0, 0.3, 0.7, 1.0])
def test_the_gain_from_checking_is_recovered(checking: float) -> None:
    player, rng = SimulatedPlayer(0.4, checking=checking), random.Random(3)
    first, final = [], []
    for truth in TRUTHS:
        look, again = player.look_twice(truth, rng)
        first.append(Judged(truth, *look))
        final.append(Judged(truth, *again))
    before, after = value(summarise(first).skill.value), value(summarise(final).skill.value)
    assert before == pytest.approx(0.4, abs=0.04)
    assert after - before == pytest.approx(checking * 0.6, abs=0.04)
    # What is checked is right, the rest stays as it was.
    assert all(again == look or again.right for look, again in zip(first, final, strict=True))


def test_what_was_checked_is_answered_surely() -> None:
    first, final = SimulatedPlayer(0, checking=1).look_twice(Verdict.TRUE, random.Random(1))
    assert first[1] is Confidence.GUESS
    assert final == (Verdict.TRUE, Confidence.SURE)


@given(st.floats(0, 1), st.floats(-1, 1), st.floats(0, 1), st.sampled_from(Verdict), st.integers())
def test_every_player_answers_and_the_same_seed_gives_the_same_answer(
    skill: float, overconfidence: float, checking: float, truth: Verdict, seed: int
) -> None:
    player = SimulatedPlayer(skill, overconfidence=overconfidence, checking=checking)
    looks = player.look_twice(truth, random.Random(seed))
    assert looks == player.look_twice(truth, random.Random(seed))
    for verdict, confidence in looks:
        assert verdict in Verdict
        assert confidence in Confidence


@pytest.mark.parametrize(
    "properties",
    [
        {"skill": -0.1},
        {"skill": 1.1},
        {"skill": 0.5, "checking": 2},
        {"skill": 0.5, "overconfidence": -1.5},
        {"skill": 0.5, "bias": (0.1, 0.1, 0.1)},
        {"skill": 0.5, "bias": (-0.4, 0.2, 0.2)},
        {"skill": float("nan")},
    ],
)
def test_impossible_players_are_refused(properties: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"between|sum"):
        SimulatedPlayer(**properties)  # type: ignore[arg-type]  # a bias is a tuple
