"""A document gets a new text: where its quotes and regions are in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import islice, pairwise

from rapidfuzz import fuzz

from ...domain.line_diff import origins
from ...domain.question_set import Region, RegionKind
from ...domain.quote import Quote, Span, locate, occurrences
from ...domain.regions import joined, whole
from ..format.anchors import unique_context

_WIDEST = 640  # characters of context on each side, where the shortest way to be unique fails
_MOST_PLACES = 1000
_MAX_COMPARED = 4_000_000  # characters of the quote times those of the window: about 5 ms
_CLOSE_ENOUGH = 60.0


class Anchoring(StrEnum):
    """What becomes of a quote."""

    STANDS = "stands"
    NEEDS_CONTEXT = "needs_context"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Anchored:
    """A quote in a new text.

    `quote` stands there exactly once, with another prefix or suffix than before if its fate is
    NEEDS_CONTEXT; None if it is lost: then `nearest` is the passage most like it, if there is one.
    """

    kind: Anchoring
    quote: Quote | None
    nearest: str | None = None


def reanchor(quote: Quote, old_text: str, new_text: str) -> Anchored:
    """Where a quote of the old text is in the new one. Never raises.

    Of several places that hold its words it is the one nearest to where its line has gone to.
    """
    if locate(quote, new_text) is not None:
        return Anchored(Anchoring.STANDS, quote)
    there = _gone_to(quote, old_text, new_text)
    places = list(islice(occurrences(Quote(quote.exact), new_text), _MOST_PLACES))
    if not places:
        return Anchored(Anchoring.LOST, None, _nearest(quote.exact, new_text, there))
    place = min(places, key=lambda place: abs(place.start - there))
    found = _made_unique(quote.exact, place, new_text)
    if found is None:
        return Anchored(Anchoring.LOST, None, quote.exact)
    return Anchored(Anchoring.NEEDS_CONTEXT, found)


def unique_quote(exact: str, text: str) -> Quote | None:
    """The words where they first stand, as a quote that stands once; None if that cannot be."""
    place = next(occurrences(Quote(exact), text), None)
    return None if place is None else _made_unique(exact, place, text)


def carry_regions(old_text: str, regions: Sequence[Region], new_text: str) -> tuple[Region, ...]:
    """The regions of the old text on the new one, line by line; they cover it without gaps.

    A line that is still there keeps its regions, one that replaces another has the one that began
    its line. What was put in belongs to the article where it touches it, else to what is before.
    """
    old, new = _lines(old_text), _lines(new_text)
    if not regions or not old or not new:
        return whole(new_text)
    within = [[r for r in regions if r.span.overlaps(line)] or [regions[-1]] for line in old]
    from_old = _origins(old_text, new_text)
    homes = _settled([None if origin is None else within[origin][0] for origin in from_old])
    begins: list[tuple[int, Region]] = []
    for line, origin, home in zip(new, from_old, homes, strict=True):
        begins.append((line.start, home))
        if origin is not None and _words(old_text, old[origin]) == _words(new_text, line):
            shift = line.start - old[origin].start
            begins += [(r.span.start + shift, r) for r in within[origin][1:]]
    starts = [*(start for start, _ in begins), len(new_text)]
    return joined(
        Region(region.kind, Span(start, end), region.note)
        for (start, end), (_, region) in zip(pairwise(starts), begins, strict=True)
    )


def _settled(homes: Sequence[Region | None]) -> list[Region]:
    """The same with a region for the lines that were put in."""
    followed: list[Region | None] = []
    after: Region | None = None
    for home in reversed(homes):
        after = home or after
        followed.append(after)
    settled: list[Region] = []
    for home, after in zip(homes, reversed(followed), strict=True):
        before = settled[-1] if settled else after
        is_text = after is not None and after.kind is RegionKind.ARTICLE
        chosen = home or (after if is_text else before)
        settled.append(chosen or Region(RegionKind.ARTICLE, Span(0, 0)))
    return settled


def _gone_to(quote: Quote, old_text: str, new_text: str) -> int:
    """About where in the new text the line is that held the quote, in characters."""
    place = next(occurrences(quote, old_text), Span(0, 0))
    old, new = _lines(old_text), _lines(new_text)
    line = bisect_right([span.start for span in old], place.start) - 1
    from_old = enumerate(_origins(old_text, new_text))
    come = [(origin, n) for n, origin in from_old if origin is not None]
    at = bisect_left(come, (line, 0))
    if not new or line < 0:
        return 0
    if at == len(come):
        return len(new_text) if line else 0
    offset = place.start - old[line].start if come[at][0] == line else 0
    return new[come[at][1]].start + offset


def _made_unique(exact: str, place: Span, text: str) -> Quote | None:
    """The quote at this place with what it needs beside it to stand once, if that is not much."""
    bare = Quote(exact)
    if locate(bare, text) is not None:
        return bare
    found = unique_context(bare, place, text)
    width = 40
    while found is None and width < _WIDEST:
        width *= 2
        prefix = text[max(0, place.start - width) : place.start]
        wider = Quote(exact, prefix, text[place.end : place.end + width])
        found = wider if locate(wider, text) is not None else None
    return found


def _nearest(exact: str, text: str, there: int) -> str | None:
    """The passage most like the words, around the place where they are looked for."""
    room = _MAX_COMPARED // max(1, len(exact))
    start = max(0, min(there - room // 2, len(text) - room))
    window = text[start : start + room]
    if len(window) <= len(exact):
        return window.strip() or None if fuzz.ratio(exact, window) >= _CLOSE_ENOUGH else None
    found = fuzz.partial_ratio_alignment(exact, window, score_cutoff=_CLOSE_ENOUGH)
    if found is None:
        return None
    begin, end = found.dest_start, found.dest_end
    while begin > 0 and not window[begin - 1].isspace():
        begin -= 1
    while end < len(window) and not window[end].isspace():
        end += 1
    return window[begin:end].strip() or None


@lru_cache(maxsize=4)
def _origins(old_text: str, new_text: str) -> tuple[int | None, ...]:
    return tuple(origins(*([_words(t, line) for line in _lines(t)] for t in (old_text, new_text))))


@lru_cache(maxsize=4)
def _lines(text: str) -> tuple[Span, ...]:
    """The lines of a text with their ends. Lines end with "\\n" here."""
    return tuple(Span(m.start(), m.end()) for m in re.finditer(r"[^\n]*\n|[^\n]+\Z", text))


def _words(text: str, line: Span) -> str:
    return text[line.start : line.end].rstrip("\n")
