from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.draw import TWINS_REST, Candidate, Met, draw, resting
from quiz.domain.scoring import Confidence, points
from quiz.domain.verdict import Verdict

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNVERIFIED


def candidate(
    key: str,
    verdict: Verdict = T,
    contrast: str | None = None,
    *,
    seen: bool = False,
    due: bool = False,
    resting: bool = False,
) -> Candidate:
    return Candidate(key, verdict, contrast, seen, due, resting)


def pool(each: int) -> list[Candidate]:
    return [candidate(f"{verdict}{i}", verdict) for verdict in Verdict for i in range(each)]


def verdicts(candidates: list[Candidate], keys: list[str]) -> Counter[Verdict]:
    verdict_of = {c.key: c.verdict for c in candidates}
    return Counter(verdict_of[key] for key in keys)


@st.composite
def pools(draw_: st.DrawFn) -> list[Candidate]:
    rows = draw_(
        st.lists(
            st.tuples(
                st.sampled_from(list(Verdict)),
                st.sampled_from([None, None, "a", "b", "c", "d", "e"]),
                st.booleans(),
                st.booleans(),
                st.booleans(),
            ),
            max_size=30,
        )
    )
    return [Candidate(f"q{i}", *row) for i, row in enumerate(rows)]


sizes = st.one_of(st.none(), st.integers(0, 35))


@given(pools(), sizes, st.integers())
def test_a_round_is_as_large_as_asked_or_as_the_pool_gives(
    candidates: list[Candidate], size: int | None, seed: int
) -> None:
    keys = draw(candidates, size, random.Random(seed))
    units = len({c.unit for c in candidates})
    assert len(keys) == len(set(keys)) == (units if size is None else min(size, units))


@given(pools(), sizes, st.integers())
def test_a_round_never_has_two_of_a_contrast_pair(
    candidates: list[Candidate], size: int | None, seed: int
) -> None:
    keys = set(draw(candidates, size, random.Random(seed)))
    pairs = [c.contrast for c in candidates if c.key in keys and c.contrast is not None]
    assert len(pairs) == len(set(pairs))


@given(pools(), st.one_of(st.none(), st.integers(5, 35)), st.integers())
def test_no_verdict_is_missing_from_five_questions_on_if_the_pool_can_give_it(
    candidates: list[Candidate], size: int | None, seed: int
) -> None:
    offers: dict[tuple[bool, str], set[Verdict]] = {}
    for c in candidates:
        offers.setdefault(c.unit, set()).add(c.verdict)
    options = list(offers.values())

    # Whether three different units can give the three verdicts: a unit counts 1, a verdict's
    # units are few enough to try all (marriage theorem: every k verdicts have k units).
    def units_with(wanted: set[Verdict]) -> int:
        return sum(bool(option & wanted) for option in options)

    subsets = [{T}, {F}, {U}, {T, F}, {T, U}, {F, U}, {T, F, U}]
    if len(options) >= 5 and all(units_with(wanted) >= len(wanted) for wanted in subsets):
        drawn = verdicts(candidates, draw(candidates, size, random.Random(seed)))
        assert set(drawn) == {T, F, U}


@given(pools(), sizes, st.integers())
def test_the_same_candidates_and_seed_give_the_same_round(
    candidates: list[Candidate], size: int | None, seed: int
) -> None:
    first = draw(candidates, size, random.Random(seed))
    assert draw(candidates, size, random.Random(seed)) == first


def test_ten_questions_are_mostly_three_three_four_and_sometimes_two_four_four() -> None:
    candidates = pool(10)
    splits = Counter(
        tuple(sorted(verdicts(candidates, draw(candidates, 10, random.Random(seed))).values()))
        for seed in range(400)
    )
    assert set(splits) == {(3, 3, 4), (2, 4, 4)}
    assert splits[3, 3, 4] > 3 * splits[2, 4, 4] > 0


