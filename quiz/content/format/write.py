"""Question sets and documents as YAML files: the same bytes on every machine, for good.

What is written can be read by people, by `yaml_source` (which takes every scalar for a string) and
by other YAML tools: whatever they might take for something else than text is in double quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from ...domain.fields import FIELDS, Field, FieldKind
from ...domain.question_set import (
    LANGUAGES,
    Disclosure,
    Evidence,
    Question,
    QuestionSet,
    Region,
    SourceDocument,
    Text,
)
from ...domain.quote import Quote
from .yaml_source import MAX_BYTES, MAX_VALUES

FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""A character that no question file may hold."""

_Node: TypeAlias = "str | list[_Node] | dict[str, _Node]"
"""A scalar as it is written, or a list or mapping of nodes."""

_LEAST = 20  # characters that a region's beginning has, so that people can find it
_LONGEST_WORD = 40  # a longer one may be cut

# Explicit ranges, not Unicode's categories: these change with the version of Python.
_PLAIN = re.compile(
    r"(?=[A-Za-zÀ-ɏ«“(]*[A-Za-zÀ-ɏ])[A-Za-zÀ-ɏ«“(]"
    r"(?:[A-Za-z0-9À-ɏ«»“”‘’'\"(),.;!?%&/+=€°–—…\xa0\u202f_-]|:(?! |$)| (?![ #]))*(?<![ :])"
)
_CODE = re.compile(r"[a-z][a-z0-9_-]*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?")
_WORDS_ELSEWHERE = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_ESCAPED = re.compile(
    r'["\\\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u2000-\u200f\u2028-\u202e\u205f-\u206f'
    r"\u3000\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000e0000-\U0010ffff]"
)
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def set_yaml(question_set: QuestionSet) -> bytes:
    """The file of a set. The loader reads an equal set from it; `order` is not the set's to know.

    Raises ValueError when a text holds a control character or a lone surrogate, which no question
    file may hold, or when the file would be larger than the loader reads.
    """
    head: dict[str, _Node] = {
        "format": "1",
        "title": _text(question_set.title),
        "summary": _text(question_set.summary),
    }
    if set(question_set.languages) != set(LANGUAGES):
        head["languages"] = _flow(question_set.languages)
    if question_set.is_examples:
        head["examples"] = "true"
    head["documents"] = _flow(question_set.documents)
    questions: list[_Node] = [_question(question) for question in question_set.questions]
    return _file({**head, "questions": questions})


def document_yaml(document: SourceDocument) -> bytes:
    """The file that describes a document; its text is a file of its own.

    Raises ValueError as `set_yaml` does, and when a region cannot be said by the text it begins
    with: regions that do not cover the text one after the other, two that start at the same
    place, one that begins with a control character, or one from whose start on the text is no
    different from a stretch that stands earlier, after the start of the region before it.
    """
    return _file(
        {
            "format": "1",
            "title": _text(document.title),
            "headline": _maybe(document.headline, quoted=True),
            "language": _scalar(document.language),
            "publisher": _maybe(document.publisher),
            "author": _maybe(document.author),
            "published": "null" if document.published is None else _day(document.published),
            **({"constructed": "true"} if document.is_constructed else {}),
            "kind": _text(document.kind),
            "provenance": _text(document.provenance),
            "date_note": _text(document.date_note),
            "disclosures": [_disclosure(disclosure) for disclosure in document.disclosures],
            "regions": list(_regions(document)),
        }
    )


def _question(question: Question) -> _Node:
    node: dict[str, _Node] = {
        field.name: _part(field, getattr(question, field.name))
        for field in FIELDS
        if field.is_required or getattr(question, field.name)
    }
    explanation = node.pop("explanation")  # it goes by the evidence, and stands after it
    evidence: list[_Node] = [_evidence(evidence) for evidence in question.evidence]
    return {"id": _scalar(question.id), **node, "evidence": evidence, "explanation": explanation}


def _part(field: Field, value: Any) -> _Node:
    match field.kind:
        case FieldKind.TEXT:
            return _text(value)
        case FieldKind.LIST:
            return _flow(value)
        case FieldKind.DAY:
            return _day(value)
        case FieldKind.NAME:
            return _scalar(value)
    return str(value)


def _evidence(evidence: Evidence) -> _Node:
    node = {
        "document": _scalar(evidence.document),
        **_quote(evidence.quote),
        "stance": evidence.stance.value,
    }
    if evidence.translation:
        node["translation"] = _text(evidence.translation)
    return node


def _disclosure(disclosure: Disclosure) -> _Node:
    return {**_quote(disclosure.quote), "note": _text(disclosure.note)}


def _quote(quote: Quote) -> dict[str, _Node]:
    node: dict[str, _Node] = {"quote": _double_quoted(quote.exact)}
    if quote.prefix:
        node["prefix"] = _double_quoted(quote.prefix)
    if quote.suffix:
        node["suffix"] = _double_quoted(quote.suffix)
    return node


