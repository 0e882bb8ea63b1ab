"""Quotes in their documents: found once, or a proposal that makes them so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from itertools import islice

from rapidfuzz import fuzz

from ...domain.message import Message, msg
from ...domain.quote import Quote, Span, locate, occurrences
from .problems import quoted, shown
from .yaml_source import place_in

_MAX_COMPARED = 20_000_000  # characters of the quote times those of the text: about 20 ms
_MAX_CONTEXT = 80
_MAX_PLACES = 3
_CLOSE_ENOUGH = 60.0


def anchor_trouble(quote: Quote, text: str, file: str) -> tuple[Message, Message] | None:
    """Why a quote does not stand exactly once in a text, and the mend; None if it does."""
    places = list(islice(occurrences(quote, text), _MAX_PLACES + 1))
    if len(places) == 1:
        return None
    if places:
        message = msg("the quote stands many times in {file}", file=file)
        if len(places) <= _MAX_PLACES:
            count = len(places)
            message = msg("the quote stands {count} times in {file}", count=count, file=file)
        return message, _contexts(quote, places, text)
    bare = Quote(quote.exact)
    places = list(islice(occurrences(bare, text), _MAX_PLACES))
    if places:
        fix = _drop(quote) if len(places) == 1 else _contexts(bare, places, text)
        message = msg("the quote's prefix or suffix does not stand next to it in {file}", file=file)
        return message, fix
    return msg("the quote is not found in {file}", file=file), nearest_passage(quote.exact, text)


def nearest_passage(quote: str, text: str) -> Message:
    """A mend that offers the passage of the text most like the quote, verbatim."""
    if len(quote) * len(text) > _MAX_COMPARED:
        return msg("shorten it to the clause that settles the claim")
    found = nearest_span(quote, text)
    if found is None:
        return msg("copy the passage from the document, character for character")
    passage = text[found.start : found.end]
    if quote != passage and _plain(quote) == _plain(passage):
        return msg(
            "the nearest passage is “{passage}” (only apostrophes, dashes, quotation marks or "
            "non-breaking spaces differ)",
            passage=shown(passage, 600),
        )
    return msg("the nearest passage is “{passage}”", passage=shown(passage, 600))


def nearest_span(quote: str, text: str) -> Span | None:
    """The passage of the text most like the quote, in whole words; None if none is much like it.

    None too when comparing them would take long.
    """
    if not quote or len(text) < len(quote) or len(quote) * len(text) > _MAX_COMPARED:
        return None
    found = fuzz.partial_ratio_alignment(quote, text, score_cutoff=_CLOSE_ENOUGH)
    return Span(*whole_words(text, found.dest_start, found.dest_end)) if found else None


def look_alikes(quote: str, text: str) -> Iterator[Span]:
    """Where the quote stands but for apostrophes, dashes, quotation marks and kinds of spaces."""
    return occurrences(Quote(quote.translate(_KEYBOARD)), text.translate(_KEYBOARD))


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


def _contexts(quote: Quote, places: list[Span], text: str) -> Message:
    proposals: list[Message] = []
    for place in places[:_MAX_PLACES]:
        unique = unique_context(quote, place, text)
        if unique is not None:
            key = "prefix" if unique.prefix else "suffix"
            line = place_in(text, place.start).line
            words = quoted(unique.prefix or unique.suffix)
            proposals.append(
                msg("{key}: {words} for the one on line {line}", key=key, words=words, line=line)
            )
    if not proposals:
        return msg("quote a longer passage")
    choice = reduce(lambda one, other: msg("{one}, or {other}", one=one, other=other), proposals)
    return msg("give it {choice}", choice=choice)


def _drop(quote: Quote) -> Message:
    if quote.prefix and quote.suffix:
        return msg("delete prefix and suffix: the quote alone stands once")
    if quote.prefix:
        return msg("delete prefix: the quote alone stands once")
    return msg("delete suffix: the quote alone stands once")


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


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch from `start` to `end`, with the words it cuts whole and without blanks around."""
    while 0 < start < len(text) and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    stripped = text[start:end]
    start += len(stripped) - len(stripped.lstrip())
    return start, start + len(stripped.strip())


_LOOK_ALIKES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
# One character for one, so that places stay where they are.
_KEYBOARD = _LOOK_ALIKES | dict.fromkeys(map(ord, "\xa0\u202f\u2009\t\n"), " ")


def _plain(text: str) -> str:
    """The text without the differences that are hard to see on a screen."""
    return " ".join(text.translate(_LOOK_ALIKES).split())
