"""Questions and documents as JSON, and the digests that identify their revisions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ...domain.draft import Draft, DraftEvidence
from ...domain.question_set import (
    LANGUAGES,
    Disclosure,
    Evidence,
    Question,
    QuestionSet,
    Region,
    RegionKind,
    SourceDocument,
    Text,
)
from ...domain.quote import Quote, Span
from ...domain.verdict import Rule, Stance, Verdict


def digest(question: Question, documents: Mapping[str, SourceDocument]) -> str:
    """The identity of a question's revision: SHA-256, 64 hexadecimal digits.

    It covers the question and the documents it quotes, whole: whoever answers a revision has seen
    exactly these words. `documents` maps slugs to documents and must hold all quoted ones
    (KeyError otherwise); others do not count.
    """
    quoted = {evidence.document for evidence in question.evidence}
    return _sha256(
        {
            "question": question_to_dict(question),
            "documents": {slug: document_digest(documents[slug]) for slug in quoted},
        }
    )


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
    return {
        "id": question.id,
        "claim": dict(question.claim),
        "verdict": question.verdict.value,
        "rule": question.rule.value,
        "as_of": question.as_of,
        "difficulty": question.difficulty,
        "skills": list(question.skills),
        "evidence": [_evidence_to_dict(evidence) for evidence in question.evidence],
        "explanation": dict(question.explanation),
        "pair": question.pair,
    }


def question_from_dict(data: Mapping[str, Any]) -> Question:
    """The question that `question_to_dict` wrote. Raises KeyError or ValueError on other data."""
    return Question(
        id=data["id"],
        claim=dict(data["claim"]),
        verdict=Verdict(data["verdict"]),
        rule=Rule(data["rule"]),
        as_of=data["as_of"],
        difficulty=data["difficulty"],
        skills=tuple(data["skills"]),
        evidence=tuple(_evidence_from_dict(evidence) for evidence in data["evidence"]),
        explanation=dict(data["explanation"]),
        pair=data["pair"],
    )


def set_to_dict(question_set: QuestionSet) -> dict[str, Any]:
    """The set as plain JSON values; `set_from_dict` gives an equal set back."""
    languages = getattr(question_set, "languages", LANGUAGES)
    return {
        "slug": question_set.slug,
        "title": dict(question_set.title),
        "summary": dict(question_set.summary),
        "documents": list(question_set.documents),
        "questions": [question_to_dict(question) for question in question_set.questions],
        "is_examples": question_set.is_examples,
        **({} if set(languages) == set(LANGUAGES) else {"languages": list(languages)}),
    }


def set_from_dict(data: Mapping[str, Any]) -> QuestionSet:
    """The set that `set_to_dict` wrote. Raises KeyError or ValueError on other data."""
    return QuestionSet(
        slug=data["slug"],
        title=dict(data["title"]),
        summary=dict(data["summary"]),
        documents=tuple(data["documents"]),
        questions=tuple(question_from_dict(question) for question in data["questions"]),
        is_examples=data["is_examples"],
        **({"languages": tuple(data["languages"])} if "languages" in data else {}),
    )


def draft_to_dict(draft: Draft) -> dict[str, Any]:
    """The draft as plain JSON values, shaped like a question's; `draft_from_dict` reads it."""
    return {
        "id": draft.id,
        "claim": dict(draft.claim),
        "verdict": draft.verdict and draft.verdict.value,
        "rule": draft.rule and draft.rule.value,
        "as_of": draft.as_of,
        "difficulty": draft.difficulty,
        "skills": list(draft.skills),
        "evidence": [
            {
                "document": evidence.document,
                "quote": _quote_to_dict(evidence.quote),
                "stance": evidence.stance and evidence.stance.value,
                "translation": dict(evidence.translation),
            }
            for evidence in draft.evidence
        ],
        "explanation": dict(draft.explanation),
        "pair": draft.pair,
    }


def draft_from_dict(data: Mapping[str, Any]) -> Draft:
    """The draft that `draft_to_dict` wrote. Raises KeyError or ValueError on other data."""
    return Draft(
        id=data["id"],
        claim=dict(data["claim"]),
        verdict=Verdict(data["verdict"]) if data["verdict"] else None,
        rule=Rule(data["rule"]) if data["rule"] else None,
        as_of=data["as_of"],
        difficulty=data["difficulty"],
        skills=tuple(data["skills"]),
        evidence=tuple(
            DraftEvidence(
                document=evidence["document"],
                quote=_quote_from_dict(evidence["quote"]),
                stance=Stance(evidence["stance"]) if evidence["stance"] else None,
                translation=dict(evidence["translation"]),
            )
            for evidence in data["evidence"]
        ),
        explanation=dict(data["explanation"]),
        pair=data["pair"],
    )


def document_to_dict(document: SourceDocument) -> dict[str, Any]:
    """The document as plain JSON values; `document_from_dict` gives an equal document back."""
    return {
        "slug": document.slug,
        "text": document.text,
        "title": dict(document.title),
        "kind": dict(document.kind),
        "chain": dict(document.chain),
        "dating": dict(document.dating),
        "language": document.language,
        "regions": [
            {
                "kind": region.kind.value,
                "start": region.span.start,
                "end": region.span.end,
                "note": _note(region.note),
            }
            for region in document.regions
        ],
        "headline": document.headline,
        "publisher": document.publisher,
        "author": document.author,
        "published": document.published,
        "disclosures": [
            {"quote": _quote_to_dict(disclosure.quote), "note": dict(disclosure.note)}
            for disclosure in document.disclosures
        ],
    }


def document_from_dict(data: Mapping[str, Any]) -> SourceDocument:
    """The document that `document_to_dict` wrote. Raises KeyError or ValueError on other data."""
    return SourceDocument(
        slug=data["slug"],
        text=data["text"],
        title=dict(data["title"]),
        kind=dict(data["kind"]),
        chain=dict(data["chain"]),
        dating=dict(data["dating"]),
        language=data["language"],
        regions=tuple(
            Region(
                RegionKind(region["kind"]),
                Span(region["start"], region["end"]),
                _note(region["note"]),
            )
            for region in data["regions"]
        ),
        headline=data["headline"],
        publisher=data["publisher"],
        author=data["author"],
        published=data["published"],
        disclosures=tuple(
            Disclosure(_quote_from_dict(disclosure["quote"]), dict(disclosure["note"]))
            for disclosure in data["disclosures"]
        ),
    )


def _evidence_to_dict(evidence: Evidence) -> dict[str, Any]:
    return {
        "document": evidence.document,
        "quote": _quote_to_dict(evidence.quote),
        "stance": evidence.stance.value,
        "translation": dict(evidence.translation),
    }


def _evidence_from_dict(data: Mapping[str, Any]) -> Evidence:
    return Evidence(
        document=data["document"],
        quote=_quote_from_dict(data["quote"]),
        stance=Stance(data["stance"]),
        translation=dict(data["translation"]),
    )


def _quote_to_dict(quote: Quote) -> dict[str, str]:
    return {"exact": quote.exact, "prefix": quote.prefix, "suffix": quote.suffix}


def _quote_from_dict(data: Mapping[str, str]) -> Quote:
    return Quote(data["exact"], data["prefix"], data["suffix"])


def _note(note: Text | None) -> dict[str, str] | None:
    return None if note is None else dict(note)
