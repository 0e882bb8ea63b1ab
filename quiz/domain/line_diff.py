"""Which line of a new text was which line of the old one.

After the patience diff (Bram Cohen): lines that stand once in each text hold the comparison, and
what is equal beside them follows. Takes about linear time on any text, as difflib does not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise


def same_lines(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each new line the index of the old line that it is, or None. The indexes increase."""
    found: list[int | None] = [None] * len(new)
    held = [(-1, -1), *_increasing(_once_in_both(old, new)), (len(old), len(new))]
    for (i, j), (old_end, new_end) in pairwise(held):
        if j >= 0:
            found[j] = i
        i, j = i + 1, j + 1
        while i < old_end and j < new_end and old[i] == new[j]:
            found[j] = i
            i, j = i + 1, j + 1
        while old_end > i and new_end > j and old[old_end - 1] == new[new_end - 1]:
            old_end, new_end = old_end - 1, new_end - 1
            found[new_end] = old_end
    return found


def origins(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each new line the old line that it is or that it replaces; None if it was put in.

    Of a block that was changed the first line replaces the first, and so on; what is longer than
    the old block goes with its last line. The indexes never decrease.
    """
    same = same_lines(old, new)
    found = list(same)
    known = [(-1, -1), *((i, j) for j, i in enumerate(same) if i is not None)]
    for (i, j), (old_end, new_end) in pairwise([*known, (len(old), len(new))]):
        for k in range(j + 1, new_end):
            found[k] = min(i + k - j, old_end - 1) if old_end - i > 1 else None
    return found


def _once_in_both(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The lines that stand once in each, as (old, new) indexes in the new order."""
    in_old, in_new = Counter(old), Counter(new)
    where = {line: i for i, line in enumerate(old) if in_old[line] == 1}
    return [(where[line], j) for j, line in enumerate(new) if line in where and in_new[line] == 1]


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs in which both indexes increase (patience sorting)."""
    tops: list[int] = []  # the least end of a run of each length …
    ends: list[int] = []  # … and which pair that is
    before: list[int] = []
    for n, (i, _) in enumerate(pairs):
        length = bisect_left(tops, i)
        before.append(ends[length - 1] if length else -1)
        tops[length : length + 1] = [i]
        ends[length : length + 1] = [n]
    run: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        run.append(pairs[at])
        at = before[at]
    return run[::-1]
