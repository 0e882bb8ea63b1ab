"""Quotes in their documents: found once, or a proposal that makes them so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from rapidfuzz import fuzz

from ..domain.quote import Quote, Span, locate, occurrences
from .problems import quoted, shown
from .yaml_source import place_in

_MAX_COMPARED = 20_000_000  # characters of the quote times those of the text: about 20 ms
_MAX_CONTEXT = 80
_MAX_PLACES = 3
_CLOSE_ENOUGH = 60.0


def anchor_trouble(quote: Quote, text: str, file: str) -> tuple[str, str] | None:
    """Why a quote does not stand exactly once in a text, and the mend; None if it does."""
    places = list(islice(occurrences(quote, text), _MAX_PLACES + 1))
    if len(places) == 1:
        return None
    if places:
        count = f"{len(places)} times" if len(places) <= _MAX_PLACES else "many times"
        return f"the quote stands {count} in {file}", _contexts(quote, places, text)
    bare = Quote(quote.exact)
    places = list(islice(occurrences(bare, text), _MAX_PLACES))
    if places:
        mend = _drop(quote) if len(places) == 1 else _contexts(bare, places, text)
        return f"the quote's prefix or suffix does not stand next to it in {file}", mend
    return f"the quote is not found in {file}", nearest_passage(quote.exact, text)


def nearest_passage(quote: str, text: str) -> str:
    """A mend that offers the passage of the text most like the quote, verbatim."""
    if len(quote) * len(text) > _MAX_COMPARED:
        return "shorten it to the clause that settles the claim"
    found = fuzz.partial_ratio_alignment(quote, text, score_cutoff=_CLOSE_ENOUGH)
    if found is None or len(text) < len(quote):
        return "copy the passage from the document, character for character"
    start, end = _whole_words(text, found.dest_start, found.dest_end)
    passage = text[start:end]
    return f"the nearest passage is “{shown(passage, 600)}”{_difference(quote, passage)}"


def unique_context(quote: Quote, place: Span, text: str) -> Quote | None:
    """The quote with the shortest prefix, else suffix, of whole words that makes it unique."""
    for start in _word_starts_before(text, place.start):
        candidate = Quote(quote.exact, prefix=text[start : place.start])
        if locate(candidate, text) is not None:
            return candidate
    for end in _word_ends_after(text, place.end):
        candidate = Quote(quote.exact, suffix=text[place.end : end])
        if locate(candidate, text) is not None:
            return candidate
    return None


def _contexts(quote: Quote, places: list[Span], text: str) -> str:
    proposals = []
    for place in places[:_MAX_PLACES]:
        unique = unique_context(quote, place, text)
        if unique is not None:
            key = "prefix" if unique.prefix else "suffix"
            line = place_in(text, place.start).line
            words = quoted(unique.prefix or unique.suffix)
            proposals.append(f"{key}: {words} for the one on line {line}")
    return "give it " + ", or ".join(proposals) if proposals else "quote a longer passage"


def _drop(quote: Quote) -> str:
    keys = [key for key in ("prefix", "suffix") if getattr(quote, key)]
    return f"delete {' and '.join(keys)}: the quote alone stands once"


def _word_starts_before(text: str, at: int) -> Iterator[int]:
    """Starts of the words before `at`, the nearest first, up to _MAX_CONTEXT characters away."""
    window = max(0, at - _MAX_CONTEXT)
    starts = [window + word.start() for word in re.finditer(r"\S+\s*", text[window:at])]
    if window and starts and not text[window - 1].isspace():
        del starts[0]  # the window cuts this word
    yield from reversed(starts)


def _word_ends_after(text: str, at: int) -> Iterator[int]:
    """Ends of the words after `at`, the nearest first, up to _MAX_CONTEXT characters away."""
    yield from (at + word.end() for word in re.finditer(r"\s*\S+", text[at : at + _MAX_CONTEXT]))


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while 0 < start < len(text) and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    stripped = text[start:end]
    start += len(stripped) - len(stripped.lstrip())
    return start, start + len(stripped.strip())


def _difference(quote: str, passage: str) -> str:
    """A hint when only look-alikes differ: they are hard to see in a terminal."""
    if quote != passage and _plain(quote) == _plain(passage):
        return " (only apostrophes, dashes, quotation marks or non-breaking spaces differ)"
    return ""


_LOOK_ALIKES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def _plain(text: str) -> str:
    return " ".join(text.translate(_LOOK_ALIKES).split())
