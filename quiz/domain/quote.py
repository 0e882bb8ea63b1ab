"""Quotes anchored in a text, after the W3C TextQuoteSelector (exact, prefix, suffix).

https://www.w3.org/TR/annotation-model/#text-quote-selector
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a text, in characters: start included, end excluded."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two stretches share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim passage; prefix and suffix, right before and after it, tell twins apart."""

    exact: str
    prefix: str = ""
    suffix: str = ""


def occurrences(quote: Quote, text: str) -> Iterator[Span]:
    """Every place where the quote stands in the text with its prefix and suffix, left to right.

    Places may overlap ("aa" stands twice in "aaa"). An empty quote stands nowhere.
    """
    if not quote.exact:
        return
    needle = quote.prefix + quote.exact + quote.suffix
    at = text.find(needle)
    while at >= 0:
        start = at + len(quote.prefix)
        yield Span(start, start + len(quote.exact))
        at = text.find(needle, at + 1)


def locate(quote: Quote, text: str) -> Span | None:
    """The one place where the quote stands, or None when it stands nowhere or more than once."""
    places = occurrences(quote, text)
    first = next(places, None)
    if first is None or next(places, None) is not None:
        return None
    return first
