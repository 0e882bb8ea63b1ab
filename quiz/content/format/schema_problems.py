"""The schema's errors in plain words, at the line and column they are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from ...domain.message import Message, msg
from .names import LANGUAGE_NAMES, PART_NAMES
from .problems import Path, Problem, Severity, Unreadable, shown
from .schema import KEYS
from .yaml_source import YamlSource

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
        message, fix = _words(detail, path)
        yield Problem(source.file, place.line, place.column, Severity.ERROR, message, fix, path)


def _words(detail: Any, path: Path) -> tuple[Message, Message]:
    """What is wrong and the mend, for one error of pydantic."""
    kind, given = detail["type"], detail["input"]
    name = _name(path)
    if path and path[-1] == _BAD_KEY:
        return msg("{name} is not a known code", name=name), msg("correct it or delete the entry")
    if kind == "missing":
        return msg("{name} is missing", name=name), _add(path)
    if kind == "extra_forbidden":
        return msg("{name} is not a known key here", name=name), _nearest_key(str(path[-1]))
    if given is None or given == "" or kind == "string_too_short":
        return msg("{name} is empty", name=name), _add(path)
    if kind in ("enum", "literal_error"):
        expected = detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
        return _cannot_be(name, given), msg("write one of: {codes}", codes=expected)
    if kind == "value_error":
        return wrong_value(name, detail["ctx"]["error"])
    if kind == "string_pattern_mismatch":
        return _cannot_be(name, given), _pattern_mend(path)
    return _shape(kind, name) or (
        msg("{name}: {reason}", name=name, reason=detail["msg"]),
        msg("write it as the authoring guide shows"),
    )


def wrong_value(name: str, error: ValueError) -> tuple[Message, Message]:
    """What is wrong and the mend, for an error of the schema's own in the value `name`."""
    fix = msg("write it like 2026-01-09")
    match str(error):
        case "empty":
            return msg("{name} is empty", name=name), msg("write it in one language at least")
        case "form":
            return msg("{name} is not a date written YYYY-MM-DD", name=name), fix
        case "calendar":
            return msg("{name} is no day of the calendar", name=name), fix
        case _:
            return (
                msg("{name} is not a date or a range from/to, the earlier day first", name=name),
                fix,
            )


def _shape(kind: str, name: str) -> tuple[Message, Message] | None:
    """What is wrong with a value of another shape than the schema's, and the mend."""
    match kind:
        case "string_type":
            fix = msg('write it on one line, in double quotes if it holds ": "')
            return msg("{name} must be text", name=name), fix
        case "string_too_long":
            return msg("{name} is too long", name=name), msg("shorten it")
        case "tuple_type":
            fix = msg("write [a, b], or one line `- a` per entry")
            return msg("{name} must be a list", name=name), fix
        case "too_short":
            return msg("{name} has no entry", name=name), msg("add at least one entry")
        case "dict_type" | "model_type":
            fix = msg("indent its keys under it")
            return msg("{name} must be lines of `key: value`", name=name), fix
    return None


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
        number = path[-1] + 1
        if name:
            return msg("entry {number} of {name}", number=number, name=name)
        return msg("entry {number}", number=number)
    return shown(name) or msg("the file")


def _add(path: Path) -> Message:
    last = path[-1] if path else "text"
    if last in LANGUAGE_NAMES:
        part = str(path[-2]) if len(path) > 1 else "text"
        return msg(
            "add the {language} {part}",
            language=LANGUAGE_NAMES[str(last)],
            part=PART_NAMES.get(part, part),
        )
    if not path or isinstance(last, int):
        return msg("fill it in or delete it")
    return msg("add `{key}: …`", key=shown(str(last)))


def _nearest_key(key: str) -> Message:
    match = process.extractOne(key.lower(), sorted(KEYS), score_cutoff=70)
    if match is None or match[0] == key:
        return msg("delete it, or move it where it belongs")
    return msg("did you mean `{key}`? Otherwise delete it", key=match[0])


def _pattern_mend(path: Path) -> Message:
    if path[0] == "skills" or "skills" in path:
        return msg("use a skill's code: small letters and underscores")
    if path[-1] == "order":
        return msg("write a whole number, like 10")
    if path[-1] == "language":
        return msg("write a language code, like fr")
    return msg("use small letters a–z, digits and single hyphens, like a-slug")


def _cannot_be(name: str, value: Any) -> Message:
    if isinstance(value, str):
        return msg("{name} cannot be “{value}”", name=name, value=shown(value, 40))
    return msg("{name} cannot be a list or a mapping", name=name)