def _regions(document: SourceDocument) -> Iterator[_Node]:
    at = last = 0
    for number, region in enumerate(document.regions, start=1):
        if region.span.start != at or region.span.end <= at:
            raise ValueError(f"region {number} does not begin where the one before it ends")
        begins = _begins(document.text, at, last)
        if begins is None:
            raise ValueError(f"region {number} cannot be told by the words it begins with")
        yield _region(region, begins)
        last, at = at, region.span.end
    if at != len(document.text):
        raise ValueError("the regions do not cover the whole text")


def _region(region: Region, begins: str) -> _Node:
    node: dict[str, _Node] = {"kind": region.kind.value, "begins": _double_quoted(begins)}
    if region.note is not None:
        node["note"] = _text(region.note)
    return node


def _begins(text: str, start: int, last: int) -> str | None:
    """The shortest beginning of text[start:] in whole words that stands there first after `last`.

    At least _LEAST characters if there are as many; None when no length will do.
    """
    forbidden = FORBIDDEN.search(text, start)
    end_of_all = forbidden.start() if forbidden else len(text)
    length = _LEAST
    while True:
        end = min(_end_of_word(text, start + length), end_of_all)
        found = text.find(text[start:end], last)
        if start == end or (found < start and end == end_of_all):
            return None
        if found == start:
            return text[start:end]
        last = found + 1
        length = _alike(text, found, start, end_of_all) + 1


def _end_of_word(text: str, at: int) -> int:
    """The end of the word that character number `at` - 1 is in, or else of the next one."""
    pattern = r"\S{0,%d}" if text[at - 1 : at].strip() else r"\s*\S{0,%d}"
    word = re.compile(pattern % _LONGEST_WORD).match(text, at)
    return word.end() if word else len(text)


def _alike(text: str, one: int, other: int, end: int) -> int:
    """How many characters from `one` and from `other` on are the same; `other` stands later."""
    step = 1
    while other + step <= end and text[one : one + step] == text[other : other + step]:
        step *= 2
    low, high = step // 2, min(step, end - other)  # the first `low` are the same, for sure
    while low < high:
        middle = (low + high + 1) // 2
        if text[one : one + middle] == text[other : other + middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _text(text: Text) -> _Node:
    return {language: _scalar(text[language]) for language in LANGUAGES if language in text}


def _maybe(text: str | None, *, quoted: bool = False) -> str:
    if text is None:
        return "null"
    return _double_quoted(text) if quoted else _scalar(text)


def _flow(texts: tuple[str, ...]) -> str:
    """Slugs or codes as a list on one line."""
    return f"[{', '.join(_code(text) for text in texts)}]"


def _code(text: str) -> str:
    """A slug or a code; there may be no comma in it when it is plain."""
    return _scalar(text) if _CODE.fullmatch(text) else _double_quoted(text)


def _day(text: str) -> str:
    return text if _DAY.fullmatch(text) else _double_quoted(text)


def _scalar(text: str) -> str:
    """A text plain where nothing in it could be taken for anything else, else in double quotes."""
    is_plain = _PLAIN.fullmatch(text) and text.casefold() not in _WORDS_ELSEWHERE
    return text if is_plain else _double_quoted(text)


def _double_quoted(text: str) -> str:
    if bad := FORBIDDEN.search(text):
        raise ValueError(f"a text holds the character U+{ord(bad[0]):04X}")
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _file(node: Mapping[str, _Node]) -> bytes:
    if _count(node) > MAX_VALUES:
        raise ValueError(f"the file would hold more than {MAX_VALUES} values")
    data = ("\n".join(_lines(node)) + "\n").encode()
    if len(data) > MAX_BYTES:
        raise ValueError(f"the file would be over {MAX_BYTES // 1000} kB")
    return data


def _count(node: _Node | Mapping[str, _Node]) -> int:
    """The values of a node, as the reader counts them, or a few more."""
    if isinstance(node, str):
        return 1 + node.count(",") if node.startswith("[") else 1
    inner = node.values() if isinstance(node, Mapping) else node
    return 1 + sum(_count(value) for value in inner)


def _lines(node: Mapping[str, _Node], indent: str = "") -> Iterator[str]:
    """A mapping in block style; an empty line stands between the questions of a set."""
    for key, value in node.items():
        if isinstance(value, str):
            yield f"{indent}{key}: {value}"
        elif not value:
            yield f"{indent}{key}: {'[]' if isinstance(value, list) else '{}'}"
        elif isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from _lines(value, indent + "  ")
        else:
            yield f"{indent}{key}:"
            for number, item in enumerate(value):
                assert isinstance(item, dict)
                if number and key == "questions":
                    yield ""
                first, *rest = _lines(item, indent + "    ")
                yield f"{indent}  - {first.strip()}"
                yield from rest
