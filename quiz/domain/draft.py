"""Questions as they are being written: any part may still be missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .question_set import LANGUAGES, Evidence, Question, Text
from .quote import Quote
from .verdict import Rule, Stance, Verdict

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class DraftEvidence:
    """A quote being gathered; None where nothing is chosen yet."""

    document: str
    quote: Quote
    stance: Stance | None = None
    translation: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A question being written. Texts hold the languages written so far, none of them empty."""

    id: str
    claim: Text = field(default_factory=dict)
    verdict: Verdict | None = None
    rule: Rule | None = None
    as_of: str = ""
    difficulty: int | None = None
    skills: tuple[str, ...] = ()
    evidence: tuple[DraftEvidence, ...] = ()
    explanation: Text = field(default_factory=dict)
    pair: str | None = None


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
    yield from _missing_text("claim", draft.claim, languages)
    if not draft.evidence:
        yield ("evidence",)
    for i, evidence in enumerate(draft.evidence):
        if not evidence.document:
            yield ("evidence", i, "document")
        if not evidence.quote.exact:
            yield ("evidence", i, "quote")
        if evidence.stance is None:
            yield ("evidence", i, "stance")
    for name in ("verdict", "rule", "as_of", "difficulty", "skills"):
        if not getattr(draft, name):
            yield (name,)
    yield from _missing_text("explanation", draft.explanation, languages)


def finished(draft: Draft, languages: tuple[str, ...] = LANGUAGES) -> Question | None:
    """The question, or None while something is missing."""
    if any(True for _ in missing(draft, languages)):
        return None
    assert draft.verdict is not None
    assert draft.rule is not None
    assert draft.difficulty is not None
    return Question(
        id=draft.id,
        claim=draft.claim,
        verdict=draft.verdict,
        rule=draft.rule,
        as_of=draft.as_of,
        difficulty=draft.difficulty,
        skills=draft.skills,
        evidence=tuple(
            Evidence(e.document, e.quote, e.stance, e.translation)
            for e in draft.evidence
            if e.stance is not None
        ),
        explanation=draft.explanation,
        pair=draft.pair,
    )


def draft_of(question: Question) -> Draft:
    """A finished question as a draft; `finished` gives an equal question back."""
    return Draft(
        id=question.id,
        claim=question.claim,
        verdict=question.verdict,
        rule=question.rule,
        as_of=question.as_of,
        difficulty=question.difficulty,
        skills=question.skills,
        evidence=tuple(
            DraftEvidence(e.document, e.quote, e.stance, e.translation) for e in question.evidence
        ),
        explanation=question.explanation,
        pair=question.pair,
    )


def _missing_text(name: str, text: Mapping[str, str], languages: tuple[str, ...]) -> Iterator[Path]:
    yield from ((name, language) for language in languages if not text.get(language))
