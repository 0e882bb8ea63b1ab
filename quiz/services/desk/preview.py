"""Questions being written as players will see them: made in memory, nothing stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...domain.draft import Path, as_question, missing
from ...domain.question_set import Draft, Question, SourceDocument
from ...domain.quote import locate
from ...domain.verdict import Rule, Stance, Verdict
from ..library.catalogue import Anchor, Revision

_REVEALED = {"verdict", "rule", "as_of", "evidence"}
"""The parts without which there is nothing to reveal."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A question as it would be asked now; parts it lacks are left out.

    `missing` are the fields still to be filled in, `lost` counts the quotes that stand in no
    document any more. Only with `can_reveal` do verdict, rule and stances mean anything.
    """

    revision: Revision
    missing: tuple[Path, ...]
    lost: int

    @property
    def can_reveal(self) -> bool:
        """Whether the verdict, its rule and date, and the quotes are there."""
        return bool(self.revision.anchors) and not any(p[0] in _REVEALED for p in self.missing)


def preview_of(
    slug: str, draft: Draft, documents: Mapping[str, SourceDocument], languages: tuple[str, ...]
) -> Preview:
    """A question of the set `slug` as players would get it. `documents` are those of the set."""
    question = as_question(
        replace(
            draft,
            verdict=draft.verdict or Verdict.UNVERIFIED,
            rule=draft.rule or Rule.U8,
            difficulty=draft.difficulty or 1,
            evidence=tuple(replace(e, stance=e.stance or Stance.NEAREST) for e in draft.evidence),
        )
    )
    anchors = tuple(_anchors(question, documents))
    files = {slug: documents[slug] for slug in question.files if slug in documents}
    return Preview(
        Revision(0, slug, question, anchors, files),
        tuple(missing(draft, languages)),
        len(question.evidence) - len(anchors),
    )


def _anchors(question: Question, documents: Mapping[str, SourceDocument]) -> list[Anchor]:
    found = []
    for evidence in question.evidence:
        document = documents.get(evidence.document)
        span = locate(evidence.quote, document.text) if document else None
        if document is not None and span is not None:
            found.append(Anchor(evidence, document, span))
    return found
