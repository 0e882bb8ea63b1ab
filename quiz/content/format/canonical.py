"""Questions and documents as JSON, and the digests that identify their revisions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from pydantic import TypeAdapter

from ...domain.question_set import Draft, Question, QuestionSet, SourceDocument

_QUESTION = TypeAdapter(Question)
_DRAFT = TypeAdapter(Draft)
_SET = TypeAdapter(QuestionSet)
_DOCUMENT = TypeAdapter(SourceDocument)

_FIRST_NAMES = {"contrast": "pair", "provenance": "chain", "date_note": "dating"}
"""What these are called in JSON, as at first: digests and stored bodies keep it."""
_OPTIONAL = {
    field.name: field.default
    for field in fields(Question)
    if field.default is not MISSING and field.name != "contrast"  # told always, as at first
}
"""The other parts that a question may lack: one that is not used does not change its digest."""


def digest(question: Question, documents: Mapping[str, SourceDocument]) -> str:
    """The identity of a question's revision: SHA-256, 64 hexadecimal digits.

    It covers the question, the documents it quotes and those it names as its files, whole: whoever
    answers a revision has seen exactly these words. `documents` maps slugs to documents and must
    hold all of them (KeyError otherwise); others do not count.
    """
    return _sha256(
        {
            "question": question_to_dict(question),
            "documents": {slug: document_digest(documents[slug]) for slug in read_by(question)},
        }
    )


def read_by(question: Question) -> set[str]:
    """The slugs of the documents that a question quotes, and of those it names as its files."""
    return {*(evidence.document for evidence in question.evidence), *question.files}


def document_digest(document: SourceDocument) -> str:
    """The identity of a document's version, text and description: 64 hexadecimal digits."""
    return _sha256(document_to_dict(document))


def canonical_json(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _sha256(value: Any) -> str:
    return hashlib.sha256(canonical_json(value).encode("ascii")).hexdigest()


def question_to_dict(question: Question) -> dict[str, Any]:
    """The question as plain JSON values; `question_from_dict` gives an equal question back."""
    return _told(question, _QUESTION.dump_python(question, mode="json"))


def question_from_dict(data: Mapping[str, Any]) -> Question:
    """The question that `question_to_dict` wrote. Raises ValueError on other data."""
    return _QUESTION.validate_python(_read(data))


def draft_to_dict(draft: Draft) -> dict[str, Any]:
    """The draft as plain JSON values, shaped like a question's; `draft_from_dict` reads it."""
    return _told(draft, _DRAFT.dump_python(draft, mode="json"))


def draft_from_dict(data: Mapping[str, Any]) -> Draft:
    """The draft that `draft_to_dict` wrote. Raises ValueError on other data."""
    return _DRAFT.validate_python(_read(data))


def set_to_dict(question_set: QuestionSet) -> dict[str, Any]:
    """The set as plain JSON values; `set_from_dict` gives an equal set back."""
    questions = [question_to_dict(question) for question in question_set.questions]
    return {**_SET.dump_python(question_set, mode="json"), "questions": questions}


def set_from_dict(data: Mapping[str, Any]) -> QuestionSet:
    """The set that `set_to_dict` wrote. Raises KeyError or ValueError on other data."""
    questions = [question_from_dict(question) for question in data["questions"]]
    return _SET.validate_python({**data, "questions": questions})


def document_to_dict(document: SourceDocument) -> dict[str, Any]:
    """The document as plain JSON values; `document_from_dict` gives an equal document back."""
    data: dict[str, Any] = _DOCUMENT.dump_python(document, mode="json")
    if not document.is_constructed:  # so the first digests have it
        del data["is_constructed"]
    # A region's span stands in it, not under a key of its own: so the first digests have it.
    return {
        **_renamed(data),
        "regions": [{**region.pop("span"), **region} for region in data["regions"]],
    }


def document_from_dict(data: Mapping[str, Any]) -> SourceDocument:
    """The document that `document_to_dict` wrote. Raises KeyError or ValueError on other data."""
    regions = [{**region, "span": region} for region in data["regions"]]
    return _DOCUMENT.validate_python({**_read(data), "regions": regions})


def _told(question: Draft, data: dict[str, Any]) -> dict[str, Any]:
    """The JSON as digests have it: without what is not used."""
    unused = {name for name, value in _OPTIONAL.items() if getattr(question, name) == value}
    return _renamed({name: value for name, value in data.items() if name not in unused})


def _renamed(data: Mapping[str, Any]) -> dict[str, Any]:
    return {_FIRST_NAMES.get(name, name): value for name, value in data.items()}


def _read(data: Mapping[str, Any]) -> dict[str, Any]:
    now = {first: name for name, first in _FIRST_NAMES.items()}
    return {now.get(name, name): value for name, value in data.items()}
