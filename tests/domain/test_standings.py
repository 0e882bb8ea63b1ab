"""Ranks and thirds: what a leaderboard shows of points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.domain.standings import Tier, ranks, tier

FRONT, MIDDLE, CHASING = Tier.FRONT, Tier.MIDDLE, Tier.CHASING
some_points = st.dictionaries(st.integers(), st.integers(-400, 400), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ({}, {}),
        ({"Ann": -85}, {"Ann": 1}),
        ({"Ann": 98, "Bob": 80, "Cyd": 80, "Dee": 0}, {"Ann": 1, "Bob": 2, "Cyd": 2, "Dee": 4}),
        ({"Ann": 0, "Bob": 0, "Cyd": 0}, {"Ann": 1, "Bob": 1, "Cyd": 1}),
        ({"Ann": -157, "Bob": -31}, {"Ann": 2, "Bob": 1}),
    ],
)
def test_equal_points_share_the_better_rank(
    points: dict[str, int], expected: dict[str, int]
) -> None:
    assert ranks(points) == expected


@given(some_points)
def test_a_rank_is_one_more_than_the_number_of_those_ahead(points: dict[int, int]) -> None:
    found = ranks(points)

    assert found == {key: 1 + sum(p > own for p in points.values()) for key, own in points.items()}
    assert min(found.values()) == 1


@given(some_points)
def test_ranks_are_in_the_order_of_the_points(points: dict[int, int]) -> None:
    found = ranks(points)

    for one in points:
        for other in points:
            assert (found[one] < found[other]) is (points[one] > points[other])


@pytest.mark.parametrize(
    ("players", "tiers"),
    [
        (1, [FRONT]),
        (2, [FRONT, MIDDLE]),
        (3, [FRONT, MIDDLE, CHASING]),
        (4, [FRONT, FRONT, MIDDLE, CHASING]),
        (6, [FRONT, FRONT, MIDDLE, MIDDLE, CHASING, CHASING]),
        (7, [FRONT, FRONT, FRONT, MIDDLE, MIDDLE, CHASING, CHASING]),
    ],
)
def test_tiers_are_thirds_of_the_ranks(players: int, tiers: list[Tier]) -> None:
    assert [tier(rank, players) for rank in range(1, players + 1)] == tiers


@given(some_points)
def test_equal_points_are_never_in_different_thirds(points: dict[int, int]) -> None:
    thirds: dict[int, set[Tier]] = {}
    for key, rank in ranks(points).items():
        thirds.setdefault(points[key], set()).add(tier(rank, len(points)))

    assert all(len(found) == 1 for found in thirds.values())


@given(some_points)
def test_nobody_with_fewer_points_is_in_a_better_third(points: dict[int, int]) -> None:
    order = list(Tier)
    by_points = sorted((-points[key], rank) for key, rank in ranks(points).items())
    found = [order.index(tier(rank, len(points))) for _, rank in by_points]

    assert found == sorted(found)
    assert found[0] == 0
