"""Names that a document mentions, sorted by simple cues into persons, organisations and places.

Heuristics: a name without a cue is left out, and a cue can mislead ("Washington" may be a person).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ...domain.question_set import RegionKind, SourceDocument
from .language_rules import LanguageRules, language_rules, phrases, plain

_SEQUENCE = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w'-]*(?: (?:(?:de|du|da|di|von|van|bin|al|el|los|of|the) (?:los )?)?"
    r"(?:[A-Z]\.(?= [A-Z])|[A-ZÀ-ÖØ-Þ][\w'-]*)){0,4}"
)
_ELISION = re.compile(r"(?:[ldnscjmt]|qu)'", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Z]{2,6}")
_MOST_NAMES = 100
_MAX_LENGTH = 60
_BEFORE = 40  # characters before a name in which a title or an article may stand
_AFTER = 40  # characters after a name in which a verb of speech may stand


class NameSort(StrEnum):
    """What a name names."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Name:
    """A name; two of the same sort and form can stand for one another without a change around.

    `form` says how it is used: "full" or "short" for persons, the group of a place, what an
    organisation is and which article stands before it.
    """

    text: str
    sort: NameSort
    form: str = ""


def names_in(document: SourceDocument) -> tuple[Name, ...]:
    """The names in the article, headlines, captions and related stories, the most frequent first.

    Never a name that only readers' comments or the page around the article mention.
    """
    rules = language_rules(document.language)
    counts: Counter[Name] = Counter()
    persons: set[str] = set()
    singles: Counter[str] = Counter()
    for region in document.regions:
        if region.kind in (RegionKind.COMMENTS, RegionKind.FURNITURE):
            continue
        text = document.text[region.span.start : region.span.end]
        for name, before, after in _sequences(text, rules):
            sort = _sort(name, before, after, rules)
            if sort is NameSort.PERSON and " " in name:
                persons.add(name.rpartition(" ")[2])
            if sort is not None:
                counts[Name(name, sort, _form(name, sort, before, rules))] += 1
            elif " " not in name:
                singles[name] += 1
    for name, count in singles.items():  # "Trump", known from "Donald Trump"
        if name in persons:
            counts[Name(name, NameSort.PERSON, "short")] += count
    found = sorted(counts, key=lambda name: (-counts[name], name.text, name.sort))
    return tuple(found[:_MOST_NAMES])


def _sequences(text: str, rules: LanguageRules) -> Iterator[tuple[str, str, str]]:
    """The runs of capitalised words, with what stands before and after each."""
    visible = plain(text)
    places = {place for group in rules.places for place in group}
    known = phrases((*sorted(places), *rules.outlets, *rules.organisations))
    for match in _SEQUENCE.finditer(visible):
        start, end = match.span()
        if elided := _ELISION.match(visible, start, end):
            start = elided.end()
        first = visible[start:end].partition(" ")[0]
        while first in rules.no_names or first in rules.titles:
            whole = known.match(visible, start, end)
            if whole and whole.end() - whole.start() > len(first):
                break  # "The Guardian"
            start += len(first) + 1
            first = visible[start:end].partition(" ")[0]
        if 1 < end - start <= _MAX_LENGTH and visible[start].isupper():
            before = visible[max(0, start - _BEFORE) : start]
            yield text[start:end], before, visible[end : end + _AFTER]


def _sort(name: str, before: str, after: str, rules: LanguageRules) -> NameSort | None:
    """What the name names, going by lists, the title before it and the verb after it."""
    words = plain(name).split()
    if any(plain(name) in group for group in rules.places):
        return NameSort.PLACE
    is_listed = name in rules.outlets or name in rules.organisations
    if is_listed or not set(words).isdisjoint(rules.organisation_words):
        return NameSort.ORGANISATION
    if _ACRONYM.fullmatch(name):
        return NameSort.ORGANISATION
    is_titled = before.rstrip().endswith(tuple(f" {title}" for title in rules.titles))
    is_speaker = len(words) > 1 and phrases(rules.after_speaker, before=" ").match(after)
    if words[0] in rules.given_names and len(words) > 1:
        return NameSort.PERSON
    return NameSort.PERSON if is_titled or is_speaker else None


def _form(name: str, sort: NameSort, before: str, rules: LanguageRules) -> str:
    if sort is NameSort.PERSON:
        return "full" if " " in name else "short"
    if sort is NameSort.PLACE:
        return next(str(i) for i, group in enumerate(rules.places) if plain(name) in group)
    article = before.rstrip().rpartition(" ")[2].lower()
    number = next((str(i) for i, group in enumerate(rules.articles) if article in group), "")
    return ("outlet" if name in rules.outlets else "other") + number
