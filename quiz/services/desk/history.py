"""What was published of a set, edition by edition, and what changed between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from ...content.format.canonical import draft_from_dict
from ...domain.differences import Difference, DifferenceKind, differences
from ...domain.draft import DraftSet
from ...models import DeskSet, SetEdition
from .publishing import editions
from .sharing import names_of


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different of the set itself, and of each question that came, went or changed."""

    of_set: tuple[Difference, ...]
    of_questions: tuple[OfQuestion, ...]


@dataclass(frozen=True, slots=True)
class OfQuestion:
    """What is different of a question. `claim` is its latest; `kind` is CHANGED or what it became.

    `number` is its place in the set, None for one that went.
    """

    claim: Mapping[str, str]
    number: int | None
    kind: DifferenceKind
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition with who published it, if they are still there.

    `changes` are those since the edition before, None for the first.
    """

    number: int
    by: str | None
    published_at: datetime
    questions: int
    changes: Changes | None


def history_of(session: Session, desk_set: DeskSet) -> list[Edition]:
    """The editions of a set, the latest first. Two queries."""
    rows = editions(session, desk_set)
    names = names_of(session, (row.by_id for row in rows))
    before = {later.number: earlier for later, earlier in pairwise(rows)}
    return [
        Edition(
            number=row.number,
            by=names.get(row.by_id),
            published_at=row.published_at,
            questions=len(row.body["questions"]),
            changes=changes_since(before.get(row.number), row.body),
        )
        for row in rows
    ]


def changes_since(edition: SetEdition | None, body: Mapping[str, Any]) -> Changes | None:
    """What is different in an edition's body since an edition, None since none."""
    if edition is None:
        return None
    old, new = _set_in(edition.body), _set_in(body)
    return changes_between(old, new, edition.body["documents"], body["documents"])


def changes_between(
    old: DraftSet,
    new: DraftSet,
    old_documents: Mapping[str, str],
    new_documents: Mapping[str, str],
) -> Changes:
    """What is different in `new`; of the documents the digests by slug."""
    found = differences(old, new, old_documents, new_documents)
    numbers = {question.id: n for n, question in enumerate(new.questions, start=1)}
    claims = {question.id: question.claim for question in (*old.questions, *new.questions)}
    by_question: dict[str, list[Difference]] = {}
    for difference in found:
        if difference.question is not None:
            by_question.setdefault(difference.question, []).append(difference)
    return Changes(
        of_set=tuple(d for d in found if d.question is None),
        of_questions=tuple(
            OfQuestion(claims[key], numbers.get(key), _kind_of(own), tuple(own))
            for key, own in by_question.items()
        ),
    )


def _kind_of(own: list[Difference]) -> DifferenceKind:
    """What became of a question as a whole."""
    whole = [d.kind for d in own if not d.path]
    return DifferenceKind.CHANGED if any(d.path for d in own) else whole[0]


def _set_in(body: Mapping[str, Any]) -> DraftSet:
    return DraftSet(
        slug="",
        title=body["title"],
        summary=body["summary"],
        documents=tuple(body["documents"]),
        questions=tuple(draft_from_dict(question) for question in body["questions"]),
        languages=tuple(body["languages"]),
    )
