"""Sentences of a document that are worth a claim, found by rules, each with why.

Rules see words, not meaning: what they find is a place to look at, never a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from ...domain.message import Message, msg
from ...domain.question_set import RegionKind, SourceDocument
from ...domain.quote import Quote, Span, locate
from ...domain.sentences import sentences
from ...domain.verdict import Rule
from ..format.anchors import unique_context
from .language_rules import Cue, SuggestionKind, language_rules, phrases, plain

MAX_CLAIM = 220  # characters
_MIN_WORDS = 4
_MAX_WORDS = 60
_CLAUSE_WORDS = 40  # what a longer sentence is narrowed to
_MAX_LENGTH = 1_000  # characters of a sentence that patterns see
_ENOUGH = 2  # strength that a sentence needs, of one kind or of several together

_READ = {RegionKind.ARTICLE, RegionKind.HEADLINE, RegionKind.CAPTION, RegionKind.RELATED}
_WHY: Mapping[SuggestionKind, Message] = {
    SuggestionKind.NUMBER: msg("A number: easy to alter, easy to check."),
    SuggestionKind.DATE: msg("A date: the claim may move it, or forget it."),
    SuggestionKind.ATTRIBUTION: msg("Somebody’s words: “X said it” does not make it so."),
    SuggestionKind.QUOTE: msg("Words in quotation marks: who said them, where and when?"),
    SuggestionKind.HEDGE: msg("A hedge: the text itself does not vouch for this."),
    SuggestionKind.SUPERLATIVE: msg("An absolute: first, most, never. Is it held to?"),
    SuggestionKind.ANONYMOUS_SOURCE: msg("A source without a name: nobody can ask it again."),
    SuggestionKind.OPINION: msg("A judgement or a motive: why is not what."),
    SuggestionKind.PREDICTION: msg("Something to come: nobody can check it yet."),
    SuggestionKind.ACCUSATION: msg("An accusation: it is not a fact before it is judged."),
    SuggestionKind.LIMIT: msg("A limit: a claim that drops it says something else."),
    SuggestionKind.DISCLOSURE: msg("What the page says about itself: read how far it goes."),
}

_WORD = re.compile(r"\w+")
_QUESTION = re.compile(r"\s?\?$")
_TAIL = " \u00a0\u202f.!?…,;:—–"
_BREAK = re.compile(r"(?<=[,;:])\s+|\s+(?=[—–]\s)")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A sentence worth a claim, or the clause of a long one.

    `quote` stands once in the document, at `span`. `kind` is the strongest thing found in the
    sentence, `also` the others; `skills` and `rule` (a hint) belong to `kind`. `strength` is from
    1 to 3.
    """

    span: Span
    quote: Quote
    kind: SuggestionKind
    also: tuple[SuggestionKind, ...]
    why: Message
    skills: tuple[str, ...]
    rule: Rule | None
    strength: int


def suggestions(document: SourceDocument, limit: int = 200) -> tuple[Suggestion, ...]:
    """The best `limit` sentences of the document for a claim, in its order.

    They come from the article, headlines, captions and related stories; from the page around them
    only what it says about itself; never from readers' comments. A sentence that comes back
    counts once, at its first place. Takes linear time; never raises.
    """
    found = sorted(_found(document), key=_rank)
    anchored = (_anchored(one, document.text) for one in islice(found, 2 * limit))
    kept = islice((one for one in anchored if one is not None), limit)
    return tuple(sorted(kept, key=lambda one: one.span))


def ranked(found: Sequence[Suggestion]) -> tuple[Suggestion, ...]:
    """The same suggestions, the best first: the strongest, then those with most in them."""
    return tuple(sorted(found, key=_rank))


def starter_claim(suggestion: Suggestion, language: str) -> str:
    """The sentence as a first text for a claim, in the document's own language.

    Without an opener such as "However,", with a capital, a full stop (a question keeps its mark)
    and at most MAX_CLAIM characters, cut between clauses where possible.
    """
    text = suggestion.quote.exact
    opener = phrases(language_rules(language).openers, before="^", after=r"\s*,\s*")
    match = opener.match(plain(text))
    text = _unquoted(text[match.end() :] if match else text)
    mark = _QUESTION.search(text)
    end = mark[0] if mark and len(text) <= MAX_CLAIM else "."
    text = _shortened(text.rstrip(_TAIL)) or text[: MAX_CLAIM - 1]
    return text[:1].upper() + text[1:] + end


