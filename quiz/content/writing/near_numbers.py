"""Numbers and dates near a given one: plausible, in the same format, never equal to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def near_number(written: str, most: int | None = None) -> Iterator[str]:
    """Numbers of as many digits as the one written in digits, its separators kept.

    Neighbours swapped (21 → 12), the first digit one more or less (31), the last one three off
    (24); a round number stays round (400 → 500). None above `most`, where it is given.
    """
    digits = [c for c in written if c.isdigit()]
    seen = {written}
    for changed in _near_digits("".join(digits)):
        rest = iter(changed)
        number = "".join(next(rest) if c.isdigit() else c for c in written)
        if number not in seen and (most is None or _is_at_most(number, most)):
            seen.add(number)
            yield number


def near_year(written: str) -> Iterator[str]:
    """The years one and two before and after."""
    yield from (str(int(written) + step) for step in (-1, 1, -2, 2))


def near_day(day: int, month: int) -> Iterator[int]:
    """The day after and the day before, within the month (1 to 12)."""
    yield from (near for near in (day + 1, day - 1) if 1 <= near <= _DAYS[month - 1])


def near_month(month: int, day: int | None = None) -> Iterator[int]:
    """The month after and the month before (1 to 12), if it has that day."""
    for near in (month % 12 + 1, (month - 2) % 12 + 1):
        if day is None or day <= _DAYS[near - 1]:
            yield near


def near_iso_day(written: str) -> Iterator[str]:
    """The days after and before a date such as 2026-01-09; none if there is no such date."""
    try:
        day = date.fromisoformat(written)
        yield from ((day + timedelta(days=step)).isoformat() for step in (1, -1))
    except (ValueError, OverflowError):
        return


def _near_digits(digits: str) -> Iterator[str]:
    kept = digits[: len(digits) - len(digits.lstrip("0"))]
    digits = digits[len(kept) :]
    if not digits:
        return
    first, rest = int(digits[0]), digits[1:]
    is_round = not rest.strip("0")
    if not is_round and rest[0] not in (digits[0], "0"):
        yield kept + rest[0] + digits[0] + rest[1:]
    if first < 9:
        yield kept + str(first + 1) + rest
    if not is_round:
        last = len(digits.rstrip("0")) - 1
        near = int(digits[last]) + 3
        yield kept + digits[:last] + str(near if near <= 9 else near - 6) + digits[last + 1 :]
    if first > 1:
        yield kept + str(first - 1) + rest


def _is_at_most(number: str, most: int) -> bool:
    parts = re.fullmatch(r"([0-9]+)(?:[.,]([0-9]+))?", number)
    if parts is None:  # with separators of thousands it is over any percentage
        return False
    whole, decimals = int(parts[1]), parts[2] or ""
    return whole < most or (whole == most and not decimals.strip("0"))
