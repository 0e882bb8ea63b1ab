"""After the last question: what the class thought, and what it can learn from that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ..domain.measures import Change, Proportion, Summary, checking_gain, summarise
from ..domain.scoring import Confidence
from ..domain.verdict import Verdict
from ..models import Room
from .catalogue import Revision
from .room_answers import Distribution, SeatAnswer, Standing, counted_of, sheet_of

SURE_FROM = Confidence.FAIRLY_SURE


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """One revealed question: both looks' distributions, and what misled.

    `tempting` is the wrong verdict given most often, None when nobody was wrong. `sure_wrong` is
    the share of answers that were wrong and at least fairly sure.
    """

    position: int
    revision: Revision
    first: Distribution | None
    final: Distribution
    right: Proportion
    first_right: Proportion | None
    tempting: Verdict | None
    sure_wrong: Proportion


@dataclass(frozen=True, slots=True)
class Debrief:
    """All that a debrief shows. `gain` compares the looks of those who gave both."""

    questions: tuple[QuestionReport, ...]
    figures: Summary
    gain: Change | None
    standings: tuple[Standing, ...]


def debrief_of(session: Session, room: Room) -> Debrief:
    """The debrief of what has been revealed so far."""
    sheet = sheet_of(session, room)
    by_position = defaultdict(list)
    for answer in sheet.answers:
        by_position[answer.position].append(answer)
    pairs = [(a.judged_first, a.judged) for a in sheet.answers]
    both = [(first, final) for first, final in pairs if first and final]
    return Debrief(
        questions=tuple(_report(n, group) for n, group in sorted(by_position.items())),
        figures=summarise(a.judged for a in sheet.answers if a.judged),
        gain=checking_gain([f for f, _ in both], [s for _, s in both]) if both else None,
        standings=sheet.standings,
    )


def _report(position: int, answers: Sequence[SeatAnswer]) -> QuestionReport:
    revision = answers[0].revision
    truth = revision.question.verdict
    final = counted_of(a.final for a in answers)
    first = counted_of(a.first for a in answers)
    wrong = {v: final.of(v) for v in Verdict if v is not truth}
    tempting = max(wrong, key=lambda v: wrong[v])
    sure = sum(final.cell(v, level) for v in wrong for level in Confidence if level >= SURE_FROM)
    return QuestionReport(
        position=position,
        revision=revision,
        first=first if first.total else None,
        final=final,
        right=Proportion(final.of(truth), final.total),
        first_right=Proportion(first.of(truth), first.total) if first.total else None,
        tempting=tempting if wrong[tempting] else None,
        sure_wrong=Proportion(sure, final.total),
    )
