"""Near misses of a sentence: one number, date, name or limit altered, everything else kept.

The rules see words, not meaning: a person chooses among the variants. None adds a "not" (a false
claim alters a detail, it does not deny). The order is always the same, the best first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from ...domain.verdict import RULES, Rule
from .language_rules import LanguageRules, SuggestionKind, language_rules, phrases, plain
from .near_numbers import near_day, near_iso_day, near_month, near_number, near_year
from .proper_names import Name, NameSort

MAX_VARIANTS = 12
_MAX_LENGTH = 1_000  # characters of a sentence that are looked at
_PER_NAME = 2

_NUMBER = re.compile(
    r"(?<![\w/:@#.,-])(?:[0-9]{1,3}(?:[ .,'][0-9]{3}){1,4}|[0-9]{1,12})(?:[.,][0-9]{1,6})?"
    r"(?![\w/:@]|[-–][0-9]|[.,][0-9])"
)
_YEAR = re.compile(r"(?:1[5-9]|20)[0-9]{2}")
_ISO = re.compile(r"(?<![\w/:-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w/:-])")
_OPENING = "«“‘([\"'"
_VOWEL = re.compile(r"[aeiouyhàâéèêëîïôöûüœæ]", re.IGNORECASE)
_ELIDES = re.compile(r"(?:^|[\s(«])(?:[ldnscjmt]'|qu'|(?:le|la|de|ne|se|ce|je|me|te|que) )$", re.I)


class VariantKind(StrEnum):
    """What was altered."""

    NUMBER = "number"
    DATE = "date"
    LIMIT = "limit"
    QUANTIFIER = "quantifier"
    ATTRIBUTION = "attribution"
    NAME = "name"


_MAKES_FALSE_BY = {
    VariantKind.NUMBER: Rule.F1,
    VariantKind.DATE: Rule.F1,
    VariantKind.LIMIT: Rule.F3,
    VariantKind.QUANTIFIER: Rule.F1,
    VariantKind.ATTRIBUTION: Rule.F2,
    VariantKind.NAME: Rule.F1,
}


@dataclass(frozen=True, slots=True)
class Variant:
    """The sentence with `before` put as `after` (empty where it is left out), once.

    `rule` is the one that makes the variant false, if the sentence itself is what the text says.
    """

    kind: VariantKind
    before: str
    after: str
    sentence: str
    rule: Rule
    skill: str


@dataclass(frozen=True, slots=True)
class _Change:
    """A stretch of the sentence and what it may become, the best first."""

    kind: VariantKind
    start: int
    end: int
    afters: tuple[str, ...]


def variants(exact: str, language: str, names: Sequence[Name] = ()) -> tuple[Variant, ...]:
    """At most MAX_VARIANTS near misses of a sentence in a language, the best first.

    Every element that can be altered comes once before any comes twice. `names` are those that
    may be put in (`names_in` of the same document): a name is exchanged for one of its own sort
    and form that the sentence does not hold. Other languages than French and English have only
    numbers and names altered. Takes linear time; never raises.
    """
    visible = plain(exact[:_MAX_LENGTH])
    rules = language_rules(language)
    taken = [match.span() for match in phrases(rules.fixed).finditer(visible)]
    changes: list[_Change] = []
    for find in _FINDERS:
        for change in find(visible, rules):
            if _is_free(change, taken):
                taken.append((change.start, change.end))
                changes.append(change)
    changes += (c for c in _names(visible, rules, names) if _is_free(c, taken))
    order = list(VariantKind)
    changes.sort(key=lambda change: (order.index(change.kind), change.start))
    rounds = zip_longest(*([(c, after) for after in c.afters] for c in changes))
    made = {
        variant.sentence: variant
        for chosen in rounds
        for variant in (_made(exact, *one) for one in chosen if one is not None)
        if variant.sentence != exact
    }
    return tuple(made.values())[:MAX_VARIANTS]


def _made(exact: str, change: _Change, after: str) -> Variant:
    before = exact[change.start : change.end]
    rule = _MAKES_FALSE_BY[change.kind]
    skill = "number_check" if change.kind is VariantKind.NUMBER else RULES[rule].skills[0]
    for typed in before:  # narrow spaces and typographic apostrophes stay
        after = after.replace(plain(typed), typed) if plain(typed) != typed else after
    sentence = exact[: change.start] + after + exact[change.end :]
    return Variant(change.kind, before, after, sentence, rule, skill)


def _is_free(change: _Change, taken: list[tuple[int, int]]) -> bool:
    return not any(change.start < end and start < change.end for start, end in taken)


def _dates(text: str, rules: LanguageRules) -> Iterator[_Change]:
    """Days of months, ISO dates, years, months and days of the week."""
    for match in _ISO.finditer(text):
        yield _Change(VariantKind.DATE, *match.span(), tuple(near_iso_day(match[0])))
    for match in phrases(rules.months).finditer(text):
        yield from _day_and_month(text, match, rules)
    for match in _NUMBER.finditer(text):
        if _YEAR.fullmatch(match[0]):
            yield _Change(VariantKind.DATE, *match.span(), tuple(near_year(match[0])))
    week = rules.weekdays
    for match in phrases(week).finditer(text):
        at = _index(week, match[0])
        near = (week[(at + 1) % len(week)], week[at - 1])
        yield _cased(VariantKind.DATE, text, match.start(), match.end(), near)


_DAY_BEFORE = re.compile(r"(?<![\w.,/-])([0-9]{1,2})(er|st|nd|rd|th)? (?:of )?$")
_DAY_AFTER = re.compile(r" ([0-9]{1,2})(st|nd|rd|th)?(?![\w/:-]|[.,][0-9])")


def _day_and_month(text: str, month: re.Match[str], rules: LanguageRules) -> Iterator[_Change]:
    """The changes of a month, and of the day of the month beside it."""
    if month[0][0].islower() and rules.months[0][0].isupper():
        return  # "may", "march"
    number = _index(rules.months, month[0]) + 1
    beside = _DAY_BEFORE.search(text, max(0, month.start() - 12), month.start())
    if beside is None:
        beside = _DAY_AFTER.match(text, month.end())
    day = int(beside[1]) if beside else None
    if beside and day is not None and 1 <= day <= 31:
        end = beside.end(2) if beside[2] else beside.end(1)
        afters = tuple(_as_day(near, beside[2], rules) for near in near_day(day, number))
        yield _Change(VariantKind.DATE, beside.start(1), end, afters)
    elif month[0].lower() in {word.lower() for word in rules.ambiguous_months}:
        word_before = text[: month.start()].rstrip(" -").rpartition(" ")[2].lower()
        if word_before not in rules.before_month:
            return
    near = [rules.months[n - 1] for n in near_month(number, day)]
    yield _cased(VariantKind.DATE, text, month.start(), month.end(), near)


def _as_day(day: int, suffix: str | None, rules: LanguageRules) -> str:
    """The day as it is written beside a month: "1er" in French, "2nd" where English has a suffix"""
    if rules.months[0] == "janvier":
        return "1er" if day == 1 else str(day)
    return f"{day}{_ordinal_suffix(day)}" if suffix else str(day)


def _ordinal_suffix(number: int) -> str:
    if 11 <= number % 100 <= 13:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _numbers(text: str, rules: LanguageRules) -> Iterator[_Change]:
    """Numbers in digits."""
    percent = re.compile(r"\s?(?:" + "|".join(map(re.escape, rules.percent)) + ")", re.I)
    for match in _NUMBER.finditer(text):
        most = 100 if percent.match(text, match.end()) else None
        afters = tuple(near_number(match[0], most))[:3]
        yield _Change(VariantKind.NUMBER, *match.span(), afters)


def _spelled(text: str, rules: LanguageRules) -> Iterator[_Change]:
    """Numbers spelt out from two to a hundred; of "neuf cent quatre" only the last is altered."""
    words = rules.numbers
    if not words:
        return
    another = rf" (?:{'|'.join(map(re.escape, (*rules.multipliers, *words)))})(?![\w-])"
    of_many = re.compile(f"{another}(?: et| and)?{another}", re.I)
    compound = phrases((*rules.multipliers, *words), after=r"(?: and| et)? $")
    for match in phrases(words[2:]).finditer(text):
        at = _index(words, match[0])
        before = text[max(0, match.start() - 30) : match.start()]
        if of_many.match(text, match.end()) or (at == 100 and compound.search(before)):
            continue
        is_multiplied = re.compile(another, re.I).match(text, match.end())
        top = 9 if is_multiplied and at <= 9 else 100
        near = [words[n] for n in (at + 1, at - 1, at + 2) if 2 <= n <= min(top, len(words) - 1)]
        if at != 100:
            near = [word for word in near if word != words[100]]
        yield _cased(VariantKind.NUMBER, text, match.start(), match.end(), near)


def _ladders(text: str, rules: LanguageRules) -> Iterator[_Change]:
    """Ordinals, dozens, hundreds and the like, exchanged for the next step."""
    ladder_of = {word.lower(): ladder for ladder in rules.ladders for word in ladder}
    for match in phrases(tuple(ladder_of)).finditer(text):
        ladder = ladder_of[match[0].lower()]
        at = _index(ladder, match[0])
        near = [ladder[n] for n in (at + 1, at - 1) if 0 <= n < len(ladder)]
        yield _cased(VariantKind.NUMBER, text, match.start(), match.end(), near)


def _quantifiers(text: str, rules: LanguageRules) -> Iterator[_Change]:
    """ "More than", "at least" and the like, exchanged for another; some only before a number."""
    group_of = {word.lower(): group for group in rules.quantifiers for word in group}
    countable = phrases((*rules.numbers[2:], *(w for ladder in rules.ladders for w in ladder)))
    for match in phrases(tuple(group_of)).finditer(text):
        follows = text[match.end() + 1 : match.end() + 2].isdigit()
        follows = follows or countable.match(text, match.end() + 1) is not None
        if follows or match[0].lower() not in rules.quantifiers_of_numbers:
            near = [word for word in group_of[match[0].lower()] if word != match[0].lower()]
            yield _cased(VariantKind.QUANTIFIER, text, match.start(), match.end(), near)


def _limits(text: str, rules: LanguageRules) -> Iterator[_Change]:
    """Limits left out, with the commas or the dash that set them off."""
    for match in phrases(rules.limits).finditer(text):
        start, end = match.span()
        head, tail = text[:start].rstrip(" "), text[end:].lstrip(" ")
        if not head or head[-1] in _OPENING:
            follows = re.match(r" ?, ?| ", text[end:])
            rest = end + (follows.end() if follows else 0)
            if rest < len(text) and text[rest].isalnum():
                first = text[rest].upper() if match[0][0].isupper() else text[rest]
                yield _Change(VariantKind.LIMIT, start, rest + 1, (first,))
            continue
        left = len(head)
        if head.endswith(",") and (not tail or tail[0] in ",.;:!?»”)"):
            left -= 1
            end = len(text) - len(tail) + 1 if tail.startswith(",") else end
        elif head.endswith(("—", "–")) and (not tail or tail[0] in ".;:!?»”"):
            left = len(head[:-1].rstrip(" "))
        yield _Change(VariantKind.LIMIT, left, end, ("",))


def _names(text: str, rules: LanguageRules, names: Sequence[Name]) -> Iterator[_Change]:
    """Names exchanged for others of their sort; beside a verb of speech, the speaker changes.

    Persons stay where somebody is accused: no variant moves an accusation to somebody else.
    """
    accuses = any(
        cue.kind is SuggestionKind.ACCUSATION and cue.pattern.search(text) for cue in rules.cues
    )
    held = {plain(name.text): name for name in reversed(names) if plain(name.text) in text}
    for match in re.finditer(phrases(tuple(held)).pattern, text):
        name = held[match[0]]
        if accuses and name.sort is NameSort.PERSON:
            continue
        others = [other.text for other in names if _may_replace(other, name, text)]
        others = [one for one in others if _fits(text, match.start(), match[0], one)]
        before = text[: match.start()].lower().rstrip(" ")
        is_speaker = name.sort is not NameSort.PLACE and (
            before.endswith(rules.before_speaker)
            or phrases(rules.after_speaker, before=" ").match(text, match.end()) is not None
        )
        kind = VariantKind.ATTRIBUTION if is_speaker else VariantKind.NAME
        yield _Change(kind, match.start(), match.end(), tuple(others[:_PER_NAME]))


def _may_replace(other: Name, name: Name, text: str) -> bool:
    return (
        (other.sort, other.form) == (name.sort, name.form)
        and plain(other.text).rpartition(" ")[2] not in text
        and other.text not in name.text
    )


def _cased(kind: VariantKind, text: str, start: int, end: int, near: Sequence[str]) -> _Change:
    """A change of words, with the capital of the word replaced, where elision allows it."""
    before = text[start:end]
    fit = [word for word in near if _fits(text, start, before, word)]
    if before[:1].isupper():
        fit = [word[:1].upper() + word[1:] for word in fit]
    return _Change(kind, start, end, tuple(fit))


def _fits(text: str, start: int, before: str, after: str) -> bool:
    """Whether the word before stays as it is ("d’octobre", but "de novembre")."""
    same = bool(_VOWEL.match(before)) == bool(_VOWEL.match(after))
    return same or not _ELIDES.search(text[max(0, start - 5) : start])


def _index(words: Sequence[str], word: str) -> int:
    return [one.lower() for one in words].index(word.lower())


_FINDERS: tuple[Callable[[str, LanguageRules], Iterator[_Change]], ...] = (
    _dates,
    _limits,
    _quantifiers,
    _numbers,
    _ladders,
    _spelled,
)
