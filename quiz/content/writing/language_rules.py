"""What is known of a language for suggestions and near misses: patterns and lists of words.

The data is in suggestions/<language>.yaml; suggestions/any.yaml stands in for languages without a
file, and holds the names that are known in every language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ...domain.question_set import LANGUAGES
from ...domain.verdict import Rule
from ..format.yaml_source import read_yaml

FOLDER = Path(__file__).parent / "suggestions"


class SuggestionKind(StrEnum):
    """What makes a sentence worth a claim."""

    NUMBER = "number"
    DATE = "date"
    ATTRIBUTION = "attribution"
    QUOTE = "quote"
    HEDGE = "hedge"
    SUPERLATIVE = "superlative"
    ANONYMOUS_SOURCE = "anonymous_source"
    OPINION = "opinion"
    PREDICTION = "prediction"
    ACCUSATION = "accusation"
    LIMIT = "limit"
    DISCLOSURE = "disclosure"


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern that betrays a kind, with the skills it trains and a hint at the rule.

    `strength` is from 1 (weak, not enough alone) to 3.
    """

    kind: SuggestionKind
    pattern: re.Pattern[str]
    skills: tuple[str, ...]
    rule: Rule
    strength: int


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """The cues and the words of one language. Lists of words are empty where the file has none."""

    cues: tuple[Cue, ...]
    openers: tuple[str, ...]
    months: tuple[str, ...]
    ambiguous_months: tuple[str, ...]
    before_month: tuple[str, ...]
    weekdays: tuple[str, ...]
    numbers: tuple[str, ...]
    multipliers: tuple[str, ...]
    ladders: tuple[tuple[str, ...], ...]
    fixed: tuple[str, ...]
    percent: tuple[str, ...]
    quantifiers: tuple[tuple[str, ...], ...]
    quantifiers_of_numbers: tuple[str, ...]
    limits: tuple[str, ...]
    before_speaker: tuple[str, ...]
    after_speaker: tuple[str, ...]
    titles: tuple[str, ...]
    organisation_words: tuple[str, ...]
    places: tuple[tuple[str, ...], ...]
    articles: tuple[tuple[str, ...], ...]
    no_names: tuple[str, ...]
    given_names: tuple[str, ...]
    outlets: tuple[str, ...]
    organisations: tuple[str, ...]


def language_rules(language: str) -> LanguageRules:
    """The rules of a language tag ("fr", "fr-CA"), else those that hold for any language."""
    code = language.partition("-")[0].lower()
    return _read(code if code in LANGUAGES else "any")


def plain(text: str) -> str:
    """The text as patterns and lists see it, character for character as long as it was."""
    return text.translate(_PLAIN)


@lru_cache(maxsize=200)
def phrases(words: tuple[str, ...], *, before: str = "", after: str = "") -> re.Pattern[str]:
    """A pattern that finds any of these whole phrases, the longest first, in any case.

    `before` and `after` are patterns around them. Without words, nothing matches.
    """
    if not words:
        return re.compile(r"(?!)")
    longest = sorted(words, key=lambda word: (-len(word), word))
    listed = "|".join(re.escape(word) for word in longest)
    return re.compile(rf"{before}(?<![\w-])(?:{listed})(?![\w-]){after}", re.IGNORECASE)


_PLAIN = {ord("’"): "'", ord("\u00a0"): " ", ord("\u202f"): " "}
_NAMES_OF_ANY = ("given_names", "outlets", "organisations")


@cache
def _read(code: str) -> LanguageRules:
    data = _data(code)
    shared = _data("any")
    lists: dict[str, Any] = {
        name: _frozen(data.get(name, []))
        for name in LanguageRules.__dataclass_fields__
        if name != "cues" and name not in _NAMES_OF_ANY
    }
    lists |= {name: _frozen(shared[name]) for name in _NAMES_OF_ANY}
    return LanguageRules(cues=tuple(_cue(entry) for entry in data["kinds"]), **lists)


def _data(code: str) -> dict[str, Any]:
    file = FOLDER / f"{code}.yaml"
    value: Any = read_yaml(file.read_bytes(), file.name).value
    return dict(value)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _cue(entry: dict[str, Any]) -> Cue:
    return Cue(
        kind=SuggestionKind(entry["kind"]),
        pattern=re.compile("|".join(entry["patterns"]), re.IGNORECASE),
        skills=tuple(entry["skills"]),
        rule=Rule(entry["rule"]),
        strength=int(entry["strength"]),
    )
