"""YAML read as strings only, with the line and column of every value.

The text is read event by event, so that aliases, tags and deep nesting are refused before anything
is built from them: nothing in a hostile file is ever expanded, converted or constructed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml import events as ev
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from ...domain.message import Message, msg
from .problems import Path, Problem, Severity, Unreadable, shown

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_VALUES = 20_000  # about 600 questions; as many take two seconds to read

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"

_NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, order=True)
class SourcePosition:
    """A line and a column, counted from 1."""

    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class YamlSource:
    """What a file holds, and where: the place of each value, and of each key of a mapping."""

    file: str
    value: Value
    values: Mapping[Path, SourcePosition] = field(repr=False)
    keys: Mapping[Path, SourcePosition] = field(repr=False)

    def place(self, path: Path) -> SourcePosition:
        """The place of the value at `path`, or of the nearest value around it that exists."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, SourcePosition())

    def key_place(self, path: Path) -> SourcePosition:
        """The place of the key that the value at `path` stands under, else of the value itself."""
        return self.keys.get(path) or self.place(path)

    def problem(
        self, path: Path, message: str, fix: str, severity: Severity = Severity.ERROR
    ) -> Problem:
        """A problem with the value at `path`."""
        place = self.place(path)
        return Problem(self.file, place.line, place.column, severity, message, fix, path)


def read_yaml(data: bytes, file: str, older_names: Mapping[str, str] = _NO_NAMES) -> YamlSource:
    """Read one YAML document whose every scalar is a string (a plain `null` or nothing is None).

    `older_names` maps keys as they were called once to what they are called now; a mapping that
    has both is refused like one that has a key twice.

    Raises Unreadable for anything else than plain data: not UTF-8, over MAX_BYTES, control
    characters, anchors, aliases, tags, directives, duplicate keys, keys that are no plain text,
    several documents, more than MAX_VALUES values, nesting deeper than MAX_DEPTH, and every
    syntax error.
    """
    text = decode(data, file)
    builder = _Builder(file, older_names)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except ReaderError as error:
        at = int(error.position)
        builder.refuse(
            place_in(text, at),
            msg(
                "the character U+{code} cannot stand in a question file",
                code=f"{ord(text[at]):04X}",
            ),
            msg("delete this invisible character"),
        )
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = str(error.problem or error.context or "this is not valid YAML")
        words = msg("YAML: {reason}", reason=message)
        builder.refuse(_place(mark) if mark else SourcePosition(), words, _mend(message))
    except (YAMLError, ValueError, ArithmeticError) as error:
        message = shown(str(error).partition("\n")[0])
        builder.refuse(builder.last, msg("YAML: {reason}", reason=message), _mend(message))
    return YamlSource(file, builder.root, builder.values, builder.keys)