@pytest.mark.parametrize("size", [5, 9, 10, 11, 12])
def test_counts_are_jittered_so_that_the_last_verdict_cannot_be_deduced(size: int) -> None:
    candidates = pool(10)
    drawn = {
        tuple(verdicts(candidates, draw(candidates, size, random.Random(seed)))[v] for v in Verdict)
        for seed in range(200)
    }
    assert len({tuple(sorted(split)) for split in drawn}) > 1
    assert all(max(split) - min(split) <= 3 and min(split) > 0 for split in drawn)


@pytest.mark.parametrize("size", [1, 4, 5, 10, 11])
def test_no_verdict_is_favoured_over_many_rounds(size: int) -> None:
    candidates, rounds = pool(10), 1500
    totals: Counter[Verdict] = Counter()
    for seed in range(rounds):
        totals += verdicts(candidates, draw(candidates, size, random.Random(seed)))
    # Each share is 1/3; over 1,500 rounds its standard error is below .0122 (at size 1).
    assert all(abs(totals[v] / (rounds * size) - 1 / 3) < 0.04 for v in Verdict)


@pytest.mark.parametrize("constant", Verdict)
@pytest.mark.parametrize("level", [Confidence.LEANING, Confidence.FAIRLY_SURE, Confidence.SURE])
def test_a_constant_answer_does_not_pay(constant: Verdict, level: Confidence) -> None:
    candidates, gain = pool(10), 0
    for seed in range(200):
        counts = verdicts(candidates, draw(candidates, 10, random.Random(seed)))
        right = counts[constant]
        gain += right * points(level, True) + (10 - right) * points(level, False)
    assert gain < 0


def test_the_order_of_play_is_a_uniform_shuffle_whatever_the_verdicts() -> None:
    candidates = [candidate("t", T), candidate("f", F), candidate("u", U)]
    rounds = 6000
    orders = Counter(tuple(draw(candidates, None, random.Random(seed))) for seed in range(rounds))
    expected = rounds / 6
    assert set(orders) == set(permutations("tfu"))
    chi_square = sum((count - expected) ** 2 / expected for count in orders.values())
    assert chi_square < 20.5  # 5 degrees of freedom, p = .001


def test_a_position_says_nothing_about_the_verdict() -> None:
    candidates, rounds = pool(8), 3000
    at: list[Counter[Verdict]] = [Counter() for _ in range(10)]
    verdict_of = {c.key: c.verdict for c in candidates}
    for seed in range(rounds):
        for position, key in enumerate(draw(candidates, 10, random.Random(seed))):
            at[position][verdict_of[key]] += 1
    chi_square = sum((counts[v] - rounds / 3) ** 2 / (rounds / 3) for counts in at for v in Verdict)
    assert chi_square < 45.3  # 20 degrees of freedom, p = .001


def test_a_due_question_has_no_set_place_in_the_round() -> None:
    candidates = [candidate("due", T, due=True, seen=True), *pool(4)]
    places = Counter(draw(candidates, 10, random.Random(seed)).index("due") for seed in range(2000))
    chi_square = sum((places[i] - 200) ** 2 / 200 for i in range(10))
    assert chi_square < 27.9  # 9 degrees of freedom, p = .001


@given(st.integers())
def test_due_questions_come_first_then_unseen_then_seen(seed: int) -> None:
    candidates = [
        candidate(f"{state}-{verdict}{i}", verdict, seen=state != "new", due=state == "due")
        for verdict in Verdict
        for state in ("due", "new", "old")
        for i in range(2)
    ]
    keys = draw(candidates, 9, random.Random(seed))
    for verdict in Verdict:
        states = [key.split("-")[0] for key in keys if verdict.value in key]
        wanted = (["due"] * 2 + ["new"] * 2 + ["old"] * 2)[: len(states)]
        assert sorted(states) == sorted(wanted)


@given(st.integers())
def test_balance_goes_before_what_is_due(seed: int) -> None:
    candidates = [*pool(5), *(candidate(f"due{i}", U, seen=True, due=True) for i in range(10))]
    keys = draw(candidates, 10, random.Random(seed))
    assert 2 <= sum(key.startswith("due") for key in keys) <= 4
    assert verdicts(candidates, keys)[U] == sum(key.startswith("due") for key in keys)


