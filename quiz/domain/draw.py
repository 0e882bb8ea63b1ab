"""Which questions a round gets: verdicts in balance, never two of a contrast group, due ones first.

A claim met on one file is not asked on another for a week: else one would answer from memory.

Balance is what keeps constant answers from paying; the jitter and the shuffle keep the last
question of a round from being deduced.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .verdict import Verdict

SMALLEST_COMPLETE_ROUND = 5
"""From this size on a round holds every verdict that the pool can give."""

TWINS_REST = timedelta(days=7)
"""How long after one question of a contrast group the others wait."""

JITTER = 1 / 3
"""How often the counts of a round are moved away from the even split."""


def unit(key: str, contrast: str | None) -> tuple[bool, str]:
    """What a question counts as in a round: its contrast group, else itself; drawn at most once."""
    return (False, key) if contrast is None else (True, contrast)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be drawn. Keys are unique; `contrast` names its group, if any.

    `resting` while another one of its group was met lately: `resting` of this module.
    """

    key: str
    verdict: Verdict
    contrast: str | None
    seen: bool
    due: bool
    resting: bool = False

    @property
    def rank(self) -> int:
        """0 due for review, 1 not seen yet, 2 seen, 3 resting: the lowest is drawn first."""
        return 3 if self.resting else 0 if self.due else 2 if self.seen else 1

    @property
    def unit(self) -> tuple[bool, str]:
        """What is drawn at most once in a round."""
        return unit(self.key, self.contrast)


def draw(candidates: Sequence[Candidate], size: int | None, rng: random.Random) -> list[str]:
    """The keys of a round's questions in the order of play; size None stands for all.

    "All" is one question of every contrast group, and the rest. A pool that is too small gives
    what it has. Verdicts are as even as the pool allows, then due questions go before unseen and
    unseen before seen ones; in a group too. The same candidates and generator give the same round.
    Raises ValueError if size is negative.
    """
    if size is not None and size < 0:
        raise ValueError(f"a round cannot have {size} questions")
    if size is not None:
        taken = _take(candidates, size, rng)
    else:
        best = _best_ranks(candidates)
        taken = _take([c for c in candidates if c.rank == best[c.unit]], len(best), rng)
        if len(best) >= SMALLEST_COMPLETE_ROUND:  # the less wanted twins only save a verdict
            taken = max(taken, _take(candidates, len(best), rng), key=_variety)
    keys = [candidate.key for candidate in taken]
    rng.shuffle(keys)
    return keys


@dataclass(frozen=True, slots=True)
class Met:
    """A question that a player has met: its contrast group, if any, and when."""

    key: str
    contrast: str | None
    at: datetime


def resting(contrasts: Mapping[str, str | None], met: Iterable[Met], now: datetime) -> set[str]:
    """The keys of which another question of the group was met in the last TWINS_REST.

    `contrasts` gives the contrast group of each key, `met` what the player has met, in any order.
    """
    lately: dict[str, set[str]] = defaultdict(set)
    for one in met:
        if one.contrast is not None and now - one.at < TWINS_REST:
            lately[one.contrast].add(one.key)
    return {
        key
        for key, contrast in contrasts.items()
        if contrast is not None and lately.get(contrast, set()) - {key}
    }


def _take(candidates: Sequence[Candidate], size: int, rng: random.Random) -> list[Candidate]:
    table = _Table(candidates, rng)
    for verdict in _slots(_counts(size, rng), rng):
        table.place(verdict)
    while len(table.taken) < size and table.place_any():
        pass
    return list(table.taken.values())


def _variety(candidates: Sequence[Candidate]) -> int:
    return len({candidate.verdict for candidate in candidates})


def _best_ranks(candidates: Sequence[Candidate]) -> dict[tuple[bool, str], int]:
    """The rank of the most wanted question of each unit."""
    best: dict[tuple[bool, str], int] = {}
    for candidate in candidates:
        best[candidate.unit] = min(candidate.rank, best.get(candidate.unit, candidate.rank))
    return best


def _counts(size: int, rng: random.Random) -> dict[Verdict, int]:
    """How many questions of each verdict are aimed at: an even split, now and then off by one.

    No verdict is favoured: each has the same distribution of counts, whose mean is size/3.
    """
    even, left = divmod(size, len(Verdict))
    extra = rng.sample(list(Verdict), left)
    counts = {verdict: even + (verdict in extra) for verdict in Verdict}
    fewest = 1 if size >= SMALLEST_COMPLETE_ROUND else 0
    most = (size + 1) // 3 + 1  # 10 gives 3/3/4 or 2/4/4, not 2/3/5
    if rng.random() < JITTER:
        loser, winner = rng.sample(list(Verdict), 2)
        if counts[loser] > fewest and counts[winner] < most:
            counts[loser] -= 1
            counts[winner] += 1
    return counts


def _slots(counts: dict[Verdict, int], rng: random.Random) -> list[Verdict]:
    """The verdicts in turn, each as often as it is aimed at, so that each gets its first early."""
    order = rng.sample(list(Verdict), len(Verdict))
    turns = range(max(counts.values()))
    return [verdict for turn in turns for verdict in order if turn < counts[verdict]]


class _Table:
    """The questions taken so far, at most one of each unit, and those that could still be.

    Placing is bipartite matching by augmenting paths (Kuhn), over three verdicts: what has been
    reached for a verdict is never lost again, and what cannot be reached now never can be.
    """

    def __init__(self, candidates: Sequence[Candidate], rng: random.Random) -> None:
        """Put what is wanted most first, and the less wanted one of a group last."""
        best = _best_ranks(candidates)
        pool = rng.sample(list(candidates), len(candidates))
        pool.sort(key=lambda c: (c.rank > best[c.unit], c.rank))
        self.rng = rng
        self.pool = {v: [c for c in pool if c.verdict is v] for v in Verdict}
        self.next = dict.fromkeys(Verdict, 0)  # where the pool's first free candidate may stand
        self.open = set(Verdict)
        self.taken: dict[tuple[bool, str], Candidate] = {}

    def place_any(self) -> bool:
        """Take one question more, of the rarest verdict that still can; False if none can."""
        counts = Counter(candidate.verdict for candidate in self.taken.values())
        order = self.rng.sample(list(Verdict), len(Verdict))
        return any(self.place(verdict) for verdict in sorted(order, key=lambda v: counts[v]))

    def place(self, verdict: Verdict) -> bool:
        """Take one question more of this verdict, if need be by a twin of another group."""
        if verdict not in self.open:
            return False
        if not self._extend(verdict, set()):
            self.open.discard(verdict)
            return False
        return True

    def _extend(self, verdict: Verdict, tried: set[Verdict]) -> bool:
        candidate = self._first_free(verdict)
        if candidate is not None:
            self.taken[candidate.unit] = candidate
            return True
        tried.add(verdict)
        for candidate in self.pool[verdict]:
            holder = self.taken[candidate.unit].verdict
            if holder not in tried and self._extend(holder, tried):
                self.taken[candidate.unit] = candidate
                return True
        return False

    def _first_free(self, verdict: Verdict) -> Candidate | None:
        pool = self.pool[verdict]
        while self.next[verdict] < len(pool):
            candidate = pool[self.next[verdict]]
            if candidate.unit not in self.taken:
                return candidate
            self.next[verdict] += 1
        return None
