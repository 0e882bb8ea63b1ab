"""After the last question: what the class thought, and what it can learn from that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ...domain.errors import NotFound
from ...domain.measures import Change, Proportion, Summary, checking_gain, skills_missed, summarise
from ...domain.scoring import Confidence
from ...domain.verdict import Verdict
from ...models import Room
from ..library.catalogue import Revision
from .results import Distribution, SeatAnswer, SeatStanding, distribution_of, results_of

SURE_FROM = Confidence.FAIRLY_SURE
GAIN_FROM = 10
"""Pairs of looks below which their difference says little."""


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """One revealed question: both looks' distributions, and what misled.

    `tempting` are the wrong verdicts given most often, none when nobody was wrong. `sure_wrong` is
    the share of answers that were wrong and at least fairly sure; `found` the share of those who
    pointed at the sentence that decides, None where nobody was asked to.
    """

    position: int
    revision: Revision
    first: Distribution | None
    final: Distribution
    right: Proportion
    first_right: Proportion | None
    tempting: tuple[Verdict, ...]
    sure_wrong: Proportion
    found: Proportion | None


@dataclass(frozen=True, slots=True)
class Debrief:
    """All that a debrief shows. `gain` compares the looks of those who gave both.

    `skills` are those missed most, at most three.
    """

    questions: tuple[QuestionReport, ...]
    figures: Summary
    gain: Change | None
    standings: tuple[SeatStanding, ...]
    skills: tuple[str, ...]

    @property
    def tells_gain(self) -> bool:
        """Whether enough looked twice for the gain to say something."""
        return self.gain is not None and self.gain.before.total >= GAIN_FROM


def debrief_of(session: Session, room: Room) -> Debrief:
    """The debrief of what has been revealed so far."""
    results = results_of(session, room)
    by_position = defaultdict(list)
    for answer in results.answers:
        by_position[answer.position].append(answer)
    pairs = [(a.judged_first, a.judged) for a in results.answers]
    both = [(first, final) for first, final in pairs if first and final]
    return Debrief(
        questions=tuple(_report(n, group) for n, group in sorted(by_position.items())),
        figures=summarise(a.judged for a in results.answers if a.judged),
        gain=checking_gain([f for f, _ in both], [s for _, s in both]) if both else None,
        standings=results.standings,
        skills=skills_missed(
            (a.revision.question.skills, a.outcome.right) for a in results.answers if a.outcome
        ),
    )


def _report(position: int, answers: Sequence[SeatAnswer]) -> QuestionReport:
    revision = answers[0].revision
    truth = revision.question.verdict
    final = distribution_of(a.final for a in answers)
    first = distribution_of(a.first for a in answers)
    wrong = {v: final.of(v) for v in Verdict if v is not truth}
    most = max(wrong.values())
    pointed = [a.outcome.pointed_right for a in answers if a.outcome]
    asked = [right for right in pointed if right is not None]
    sure = sum(final.cell(v, level) for v in wrong for level in Confidence if level >= SURE_FROM)
    return QuestionReport(
        position=position,
        revision=revision,
        first=first if first.total else None,
        final=final,
        right=Proportion(final.of(truth), final.total),
        first_right=Proportion(first.of(truth), first.total) if first.total else None,
        tempting=tuple(v for v in wrong if wrong[v] == most) if most else (),
        sure_wrong=Proportion(sure, final.total),
        found=Proportion(sum(asked), len(asked)) if asked else None,
    )


def question_report(session: Session, room: Room, position: int) -> QuestionReport:
    """The report of one question. Raises NotFound when it is not revealed, or nobody answered."""
    for report in debrief_of(session, room).questions:
        if report.position == position:
            return report
    raise NotFound(room.id)
