"""Ranks and tiers from points: what a leaderboard shows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Mapping
from enum import StrEnum
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


class Tier(StrEnum):
    """A third of the class by points; whoever has the same points is in the same third."""

    FRONT = "front"
    MIDDLE = "middle"
    CHASING = "chasing"


def ranks(points: Mapping[K, int]) -> dict[K, int]:
    """Each key's rank, 1 for the most points; equal points share the better rank (1, 2, 2, 4)."""
    falling = sorted(-p for p in points.values())
    return {key: 1 + bisect_left(falling, -p) for key, p in points.items()}


def tier(rank: int, players: int) -> Tier:
    """The third that a rank of 1 to `players` belongs to."""
    thirds = tuple(Tier)
    return thirds[min(2, 3 * (rank - 1) // max(1, players))]
