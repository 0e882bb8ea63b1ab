"""Cutting French and English prose into the sentences that a player can point at.

A sentence can end only in the gap between two words. The gap says whether there is an end mark with
a space behind it, the word before whether the mark is only that of an abbreviation, the word after
whether something new begins. In doubt two sentences stay together: half a sentence is absurd, a
long one is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .quote import Span

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_WORD = re.compile(r"\[\d{1,3}\]|([^\W_]+)")  # a footnote mark "[1]" is no word
_NUMBERING = re.compile(r"\d{1,3}|[^\W\d]|[IVX]+")  # "2. What followed" is one heading

_END = re.compile(
    r"""[^.!?…«“‘(\[]*+                  # nothing opens before the mark: "(…)" is a cut, not an end
        (?P<mark>[.!?…])
        (?: \s*+[.!?…»›”]                # French sets a space before ? ! and »
          | ["'’)\]}]                    # these close only where they touch what they close
          | \[\d{1,3}\] )*+
        (?= \s ) (?! \s*+[,;:&/)\]] )    # a comma or the like goes on with the sentence
    """,
    re.VERBOSE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Compared with an initial capital ("DR." is "Dr"); written small they are ordinary words.
_TITLES = _words(
    "M Mm Mme Mmes Mlle Mlles Mgr Mr Mrs Ms Dr Drs Pr Prof St Ste Rev Hon Gen Col Lt Sgt Capt Maj "
    "Cmdr Adm Gov Sen Rep Pres Mt Ft Gén Cdt"
)
# The next three are compared in small letters.
_NEVER_LAST = _words("cf vs viz av apr bd")
_BEFORE_NUMBERS = _words(
    "no nos n p pp vol art chap fig env approx ca c h min jan feb mar apr aug sep sept oct nov dec "
    "janv févr fév avr juil déc"
)
_SELDOM_LAST = _words("inc corp ltd co bros jr sr cie al ex")
# Words that begin a sentence far more often than they go on with a name.
_STARTERS = _words(
    "The This That These Those There He She It They We You His Her Its Their But And However When "
    "While After Before In At As If Since According "
    "Un Une Des Les Il Elle Ils Elles On Ce Cet Cette Ces Cela Son Sa Ses Leur Leurs Mais Et Or "
    "Donc Dans En Au Aux Pour Par Selon Après Avant Depuis Quand Si Lors Nous Vous Je Tu C Qu"
)
_NAME_PARTICLES = _words("Le La L De Du D")  # "J. Le Pen", but "Apple Inc. Le groupe"


def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text, in order and disjoint, without surrounding white space.

    A sentence never crosses a line break; headings and the like are sentences of their own.
    Every character that is not white space is in exactly one sentence. Takes linear time.
    """
    return tuple(
        span
        for line in _LINE.finditer(text)
        for start, end in _cut(text, line.start(), line.end())
        if (span := _stripped(text, start, end)) is not None
    )


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of a line, with white space around them."""
    before: re.Match[str] | None = None
    is_first = True
    for word in _WORD.finditer(text, start, end):
        if word[1] is None:
            continue
        at = None if before is None else _end_between(text, before, word, is_first)
        if at is not None:
            yield start, at
            start = at
        is_first = before is None or at is not None
        before = word
    yield start, end


def _end_between(
    text: str, before: re.Match[str], after: re.Match[str], is_first: bool
) -> int | None:
    """Where a sentence ends between two words, or None if it goes on.

    `is_first` tells whether the word before is the only one of its sentence so far.
    """
    if after.start() - before.end() < 2 or after[1][0].islower():
        return None
    end = _END.match(text, before.end(), after.start())
    if end is None:
        return None
    if end.end() == before.end() + 1 and end["mark"] == ".":  # a lone full stop, at the word
        if is_first and _NUMBERING.fullmatch(before[1]):
            return None
        if _abbreviates(text, before, after):
            return None
    return end.end()


def _abbreviates(text: str, before: re.Match[str], after: re.Match[str]) -> bool:
    """Whether the full stop between two words only shortens the one before it."""
    word, following = before[1], after[1]
    if word[0].isupper() and word.capitalize() in _TITLES:
        return True
    if word.lower() in _NEVER_LAST:
        return True
    if following[0].isdigit() and word.lower() in _BEFORE_NUMBERS:
        return True
    starts = following.capitalize() in _STARTERS and not text.startswith(".", after.end())
    if word.lower() in _SELDOM_LAST:
        return not starts and following not in _NAME_PARTICLES
    is_dotted = text[before.start() - 1 : before.start()] == "."  # "U.S.", "a.m."
    is_initial = len(word) == 1 and (word.isupper() or (is_dotted and word.isalpha()))
    return is_initial and not starts


def _stripped(text: str, start: int, end: int) -> Span | None:
    """The stretch without the white space around it, or None if nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None
