"""The schema's errors in plain words, at the line and column they are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from .problems import Path, Problem, Severity, Unreadable, shown
from .schema import KEYS
from .yaml_source import YamlSource

LANGUAGE_NAMES = {"fr": "French", "en": "English"}

_BAD_KEY = "[key]"  # how pydantic marks an error in the key of a mapping

Model = TypeVar("Model", bound=BaseModel)


def parse(model: type[Model], source: YamlSource) -> Model:
    """The file as an object of the schema. Raises Unreadable with every error it has."""
    try:
        return model.model_validate(source.value)
    except ValidationError as error:
        raise Unreadable(*_problems(error, source)) from error


def _problems(error: ValidationError, source: YamlSource) -> Iterator[Problem]:
    for detail in error.errors(include_url=False):
        # A list whose entries have errors counts as short too: that says nothing new.
        if detail["type"] == "too_short" and detail["input"]:
            continue
        path: Path = detail["loc"]
        if detail["type"] == "missing":
            place = source.key_place(path[:-1])
        elif detail["type"] == "extra_forbidden":
            place = source.key_place(path)
        else:
            place = source.place(path)
        message, mend = _words(detail, path)
        yield Problem(source.file, place.line, place.column, Severity.ERROR, message, mend)


def _words(detail: Any, path: Path) -> tuple[str, str]:
    """What is wrong and the mend, for one error of pydantic."""
    kind, given = detail["type"], detail["input"]
    name = _name(path)
    if path and path[-1] == _BAD_KEY:
        return f"{name} is not a known code", "correct it or delete the entry"
    if kind == "missing":
        return f"{name} is missing", _add(path)
    if kind == "extra_forbidden":
        return f"{name} is not a known key here", _nearest_key(str(path[-1]))
    if given is None or given == "" or kind == "string_too_short":
        return f"{name} is empty", _add(path)
    if kind in ("enum", "literal_error"):
        expected = detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        return f"{name} cannot be {_given(given)}", f"write one of: {expected}"
    if kind == "value_error":
        return f"{name} {detail['ctx']['error']}", "write it like 2026-01-09"
    if kind == "string_pattern_mismatch":
        return f"{name} cannot be {_given(given)}", _pattern_mend(path)
    if kind in _SIMPLE:
        message, mend = _SIMPLE[kind]
        return f"{name} {message}", mend
    return f"{name}: {detail['msg']}", "write it as the authoring guide shows"


_SIMPLE = {
    "string_type": ("must be text", 'write it on one line, in double quotes if it holds ": "'),
    "string_too_long": ("is too long", "shorten it"),
    "tuple_type": ("must be a list", "write [a, b], or one line `- a` per entry"),
    "too_short": ("has no entry", "add at least one entry"),
    "dict_type": ("must be lines of `key: value`", "indent its keys under it"),
    "model_type": ("must be lines of `key: value`", "indent its keys under it"),
}


def _name(path: Path) -> str:
    """The last named keys of a path: ("questions", 3, "claim", "en") → "claim.en"."""
    names: list[str] = []
    for part in reversed([part for part in path if part != _BAD_KEY]):
        if isinstance(part, int):
            if names:
                break
            continue
        names.insert(0, part)
    name = ".".join(names)
    if path and isinstance(path[-1], int):
        return f"entry {path[-1] + 1} of {name}" if name else f"entry {path[-1] + 1}"
    return shown(name) or "the file"


def _add(path: Path) -> str:
    last = path[-1] if path else "text"
    if last in LANGUAGE_NAMES:
        what = path[-2] if len(path) > 1 else "text"
        return f"add the {LANGUAGE_NAMES[str(last)]} {what}"
    if not path or isinstance(last, int):
        return "fill it in or delete it"
    return f"add `{shown(str(last))}: …`"


def _nearest_key(key: str) -> str:
    match = process.extractOne(key.lower(), sorted(KEYS), score_cutoff=70)
    if match is None or match[0] == key:
        return "delete it, or move it where it belongs"
    return f"did you mean `{match[0]}`? Otherwise delete it"


def _pattern_mend(path: Path) -> str:
    if path[0] == "skills" or "skills" in path:
        return "use a skill's code: small letters and underscores"
    if path[-1] == "order":
        return "write a whole number, like 10"
    if path[-1] == "language":
        return "write a language code, like fr"
    return "use small letters a–z, digits and single hyphens, like a-slug"


def _given(value: Any) -> str:
    return f"“{shown(value, 40)}”" if isinstance(value, str) else "a list or a mapping"
