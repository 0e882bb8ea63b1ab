"""The words that lints look for, out of the files lexicon/<language>.yaml beside this module."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from ..format.yaml_source import read_yaml
from .words import plain

_FOLDER = Path(__file__).parent / "lexicon"


def find_word(name: str, text: str, language: str) -> str | None:
    """The first entry of a list of the lexicon that stands in the text, in small letters."""
    found = pattern(name, language).search(plain(text))
    return found.group() if found else None


@cache
def pattern(name: str, language: str) -> re.Pattern[str]:
    """A list of the lexicon as a pattern over texts that went through `words.plain`.

    Raises KeyError for a list that the lexicon does not have.
    """
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_entry, _lists(language)[name]))})(?!\w)")


def _entry(entry: str) -> str:
    return re.escape(plain(entry)).replace(r"\*", r"\w*")


@cache
def _lists(language: str) -> dict[str, Iterable[str]]:
    file = f"{language}.yaml"
    value = read_yaml((_FOLDER / file).read_bytes(), file).value
    assert isinstance(value, dict)
    return {
        name: [entry for entry in entries if isinstance(entry, str)]
        for name, entries in value.items()
        if isinstance(entries, list)
    }
