"""Questions as they are being written: any part may still be missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from .fields import FIELDS, Field
from .question_set import LANGUAGES, Draft, DraftEvidence, Evidence, Question, Text

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class DraftSet:
    """A set being written, with its questions in order.

    `languages` are those it is meant to be played in; a text in another one is never asked for.
    """

    slug: str
    title: Text
    summary: Text
    documents: tuple[str, ...]
    questions: tuple[Draft, ...]
    languages: tuple[str, ...] = LANGUAGES


def missing(draft: Draft, languages: tuple[str, ...] = LANGUAGES) -> Iterator[Path]:
    """The fields that a question still lacks, in the order of the form."""
    claim, *others = (field for field in FIELDS if field.is_required)
    yield from _missing_in(draft, claim, languages)
    if not draft.evidence:
        yield ("evidence",)
    for i, evidence in enumerate(draft.evidence):
        if not evidence.document:
            yield ("evidence", i, "document")
        if not evidence.quote.exact:
            yield ("evidence", i, "quote")
        if evidence.stance is None:
            yield ("evidence", i, "stance")
    for field in others:
        yield from _missing_in(draft, field, languages)


def finished(draft: Draft, languages: tuple[str, ...] = LANGUAGES) -> Question | None:
    """The question, or None while something is missing."""
    if any(True for _ in missing(draft, languages)):
        return None
    return as_question(draft)


def as_question(draft: Draft) -> Question:
    """The draft as a question. Its verdict, rule, difficulty and stances must be there."""
    evidence = tuple(Evidence(**_values(quote)) for quote in draft.evidence)
    return Question(**{**_values(draft), "evidence": evidence})


def draft_of(question: Draft) -> Draft:
    """A finished question as a draft; `finished` gives an equal question back."""
    evidence = tuple(DraftEvidence(**_values(quote)) for quote in question.evidence)
    return Draft(**{**_values(question), "evidence": evidence})


def _values(part: Draft | DraftEvidence) -> dict[str, Any]:
    return {field.name: getattr(part, field.name) for field in fields(part)}


def _missing_in(draft: Draft, field: Field, languages: tuple[str, ...]) -> Iterator[Path]:
    value = getattr(draft, field.name)
    if field.is_text:
        yield from ((field.name, language) for language in languages if not value.get(language))
    elif not value:
        yield (field.name,)
