"""Before and after: what checking brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .interval import Proportion
from .tally import Judged


@dataclass(frozen=True, slots=True)
class Change:
    """The right answers before and after, out of the same items."""

    before: Proportion
    after: Proportion


def checking_gain(first: Sequence[Judged], final: Sequence[Judged]) -> Change:
    """First look against final look on the same items, in the same order.

    Raises ValueError if the two do not pair up.
    """
    if any(look.truth is not again.truth for look, again in zip(first, final, strict=True)):
        raise ValueError("a first and a final look are paired that belong to different items")
    return Change(_right(first), _right(final))


def _right(answers: Sequence[Judged]) -> Proportion:
    return Proportion(sum(answer.right for answer in answers), len(answers))