def decode(data: bytes, file: str) -> str:
    """The text of a file, newlines untouched. Raises Unreadable: too big, not UTF-8, a NUL."""
    if len(data) > MAX_BYTES:
        message = msg("the file is over {size} kB", size=MAX_BYTES // 1000)
        raise _unreadable(file, SourcePosition(), message, msg("split it into several files"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable(
            file,
            place_in(data[: error.start].decode("utf-8"), error.start),
            msg("the file is not UTF-8 (byte 0x{byte})", byte=f"{data[error.start]:02X}"),
            msg("save it again with the encoding UTF-8"),
        ) from error
    if (nul := text.find("\0")) >= 0:
        raise _unreadable(
            file,
            place_in(text, nul),
            msg("the file holds a NUL character"),
            msg("delete this invisible character"),
        )
    return text


def place_in(text: str, at: int) -> SourcePosition:
    """The line and column of character number `at` (from 0) of the text."""
    before = text[:at]
    return SourcePosition(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _unreadable(file: str, place: SourcePosition, message: str, fix: str) -> Unreadable:
    return Unreadable(Problem(file, place.line, place.column, Severity.ERROR, message, fix))


class _Builder:
    """Builds values from YAML events with a stack of the collections that are still open."""

    def __init__(self, file: str, older_names: Mapping[str, str]) -> None:
        self.file = file
        self.older_names = older_names
        self.root: Value = None
        self.values: dict[Path, SourcePosition] = {}
        self.keys: dict[Path, SourcePosition] = {}
        self.last = SourcePosition()
        self._documents = 0
        self._open: list[_Collection] = []

    def take(self, event: Any) -> None:
        self.last = place = _place(event.start_mark)
        if isinstance(event, ev.DocumentStartEvent):
            self._begin_document(event, place)
        elif isinstance(event, ev.NodeEvent):
            self._refuse_machinery(event, place)
            if isinstance(event, ev.ScalarEvent):
                self._scalar(event, place)
            else:
                self._begin(event, place)
        elif isinstance(event, ev.CollectionEndEvent):
            self._open.pop()

    def refuse(self, place: SourcePosition, message: str, fix: str) -> NoReturn:
        raise _unreadable(self.file, place, message, fix)

    def _begin_document(self, event: Any, place: SourcePosition) -> None:
        self._documents += 1
        if self._documents > 1:
            message = msg("a second YAML document begins here")
            self.refuse(place, message, msg("keep one file per document"))
        if event.version or event.tags:
            message = msg("a {sign} directive is not allowed", sign="%")
            self.refuse(place, message, msg("delete the line that begins with {sign}", sign="%"))

    def _refuse_machinery(self, event: Any, place: SourcePosition) -> None:
        if len(self.values) >= MAX_VALUES:
            message = msg("the file holds more than {count} values", count=MAX_VALUES)
            self.refuse(place, message, msg("split it into several files"))
        if isinstance(event, ev.AliasEvent):
            self.refuse(
                place,
                msg("the alias *{name} is not allowed", name=shown(event.anchor)),
                msg("write the text out, or put text that begins with * in double quotes"),
            )
        if event.anchor is not None:
            self.refuse(
                place,
                msg("the anchor &{name} is not allowed", name=shown(event.anchor)),
                msg("delete it, or put text that begins with {sign} in double quotes", sign="&"),
            )
        if event.tag is not None:
            self.refuse(
                place,
                msg("the tag {name} is not allowed", name=shown(str(event.tag))),
                msg("delete it, or put text that begins with {sign} in double quotes", sign="!"),
            )

    def _begin(self, event: Any, place: SourcePosition) -> None:
        if len(self._open) >= MAX_DEPTH:
            message = msg("more than {count} levels are nested", count=MAX_DEPTH)
            self.refuse(place, message, msg("flatten this part"))
        collection: list[Value] | dict[str, Value]
        collection = {} if isinstance(event, ev.MappingStartEvent) else []
        path = self._add(collection, place)
        self._open.append(_Collection(path, collection))

    def _scalar(self, event: Any, place: SourcePosition) -> None:
        text: str = event.value
        bad = next((c for c in text if _is_forbidden(c)), None)
        if bad is not None:
            self.refuse(
                place,
                msg("the text holds the character U+{code}", code=f"{ord(bad):04X}"),
                msg("delete this character or its escape sequence"),
            )
        is_plain = event.implicit[0]
        inside = self._open[-1] if self._open else None
        if inside and isinstance(inside.value, dict) and inside.key is None:
            self._key(inside, text, place)
        else:
            self._add(None if is_plain and text in ("", "null") else text, place)

    def _key(self, inside: _Collection, written: str, place: SourcePosition) -> None:
        key = self.older_names.get(written, written)
        if key in inside.value:
            first = self.keys[(*inside.path, key)].line
            message = msg(
                "the key {key} stands twice (first on line {line})", key=shown(key), line=first
            )
            if key in self.older_names.values():
                older = next(old for old, new in self.older_names.items() if new == key)
                message = msg(
                    "the key {key}, or its older name {older}, stands twice (first on line {line})",
                    key=key,
                    older=older,
                    line=first,
                )
            self.refuse(place, message, msg("keep one of the two"))
        inside.key = key
        self.keys[(*inside.path, key)] = place

    def _add(self, value: Value, place: SourcePosition) -> Path:
        path: Path = ()
        if not self._open:
            self.root = value
        else:
            inside = self._open[-1]
            if isinstance(inside.value, list):
                path = (*inside.path, len(inside.value))
                inside.value.append(value)
            elif inside.key is None:
                message = msg("a key must be plain text")
                self.refuse(place, message, msg("write it as `key: value`"))
            else:
                path = (*inside.path, inside.key)
                inside.value[inside.key] = value
                inside.key = None
        # Nothing has no place of its own: the scanner finds it only at the next word.
        self.values[path] = place if value is not None else self.keys.get(path, place)
        return path


@dataclass(slots=True)
class _Collection:
    """A list or a mapping being filled; `key` waits for its value."""

    path: Path
    value: list[Value] | dict[str, Value]
    key: str | None = None


def _is_forbidden(character: str) -> bool:
    """Control characters (but tab and newlines) and lone surrogates: no database stores them."""
    return (character < " " and character not in "\t\r\n") or "\ud800" <= character <= "\udfff"


def _place(mark: Any) -> SourcePosition:
    return SourcePosition(int(mark.line) + 1, int(mark.column) + 1)


_MENDS = (
    ("mapping values are not allowed", msg('a text that holds ": " needs double quotes around it')),
    (r"'\t' that cannot start", msg("indent with spaces, never with tabs")),
    ("\t", msg("indent with spaces, never with tabs")),
    (
        "that cannot start any token",
        msg("a text that begins with this character needs double quotes"),
    ),
    (
        "unknown escape character",
        msg(r"in double quotes write \\ for a backslash and \" for a quote"),
    ),
    ("unexpected end of stream", msg("close the quotes that were opened here")),
    ("unexpected document separator", msg("close the quotes that were opened before this line")),
    ("but got '<stream end>'", msg("close the bracket that was opened here")),
    ("could not find expected ':'", msg("write `key: value`, and indent the lines of a long text")),
    (
        "expected <block end>",
        msg("line this up with its neighbours, or close the quotes before it"),
    ),
    ("expected ',' or", msg("put a comma between the entries, and double quotes around a text")),
    ("expected alphabetic or numeric", msg("a text that begins with * or & needs double quotes")),
)


def _mend(message: str) -> Message:
    """The likely mend for a message of the YAML scanner."""
    for part, fix in _MENDS:
        if part in message:
            return fix
    return msg("look at the indentation and the quotes at this place")
