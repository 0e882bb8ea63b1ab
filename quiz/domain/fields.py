"""The fields of a question, taken from its class, and their values as a form has them.

What autosave sends, compares and merges are strings. Their names: "claim.fr", "claim.en",
"verdict", …, a field of several codes as one string with a space between, and per quote
"evidence.<key>.stance" and "evidence.<key>.translation.<language>". A quote's key depends on what
is quoted only, so that two people who add and delete quotes at the same time still speak of the
same one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, replace
from enum import StrEnum, auto
from typing import Any, TypeVar, get_type_hints

from .question_set import LANGUAGES, Draft, DraftEvidence, Question, Text
from .verdict import Stance

LEVELS = ("1", "2", "3")

Code = TypeVar("Code", bound=StrEnum)


class FieldKind(StrEnum):
    """What a field of a question holds."""

    TEXT = auto()
    """A text in several languages."""
    CODE = auto()
    """One of the codes of an enumeration."""
    LEVEL = auto()
    """A number from 1 to 3."""
    DAY = auto()
    """An ISO date, "" for none."""
    NAME = auto()
    """A short name, or None."""
    LIST = auto()
    """Several codes or short names."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of questions; `codes` are those of a CODE. Without the required ones none is done."""

    name: str
    kind: FieldKind
    is_required: bool
    codes: type[StrEnum] | None = None

    @property
    def is_text(self) -> bool:
        """Whether it holds a text in several languages."""
        return self.kind is FieldKind.TEXT


def _kind(hint: Any) -> FieldKind | None:
    """The kind of a field of this type; None for what is more than a field (id, evidence)."""
    kinds = {
        Text: FieldKind.TEXT,
        int: FieldKind.LEVEL,
        str: FieldKind.DAY,
        str | None: FieldKind.NAME,
    }
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return FieldKind.CODE
    return kinds.get(hint, FieldKind.LIST if hint == tuple[str, ...] else None)


def _fields() -> tuple[Field, ...]:
    hints = get_type_hints(Question)
    found = []
    for part in fields(Question):
        hint, kind = hints[part.name], _kind(hints[part.name])
        if kind is not None and part.name != "id":
            required = part.default is MISSING and part.default_factory is MISSING
            found.append(Field(part.name, kind, required, hint if kind is FieldKind.CODE else None))
    return tuple(found)


FIELDS = _fields()
"""The one list of a question's fields: drafts, forms, tables and differences go by it.

Its id and its evidence are not among them.
"""
LISTS = frozenset(field.name for field in FIELDS if field.kind is FieldKind.LIST)


class BadField(ValueError):
    """A field holds what no form offers; the argument is its name."""


def evidence_key(evidence: DraftEvidence) -> str:
    """What tells a quote from the others of its question: 12 hexadecimal digits."""
    quote = evidence.quote
    words = "\0".join((evidence.document, quote.prefix, quote.exact, quote.suffix))
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def fields_of(draft: Draft) -> dict[str, str]:
    """Every field of a question with its value; "" where nothing is written yet."""
    values: dict[str, str] = {}
    for field in FIELDS:
        value = getattr(draft, field.name)
        if field.is_text:
            values |= {f"{field.name}.{code}": value.get(code, "") for code in LANGUAGES}
        else:
            values[field.name] = (
                " ".join(value) if field.kind is FieldKind.LIST else str(value or "")
            )
    for evidence in draft.evidence:
        name = f"evidence.{evidence_key(evidence)}"
        values[f"{name}.stance"] = evidence.stance or ""
        for language in LANGUAGES:
            values[f"{name}.translation.{language}"] = evidence.translation.get(language, "")
    return values


def with_fields(draft: Draft, changes: Mapping[str, str]) -> Draft:
    """The question with these fields changed; fields of quotes it does not have are left out.

    Raises BadField on a verdict, rule, stance or difficulty that there is not.
    """
    values = fields_of(draft) | dict(changes)
    parts: dict[str, Any] = {field.name: _value(field, values) for field in FIELDS}
    evidence = tuple(_evidence(quote, values) for quote in draft.evidence)
    return replace(draft, **parts, evidence=evidence)


def _value(field: Field, values: Mapping[str, str]) -> Any:
    if field.is_text:
        return _text(values, field.name)
    value = values[field.name]
    match field.kind:
        case FieldKind.CODE:
            assert field.codes
            return _code(field.codes, field.name, value)
        case FieldKind.LEVEL:
            if value and value not in LEVELS:
                raise BadField(field.name)
            return int(value) if value else None
        case FieldKind.LIST:
            return tuple(dict.fromkeys(value.split()))
        case FieldKind.NAME:
            return value.strip() or None
    return value.strip()


def _evidence(evidence: DraftEvidence, values: Mapping[str, str]) -> DraftEvidence:
    name = f"evidence.{evidence_key(evidence)}"
    return replace(
        evidence,
        stance=_code(Stance, f"{name}.stance", values[f"{name}.stance"]),
        translation=_text(values, f"{name}.translation"),
    )


def _text(values: Mapping[str, str], name: str) -> Text:
    """The languages written; line ends as everywhere in the game, blanks around them dropped."""
    written = {
        language: values[f"{name}.{language}"].replace("\r\n", "\n").strip()
        for language in LANGUAGES
    }
    return {language: text for language, text in written.items() if text}


def _code(codes: type[Code], name: str, value: str) -> Code | None:
    try:
        return codes(value) if value else None
    except ValueError:
        raise BadField(name) from None
