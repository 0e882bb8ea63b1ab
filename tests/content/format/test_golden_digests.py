"""What is stored keeps its identity: digests of shipped files, bodies as older games wrote them.

`golden_digests.json` holds the digest of every shipped question and document. Whoever changes their
words changes these; whoever changes code does not. After a change of words:

    python -m tests.content.format.test_golden_digests

`golden_bodies.json` holds bodies as the database has had them, with the digests they got. It is
never written anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quiz.content.format.canonical import (
    canonical_json,
    digest,
    document_digest,
    document_from_dict,
    document_to_dict,
    draft_from_dict,
    draft_to_dict,
    question_from_dict,
    question_to_dict,
)
from quiz.content.format.library import Library
from quiz.content.loader import load
from quiz.domain.draft import draft_of

HERE = Path(__file__).parent
QUESTIONS = HERE.parents[2] / "questions"
DIGESTS = HERE / "golden_digests.json"
BODIES: dict[str, Any] = json.loads((HERE / "golden_bodies.json").read_text("utf-8"))


def digests_of(library: Library) -> dict[str, dict[str, str]]:
    """The digest of every question by "set/id", and of every document by slug."""
    return {
        "questions": {
            f"{slug}/{question.id}": digest(question, library.documents)
            for slug, question_set in library.all_sets.items()
            for question in question_set.questions
        },
        "documents": {slug: document_digest(d) for slug, d in library.documents.items()},
    }


def test_shipped_questions_and_documents_keep_their_digests() -> None:
    assert digests_of(load(QUESTIONS)) == json.loads(DIGESTS.read_text("utf-8"))


@pytest.mark.parametrize("stored", BODIES["questions"], ids=lambda stored: stored["body"]["id"])
def test_a_stored_question_is_read_and_keeps_its_digest(stored: dict[str, Any]) -> None:
    documents = {body["slug"]: document_from_dict(body) for body in BODIES["documents"].values()}
    question = question_from_dict(stored["body"])
    assert canonical_json(question_to_dict(question)) == canonical_json(stored["body"])
    assert digest(question, documents) == stored["digest"]
    assert draft_from_dict(stored["body"]) == draft_of(question)
    assert canonical_json(draft_to_dict(draft_of(question))) == canonical_json(stored["body"])


@pytest.mark.parametrize("key", BODIES["documents"])
def test_a_stored_document_is_read_and_keeps_its_digest(key: str) -> None:
    document = document_from_dict(BODIES["documents"][key])
    assert canonical_json(document_to_dict(document)) == canonical_json(BODIES["documents"][key])
    assert document_digest(document) == key


@pytest.mark.parametrize("body", BODIES["drafts"], ids=lambda body: body["id"])
def test_a_stored_draft_is_read_and_written_as_it_was(body: dict[str, Any]) -> None:
    assert canonical_json(draft_to_dict(draft_from_dict(body))) == canonical_json(body)


if __name__ == "__main__":
    found = digests_of(load(QUESTIONS))
    DIGESTS.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
