"""The regions of a document: marked, noted, always covering the whole text without gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .question_set import Region, RegionKind, Text
from .quote import Span


def whole(text: str, kind: RegionKind = RegionKind.ARTICLE) -> tuple[Region, ...]:
    """One region for the whole text; none for an empty one."""
    return (Region(kind, Span(0, len(text))),) if text else ()


def mark(regions: Sequence[Region], span: Span, kind: RegionKind, text: str) -> tuple[Region, ...]:
    """The regions after the lines that a span touches were given a kind.

    The parts of a page begin on lines of their own, so the span grows to whole lines and takes the
    blank lines behind it along: a selection that misses a letter cuts no word. A span without
    anything but white space changes nothing. `regions` cover the text without gaps, and so does
    the result. What is left of a region keeps its kind and note; neighbours of one kind become one
    region unless their notes differ.
    """
    grown = whole_lines(span, text)
    if grown is None:
        return tuple(regions)
    before = [_cut(r, r.span.start, min(r.span.end, grown.start)) for r in regions]
    after = [_cut(r, max(r.span.start, grown.end), r.span.end) for r in regions]
    parts = [*before, Region(kind, grown, _note_within(regions, grown, kind)), *after]
    return joined(part for part in parts if part.span.start < part.span.end)


def whole_lines(span: Span, text: str) -> Span | None:
    """The lines that a span touches with more than white space, and the blank ones behind them.

    None when there is none. Lines end with "\\n" here.
    """
    stretch = text[span.start : span.end]
    if not stretch.strip():
        return None
    first = span.start + len(stretch) - len(stretch.lstrip())
    last = span.start + len(stretch.rstrip())
    end = text.find("\n", last)
    if end < 0:
        return Span(text.rfind("\n", 0, first) + 1, len(text))
    end += len(text[end:]) - len(text[end:].lstrip("\n"))
    return Span(text.rfind("\n", 0, first) + 1, end)


def note(regions: Sequence[Region], start: int, words: Text | None) -> tuple[Region, ...]:
    """The regions with the note of the one that begins at `start` changed, or taken away.

    Where no region begins nothing changes.
    """
    return tuple(replace(r, note=words) if r.span.start == start else r for r in regions)


def joined(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Regions that follow each other, with those of one kind made one unless their notes differ."""
    made: list[Region] = []
    for region in regions:
        last = made[-1] if made else None
        if last is None or last.kind is not region.kind or _differ(last.note, region.note):
            made.append(region)
        else:
            span = Span(last.span.start, region.span.end)
            made[-1] = Region(last.kind, span, last.note or region.note)
    return tuple(made)


def _cut(region: Region, start: int, end: int) -> Region:
    return replace(region, span=Span(start, max(start, end)))


def _note_within(regions: Iterable[Region], span: Span, kind: RegionKind) -> Text | None:
    """The note of the region of this kind that is marked over: marking twice loses none."""
    notes = (r.note for r in regions if r.kind is kind and r.span.overlaps(span) and r.note)
    return next(notes, None)


def _differ(one: Text | None, other: Text | None) -> bool:
    return bool(one and other and dict(one) != dict(other))
