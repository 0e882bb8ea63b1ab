"""Questions and documents survive the way through JSON, and digests name exactly what was seen."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.content.format.canonical import (
    canonical_json,
    digest,
    document_digest,
    document_from_dict,
    document_to_dict,
    draft_to_dict,
    question_from_dict,
    question_to_dict,
    read_by,
)
from quiz.domain.draft import draft_of
from quiz.domain.question_set import (
    Disclosure,
    Evidence,
    Question,
    Region,
    RegionKind,
    SourceDocument,
)
from quiz.domain.quote import Quote, Span
from quiz.domain.verdict import Rule, Stance, Verdict

texts = st.fixed_dictionaries({}, optional={"fr": st.text(), "en": st.text()})
maybe = st.none() | st.text()
spans = st.builds(Span, st.integers(0, 99), st.integers(0, 99))
quotes = st.builds(Quote, st.text(), st.text(), st.text())
evidence = st.builds(Evidence, st.text(), quotes, st.sampled_from(Stance), texts)
questions = st.builds(
    Question,
    id=st.text(),
    claim=texts,
    verdict=st.sampled_from(Verdict),
    rule=st.sampled_from(Rule),
    as_of=st.text(),
    difficulty=st.integers(1, 3),
    skills=st.lists(st.text(), max_size=3).map(tuple),
    evidence=st.lists(evidence, max_size=3).map(tuple),
    explanation=texts,
    files=st.lists(st.text(), max_size=2).map(tuple),
    contrast=maybe,
)
regions = st.builds(Region, st.sampled_from(RegionKind), spans, st.none() | texts)
documents = st.builds(
    SourceDocument,
    slug=st.text(),
    text=st.text(),
    title=texts,
    kind=texts,
    provenance=texts,
    date_note=texts,
    language=st.text(),
    regions=st.lists(regions, max_size=3).map(tuple),
    headline=maybe,
    publisher=maybe,
    author=maybe,
    published=maybe,
    disclosures=st.lists(st.builds(Disclosure, quotes, texts), max_size=2).map(tuple),
    is_constructed=st.booleans(),
)

DOCUMENT = SourceDocument(
    slug="bridge",
    text="Le pont.\r\n",
    title={"fr": "Pont", "en": "Bridge"},
    kind={},
    provenance={},
    date_note={},
    language="fr",
    regions=(Region(RegionKind.ARTICLE, Span(0, 10)),),
)
QUESTION = Question(
    id="bridge",
    claim={"fr": "Un pont.", "en": "A bridge."},
    verdict=Verdict.TRUE,
    rule=Rule.T1,
    as_of="2025-05-04",
    difficulty=1,
    skills=("close_reading",),
    evidence=(Evidence("bridge", Quote("Le pont"), Stance.SUPPORTS, {"en": "The bridge"}),),
    explanation={"fr": "Oui.", "en": "Yes."},
)
FILES = {"bridge": DOCUMENT}


@given(questions)
def test_a_question_survives_the_way_through_json(question: Question) -> None:
    assert question_from_dict(json.loads(json.dumps(question_to_dict(question)))) == question


@given(documents)
def test_a_document_survives_the_way_through_json(document: SourceDocument) -> None:
    assert document_from_dict(json.loads(json.dumps(document_to_dict(document)))) == document


@given(questions, documents)
def test_a_digest_does_not_change_on_the_way_through_json(
    question: Question, document: SourceDocument
) -> None:
    files = dict.fromkeys(read_by(question), document)
    again = question_from_dict(json.loads(canonical_json(question_to_dict(question))))
    key = digest(question, files)
    assert key == digest(again, files)
    assert len(key) == 64
    assert set(key) <= set("0123456789abcdef")


@given(questions, questions)
def test_different_questions_have_different_digests(one: Question, other: Question) -> None:
    files = dict.fromkeys(read_by(one) | read_by(other), DOCUMENT)
    assert (digest(one, files) == digest(other, files)) == (one == other)


@pytest.mark.parametrize(
    "change",
    [
        {"id": "other"},
        {"claim": {"fr": "Un pont.", "en": "A bridge!"}},
        {"verdict": Verdict.FALSE},
        {"rule": Rule.T2},
        {"as_of": "2025-05-05"},
        {"difficulty": 2},
        {"skills": ()},
        {"evidence": ()},
        {"explanation": {"fr": "Oui.", "en": "Yes"}},
        {"files": ("bridge",)},
        {"contrast": "bridge"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_of_a_question_counts(change: dict[str, Any]) -> None:
    assert digest(replace(QUESTION, **change), FILES) != digest(QUESTION, FILES)


def test_a_question_on_all_files_is_told_as_before_there_were_others() -> None:
    assert "files" not in question_to_dict(QUESTION)
    assert "files" not in draft_to_dict(draft_of(QUESTION))
    assert question_to_dict(replace(QUESTION, files=("bridge",)))["files"] == ["bridge"]


def test_the_order_of_languages_does_not_count() -> None:
    turned = replace(QUESTION, claim=dict(reversed(QUESTION.claim.items())))
    assert digest(turned, FILES) == digest(QUESTION, FILES)


def test_a_change_of_the_quoted_document_counts() -> None:
    changed = {"bridge": replace(DOCUMENT, text="Le pont.\n")}
    assert digest(QUESTION, changed) != digest(QUESTION, FILES)


def test_documents_that_are_not_quoted_do_not_count() -> None:
    more = {**FILES, "other": replace(DOCUMENT, slug="other")}
    assert digest(QUESTION, more) == digest(QUESTION, FILES)


def test_a_change_of_a_document_it_is_judged_on_counts() -> None:
    judged = replace(QUESTION, files=("bridge", "other"))
    other = replace(DOCUMENT, slug="other")
    changed = replace(other, text="Le pont.\n")
    assert digest(judged, FILES | {"other": other}) != digest(judged, FILES | {"other": changed})


def test_a_quoted_document_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        digest(QUESTION, {})


def test_twin_spellings_of_a_letter_are_different_texts() -> None:
    composed = replace(DOCUMENT, text="é")
    decomposed = replace(DOCUMENT, text="e\u0301")
    assert document_digest(composed) != document_digest(decomposed)
    assert len({document_digest(d) for d in (composed, replace(composed, slug="other"))}) == 2


def test_digests_are_the_same_in_every_process_and_release() -> None:
    """Stored revisions are found again by their digest: a change here needs a migration."""
    assert document_digest(DOCUMENT) == (
        "05ce3856b4f97464a785365f1036ca0a18c93d9ea87609a9279a86fc4ed9d3e7"
    )
    assert digest(QUESTION, FILES) == (
        "b052b471af88379b56e12b45ac88a6884be066869c38e3643c54867e6ce083d6"
    )