def _found(document: SourceDocument) -> Iterator[Suggestion]:
    cues = language_rules(document.language).cues
    about_page = tuple(cue for cue in cues if cue.kind is SuggestionKind.DISCLOSURE)
    seen: set[str] = set()
    for region in document.regions:
        if region.kind in _READ:
            usable = cues
        elif region.kind is RegionKind.FURNITURE:
            usable = about_page
        else:
            continue
        start = region.span.start
        for inner in sentences(document.text[start : region.span.end]):
            span = Span(start + inner.start, start + inner.end)
            sentence = document.text[span.start : span.end]
            if sentence not in seen:
                seen.add(sentence)
                suggestion = _judged(sentence, span, usable)
                if suggestion is not None:
                    yield suggestion


def _judged(sentence: str, span: Span, cues: Sequence[Cue]) -> Suggestion | None:
    """What the cues find in the sentence, or None if that is not enough."""
    visible = plain(sentence[:_MAX_LENGTH])
    hits: dict[SuggestionKind, tuple[Cue, int]] = {}
    for cue in cues:
        if cue.kind not in hits and (match := cue.pattern.search(visible)):
            hits[cue.kind] = cue, match.start()
    if sum(cue.strength for cue, _ in hits.values()) < _ENOUGH:
        return None
    best, at = max(hits.values(), key=lambda hit: hit[0].strength)  # ties: the first in the file
    clause = _clause(sentence, at)
    if clause is None:
        return None
    span = Span(span.start + clause.start, span.start + clause.end)
    return Suggestion(
        span=span,
        quote=Quote(sentence[clause.start : clause.end]),
        kind=best.kind,
        also=tuple(kind for kind in hits if kind is not best.kind),
        why=_WHY[best.kind],
        skills=best.skills,
        rule=best.rule,
        strength=best.strength,
    )


def _clause(sentence: str, at: int) -> Span | None:
    """The sentence, or the clauses around character `at` of a long one; None if of no fit length.

    Clauses are added to the right, then to the left, up to _CLAUSE_WORDS words.
    """
    whole = sum(1 for _ in _WORD.finditer(sentence))
    if whole <= _MAX_WORDS:
        return Span(0, len(sentence)) if whole >= _MIN_WORDS else None
    cuts = [0, *(match.end() for match in _BREAK.finditer(sentence)), len(sentence)]
    counts = [len(_WORD.findall(sentence[a:b])) for a, b in pairwise(cuts)]
    first = last = max(i for i in range(len(counts)) if cuts[i] <= at)
    words = counts[first]
    while last + 1 < len(counts) and words + counts[last + 1] <= _CLAUSE_WORDS:
        last += 1
        words += counts[last]
    while first > 0 and words + counts[first - 1] <= _CLAUSE_WORDS:
        first -= 1
        words += counts[first]
    if not _MIN_WORDS <= words <= _MAX_WORDS:
        return None
    clause = sentence[cuts[first] : cuts[last + 1]]
    return Span(cuts[first], cuts[first] + len(clause.rstrip(_TAIL)))


def _anchored(suggestion: Suggestion, text: str) -> Suggestion | None:
    """The suggestion with a quote that stands once in the text, or None if there is none."""
    if locate(suggestion.quote, text) is not None:
        return suggestion
    quote = unique_context(suggestion.quote, suggestion.span, text)
    if quote is None:
        return None
    return replace(suggestion, quote=quote)


def _rank(suggestion: Suggestion) -> tuple[int, int, int]:
    return -suggestion.strength, -len(suggestion.also), suggestion.span.start


def _unquoted(text: str) -> str:
    """The text without a quotation mark whose partner stands in another sentence."""
    for opening, closing in ("«»", "“”"):
        if text.startswith(opening) and closing not in text:
            text = text[1:].lstrip()
        elif text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip()
    return text


def _shortened(text: str) -> str:
    """The longest beginning that fits a claim: whole, else to a clause's end, else to a word's."""
    if len(text) < MAX_CLAIM:
        return text
    breaks = [match.start() for match in _BREAK.finditer(text, 0, MAX_CLAIM)]
    clauses = (text[:at].rstrip(_TAIL) for at in reversed(breaks))
    whole = (c for c in clauses if len(_WORD.findall(c)) >= _MIN_WORDS and _is_closed(c))
    return next(whole, None) or text[: MAX_CLAIM - 1].rpartition(" ")[0]


def _is_closed(text: str) -> bool:
    return all(text.count(one) == text.count(other) for one, other in ("«»", "“”", "()"))
