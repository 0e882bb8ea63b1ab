"""A trainer's sets at a glance, and one of them with all that is known of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...content.checks.draft_checks import SetLint, lint_set
from ...content.format.canonical import draft_from_dict
from ...content.format.problems import Problem, Severity
from ...domain.draft import DraftSet, missing
from ...domain.question_set import Draft, SourceDocument
from ...domain.set_life import SetStep, steps
from ...domain.taxonomy import Taxonomy
from ...models import DeskDocument, DeskQuestion, DeskSet, DeskSetDocument, Player, SetEdition
from .contents import draft, questions_in, rows_of_documents, source
from .publishing import edition_of, last_edition
from .rights import documents_of, may_edit, set_of, sets_of
from .sharing import Shared, names_of, shares_of


@dataclass(frozen=True, slots=True)
class SetSummary:
    """A set in short. `owner` is None for one's own; `unfinished` counts questions."""

    set: DeskSet
    owner: str | None
    documents: int
    questions: int
    unfinished: int


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question of a set. `languages` are those its claim or explanation still lacks."""

    row: DeskQuestion
    draft: Draft
    problems: tuple[Problem, ...]
    languages: tuple[str, ...]

    @property
    def errors(self) -> int:
        """How many problems block publishing."""
        return _count(self.problems, Severity.ERROR)

    @property
    def warnings(self) -> int:
        """How many ask for a second look."""
        return _count(self.problems, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class SetOverview:
    """A set with its questions, documents, problems and readers.

    `owner` is None for one's own. `body` is what the next edition would be, `edition` the last.
    """

    set: DeskSet
    owner: str | None
    may_edit: bool
    content: DraftSet
    documents: tuple[tuple[DeskDocument, SourceDocument], ...]
    lines: tuple[QuestionRow, ...]
    lint: SetLint
    shares: tuple[Shared, ...]
    edition: SetEdition | None
    body: dict[str, object]

    @property
    def steps(self) -> frozenset[SetStep]:
        """The steps that the set's stage knows."""
        return steps(self.set.stage)

    @property
    def is_publishable(self) -> bool:
        """Whether nothing keeps the set from being published."""
        return SetStep.PUBLISH in self.steps and self.lint.is_publishable

    @property
    def has_changed(self) -> bool:
        """Whether the set differs from its last edition."""
        return self.edition is None or self.edition.body != self.body

    @property
    def errors(self) -> int:
        """How many problems block publishing, in all."""
        own = _count(self.lint.set_problems, Severity.ERROR)
        return own + sum(line.errors for line in self.lines)

    @property
    def warnings(self) -> int:
        """How many problems ask for a second look, in all."""
        own = _count(self.lint.set_problems, Severity.WARNING)
        return own + sum(line.warnings for line in self.lines)


def cards_of(session: Session, trainer: Player) -> list[SetSummary]:
    """Every set the trainer owns or may read, the one last changed first. Four queries."""
    rows = sets_of(session, trainer)
    ids = [row.id for row in rows]
    names = names_of(session, (row.owner_id for row in rows))
    bodies = defaultdict(list)
    query = select(DeskQuestion.set_id, DeskQuestion.body).where(DeskQuestion.set_id.in_(ids))
    for set_id, body in session.execute(query):
        bodies[set_id].append(body)
    counts = (
        select(DeskSetDocument.set_id, func.count())
        .where(DeskSetDocument.set_id.in_(ids))
        .group_by(DeskSetDocument.set_id)
    )
    documents = dict(session.execute(counts).all())
    return [
        SetSummary(
            set=row,
            owner=None if row.owner_id == trainer.id else names.get(row.owner_id, ""),
            documents=documents.get(row.id, 0),
            questions=len(bodies[row.id]),
            unfinished=sum(_is_unfinished(draft_from_dict(b), row) for b in bodies[row.id]),
        )
        for row in rows
    ]


def overview_of(session: Session, trainer: Player, set_id: int, taxonomy: Taxonomy) -> SetOverview:
    """A set open to the trainer, with all its page shows. Raises NotFound.

    The number of queries does not depend on what is in the set.
    """
    row = set_of(session, trainer, set_id)
    questions = questions_in(session, row)
    documents = tuple((found, source(found)) for found in rows_of_documents(session, row))
    content = DraftSet(
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        documents=tuple(found.slug for found, _ in documents),
        questions=tuple(draft(question) for question in questions),
        languages=tuple(row.languages),
    )
    by_slug = {found.slug: document for found, document in documents}
    lint = lint_set(content, by_slug, taxonomy)
    return SetOverview(
        set=row,
        owner=None
        if row.owner_id == trainer.id
        else names_of(session, [row.owner_id])[row.owner_id],
        may_edit=may_edit(session, trainer, row),
        content=content,
        documents=documents,
        lines=tuple(
            QuestionRow(question, written, problems, _lacking(written, content.languages))
            for question, written, problems in zip(
                questions, content.questions, lint.questions, strict=True
            )
        ),
        lint=lint,
        shares=tuple(shares_of(session, row)),
        edition=last_edition(session, row),
        body=edition_of(content, by_slug),
    )


def spare_documents(session: Session, trainer: Player, overview: SetOverview) -> list[DeskDocument]:
    """The documents open to the trainer that the set does not quote yet."""
    present = {row.id for row, _ in overview.documents}
    return [row for row in documents_of(session, trainer) if row.id not in present]


def _is_unfinished(question: Draft, row: DeskSet) -> bool:
    return any(True for _ in missing(question, tuple(row.languages)))


def _lacking(question: Draft, languages: tuple[str, ...]) -> tuple[str, ...]:
    texts = (question.claim, question.explanation)
    return tuple(code for code in languages if not all(text.get(code) for text in texts))


def _count(problems: tuple[Problem, ...], severity: Severity) -> int:
    return sum(problem.severity is severity for problem in problems)