@pytest.mark.parametrize("size", [None, 1])
def test_either_twin_of_a_pair_is_drawn_by_chance(size: int | None) -> None:
    twins = [candidate("a", T, "p"), candidate("b", F, "p")]
    drawn = Counter(draw(twins, size, random.Random(seed))[0] for seed in range(400))
    assert 150 < drawn["a"] < 250  # 200 ± 5 standard deviations of 10


@given(st.integers())
def test_the_whole_set_takes_the_unseen_one_of_each_pair(seed: int) -> None:
    candidates = [
        *pool(2),
        candidate("a-old", T, "a", seen=True),
        candidate("a-new", U, "a"),
        candidate("b-new", F, "b"),
        candidate("b-old", T, "b", seen=True),
    ]
    keys = draw(candidates, None, random.Random(seed))
    assert {"a-new", "b-new"} < set(keys)
    assert len(keys) == 8


@given(st.integers())
def test_a_twin_makes_way_where_the_other_is_the_only_one_of_its_verdict(seed: int) -> None:
    candidates = [
        *(candidate(f"t{i}", T) for i in range(5)),
        *(candidate(f"f{i}", F) for i in range(5)),
        candidate("twin-t", T, "p", due=True, seen=True),
        candidate("twin-u", U, "p", seen=True),
    ]
    assert "twin-u" in draw(candidates, 6, random.Random(seed))


@given(st.integers())
def test_the_whole_set_keeps_a_verdict_that_only_a_less_wanted_twin_can_save(seed: int) -> None:
    # Pair a can give true or false, but not both; so true has to come from the twin of a due one.
    candidates = [
        candidate("a-true", T, "a"),
        candidate("a-false", F, "a"),
        candidate("b-true", T, "b"),
        candidate("b-due", U, "b", seen=True, due=True),
        *(candidate(f"u{i}", U) for i in range(3)),
    ]
    keys = draw(candidates, None, random.Random(seed))
    assert {"a-false", "b-true"} < set(keys)


def test_a_pool_of_one_verdict_still_makes_a_round() -> None:
    candidates = [candidate(f"t{i}", T) for i in range(7)]
    assert len(draw(candidates, 5, random.Random(1))) == 5


def test_nothing_gives_an_empty_round() -> None:
    assert draw([], None, random.Random(1)) == draw([], 10, random.Random(1)) == []
    assert draw(pool(3), 0, random.Random(1)) == []


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        draw(pool(3), -1, random.Random(1))


NOW = datetime(2026, 3, 2, tzinfo=UTC)
A_WEEK_AGO = NOW - TWINS_REST
YESTERDAY = NOW - timedelta(days=1)


def test_the_same_claim_on_another_file_waits_for_a_week() -> None:
    groups = {"a1": "a", "a2": "a", "b1": "b", "b2": "b", "alone": None}
    met = [Met("a1", "a", YESTERDAY), Met("b1", "b", A_WEEK_AGO), Met("alone", None, YESTERDAY)]

    assert resting(groups, met, NOW) == {"a2"}


def test_a_claim_waits_for_itself_only_by_its_own_review_date() -> None:
    assert resting({"a1": "a"}, [Met("a1", "a", YESTERDAY)], NOW) == set()
    both = [Met("a1", "a", YESTERDAY), Met("a2", "a", YESTERDAY)]
    assert resting({"a1": "a", "a2": "a"}, both, NOW) == {"a1", "a2"}


def test_a_group_is_known_by_what_was_met_outside_the_pool() -> None:
    assert resting({"a2": "a"}, [Met("a1", "a", YESTERDAY)], NOW) == {"a2"}


def test_what_rests_is_drawn_last_even_when_it_is_due() -> None:
    rests = candidate("rests", due=True, resting=True)
    others = [candidate("seen", seen=True), candidate("new")]
    for seed in range(20):
        assert set(draw([rests, *others], 2, random.Random(seed))) == {"seen", "new"}
    assert len(draw([rests, *others], 3, random.Random(1))) == 3
