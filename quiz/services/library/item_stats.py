"""How the questions of a set do with those who play them: what its author sees beside each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session

from ...domain.measures import ITEM_ANSWERS, ItemAnalysis, analyse_item, item_rest_pairs, kr20
from ...domain.verdict import Verdict
from ...models import QuestionRevision, SetEntry
from .history import answers_to


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """A question as its players found it: as it stands today, and over all its revisions.

    ever: by the verdict that the revisions carried, today's among them, because an answer is right
    or wrong by the key of its day. One entry, unless the key was changed.
    """

    current: ItemAnalysis
    ever: Mapping[Verdict, ItemAnalysis]


@dataclass(frozen=True, slots=True)
class SetStatistics:
    """A set as its players found it.

    questions: those of today, by id, in their order. players: who answered at least one of them as
    it stands. complete: who answered them all. consistency: KR-20 over these, None before there
    are 20 or where it is not defined.
    """

    questions: Mapping[str, ItemStatistics]
    players: int
    complete: int
    consistency: float | None


@dataclass(slots=True, eq=False)
class _Revision:
    """A revision and what was answered to it; `is_current` when it stands in the set today."""

    id: int
    question_id: str
    truth: Verdict
    is_current: bool
    responses: Counter[Verdict] = field(default_factory=Counter)
    seconds: list[int] = field(default_factory=list)
    opened: list[bool] = field(default_factory=list)
    rest: list[tuple[bool, float]] = field(default_factory=list)


def statistics(session: Session, set_slug: str) -> SetStatistics:
    """What the stored answers say of a set; without a question for a set never published.

    Final looks count, solo and of live rooms once revealed, and of each player only the first
    meeting with a question in any of its revisions. Two queries, whatever is stored.
    """
    # Rows as they are, without the session's care for each: there may be very many.
    rows = session.connection().execute(answers_to(set_slug)).all()
    revisions = _revisions(session, set_slug)
    scores = _distribute(rows, revisions)
    for revision_id, rest in item_rest_pairs(scores).items():
        revisions[revision_id].rest = rest
    current = [revision for revision in revisions.values() if revision.is_current]
    played = [[own[r.id] for r in current if r.id in own] for own in scores.values()]
    whole = [row for row in played if row and len(row) == len(current)]
    return SetStatistics(
        questions={r.question_id: _of_question(r, revisions.values()) for r in current},
        players=sum(bool(row) for row in played),
        complete=len(whole),
        consistency=kr20(whole) if len(whole) >= ITEM_ANSWERS else None,
    )


def _revisions(session: Session, set_slug: str) -> dict[int, _Revision]:
    """All revisions of the set's questions by id, those of today in their order."""
    query = (
        select(QuestionRevision.id, QuestionRevision.question_id, QuestionRevision.verdict)
        .add_columns(SetEntry.position.is_not(None))
        .outerjoin(
            SetEntry,
            and_(SetEntry.revision_id == QuestionRevision.id, SetEntry.set_slug == set_slug),
        )
        .where(QuestionRevision.set_slug == set_slug)
        .order_by(SetEntry.position)
    )
    return {row.id: _Revision(*row) for row in session.execute(query)}


def _distribute(
    rows: Iterable[Row[*tuple[Any, ...]]], revisions: Mapping[int, _Revision]
) -> dict[int, dict[int, bool]]:
    """Hand each first meeting to its revision; gives by player what was right, by revision."""
    scores: dict[int, dict[int, bool]] = {}
    met: set[tuple[int, str]] = set()
    for player, revision_id, verdict, seconds, opened in rows:
        revision = revisions[revision_id]
        meeting = (player, revision.question_id)
        if meeting in met:
            continue
        met.add(meeting)
        scores.setdefault(player, {})[revision_id] = verdict is revision.truth
        revision.responses[verdict] += 1
        if seconds is not None:
            revision.seconds.append(seconds)
        if opened is not None:
            revision.opened.append(opened)
    return scores


def _of_question(today: _Revision, revisions: Iterable[_Revision]) -> ItemStatistics:
    by_verdict: dict[Verdict, list[_Revision]] = {}
    for revision in revisions:
        if revision.question_id == today.question_id:
            by_verdict.setdefault(revision.truth, []).append(revision)
    current = _analysis([today])
    return ItemStatistics(
        current=current,
        ever={
            verdict: current if same == [today] else _analysis(same)
            for verdict, same in by_verdict.items()
        },
    )


def _analysis(revisions: list[_Revision]) -> ItemAnalysis:
    """Of revisions that carry the same verdict."""
    return analyse_item(
        revisions[0].truth,
        sum((revision.responses for revision in revisions), Counter[Verdict]()),
        rest=[pair for revision in revisions for pair in revision.rest],
        seconds=[time for revision in revisions for time in revision.seconds],
        opened=[opened for revision in revisions for opened in revision.opened],
    )
