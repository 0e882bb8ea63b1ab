"""Claims as words: normalised for comparison, split for counting, and their surface features."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz

from ...domain.message import Message, msg

NEAR_EQUAL = 92.0

_WORD = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*|[^\W\d_]+(?:-[^\W\d_]+)*")
_NUMBER = "<number>"


def words(text: str) -> list[str]:
    """The words of a text in small letters; every number in digits is the same word.

    Elided articles are words of their own ("l’article" → l, article).
    """
    return [_NUMBER if w[0].isdigit() else w for w in _WORD.findall(text.casefold())]


@lru_cache(maxsize=4096)
def normalised(text: str) -> str:
    """A claim without what does not change its meaning: case, punctuation, spacing."""
    return " ".join(_WORD.findall(text.casefold()))


def nearly_equal(one: str, other: str) -> bool:
    """Whether two normalised claims are the same but for a detail."""
    return fuzz.ratio(one, other, score_cutoff=NEAR_EQUAL) > 0


# What a reader may pick up without reading the file: checklist point 8. Per language, a pattern
# over claims in small letters with straight apostrophes.
_FEATURES = {
    "negation": {
        "fr": r"\bne\b|\bn'|\bpas\b|\baucune?s?\b|\bjamais\b|\brien\b|\bsans\b|\bni\b",
        "en": r"\b(?:not|no|never|none|nothing|without|neither|nor)\b|n't\b",
    },
    "digits": {"fr": r"\d", "en": r"\d"},
    "attribution": {
        "fr": r"\bselon\b|\bd'après\b"
        r"|\b(?:dit|disent|déclar|affirm|indiqu|rapport|annonc|assur|cit[eé])\w*",
        "en": r"\baccording to\b"
        r"|\b(?:says?|said|declar|claim|stat(?:es|ed)|report|announc|cit(?:es|ed))\w*",
    },
    "absolutes": {
        "fr": r"\b(?:tous|toutes?|tout|toujours|jamais|aucune?|seule?s?|uniquement|entièrement"
        r"|seulement|totalement|chaque|définitivement|exclu\w*)\b",
        "en": r"\b(?:all|every|always|never|none|only|entirely|totally|completely|each|solely"
        r"|definitively|exclu\w*)\b",
    },
    "hedges": {
        "fr": r"\b(?:serai(?:t|ent)|aurai(?:t|ent)|pourrai(?:t|ent)|peut|peuvent|possible\w*"
        r"|probable\w*|soupçonn\w*|présumé\w*|semble\w*)\b",
        "en": r"\b(?:may|might|could|would|possibl[ey]|probabl[ey]|likely|suspected|alleged\w*"
        r"|reportedly|seems?|said to)\b",
    },
}
FEATURES = tuple(_FEATURES)
FEATURE_NAMES: Mapping[str, Message] = {
    "negation": msg("negation"),
    "digits": msg("digits"),
    "attribution": msg("attribution"),
    "absolutes": msg("absolutes"),
    "hedges": msg("hedges"),
}
_PATTERNS = {
    (name, language): re.compile(pattern)
    for name, by_language in _FEATURES.items()
    for language, pattern in by_language.items()
}


def has_feature(name: str, text: str, language: str) -> bool:
    """Whether a claim shows a surface feature: one of FEATURES."""
    return feature_word(name, text, language) is not None


def feature_word(name: str, text: str, language: str) -> str | None:
    """The first word or words that show a surface feature, in small letters; None without."""
    found = _PATTERNS[name, language].search(plain(text))
    return found.group() if found else None


def plain(text: str) -> str:
    """A text in small letters with straight apostrophes, as patterns look at it."""
    return text.casefold().replace("’", "'")
