"""What a class has answered: its figures, a line for each learner, and all of it as tables.

A trainer sees what members answered since they joined, not what they did before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from ...content.format.spreadsheet_writing import Cell, Table
from ...domain.measures import (
    JUDGED_FROM,
    Proportion,
    SkillResult,
    Summary,
    skill_results,
    summarise,
)
from ...models import Classroom
from ..library.history import Answer, histories
from ..play.own_record import export, exported_answer
from .rosters import Member, roster

_ANSWER_COLUMNS = (
    *("learner", "name", "set", "question", "verdict", "given", "confidence", "right", "points"),
    *("first_given", "first_confidence", "pointer", "opened_file", "met_before", "round"),
    *("room", "position", "answered_at"),
)
_LEARNER_COLUMNS = (
    *("learner", "name", "answered", "first_meetings", "right_at_first_meeting", "accuracy"),
    *("points", "joined_at", "last_played_at"),
)


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """A learner in the report: all answers since joining, and those to questions never met."""

    member: Member
    answered: int
    right: Proportion
    points: int

    @property
    def is_judged(self) -> bool:
        """Whether there are answers enough for a share."""
        return self.right.total >= JUDGED_FROM


@dataclass(frozen=True, slots=True)
class ClassReport:
    """The class over first meetings since each member joined; skills from weakest to strongest."""

    figures: Summary
    lines: tuple[LearnerRow, ...]
    skills: tuple[SkillResult, ...]


def report_of(session: Session, classroom: Classroom) -> ClassReport:
    """The report; two queries, whatever the size of the class."""
    members = roster(session, classroom)
    answers = _since_joining(session, members)
    fresh = [a for member in members for a in answers[member.id] if not a.is_repeat]
    return ClassReport(
        figures=summarise(a.judged for a in fresh),
        lines=tuple(_line(member, answers[member.id]) for member in members),
        skills=tuple(skill_results((a.revision.question.skills, a.outcome.right) for a in fresh)),
    )


def tables_of(session: Session, classroom: Classroom) -> tuple[Table, Table]:
    """All answers of the class, one to a row, and its learners, one to a row."""
    return tables_for(session, roster(session, classroom))


def tables_for(session: Session, members: Sequence[Member]) -> tuple[Table, Table]:
    """The same for some members."""
    answers = _since_joining(session, members)
    return (
        Table("answers", _ANSWER_COLUMNS, [_row(m, a) for m in members for a in answers[m.id]]),
        Table("learners", _LEARNER_COLUMNS, [_summary(_line(m, answers[m.id])) for m in members]),
    )


def record_of(session: Session, member: Member) -> dict[str, Any]:
    """A member's data, ready for JSON.

    Everything stored of an account made for the class; of a record of the learner's own, what the
    class may see.
    """
    if member.is_issued:
        record = {"learner": member.label, **export(session, member.player)}
        del record["classes"]  # another trainer's are none of this one's business
        del record["disputes"]  # trainers read them without learning whose they are
        return record
    answers = _since_joining(session, [member])[member.id]
    return {
        "learner": member.label,
        "name": member.player.display_name,
        "joined_at": member.membership.joined_at.isoformat(),
        "answers": [exported_answer(answer) for answer in answers],
    }


def _since_joining(session: Session, members: Iterable[Member]) -> Mapping[int, list[Answer]]:
    """By membership, the answers given since it began."""
    members = list(members)
    found = histories(session, [member.player.id for member in members])
    return {
        m.id: [a for a in found[m.player.id] if a.answered_at >= m.membership.joined_at]
        for m in members
    }


def _line(member: Member, answers: list[Answer]) -> LearnerRow:
    fresh = [a.outcome.right for a in answers if not a.is_repeat]
    return LearnerRow(
        member=member,
        answered=len(answers),
        right=Proportion(sum(fresh), len(fresh)),
        points=sum(a.outcome.total for a in answers),
    )


def _row(member: Member, answer: Answer) -> tuple[Cell, ...]:
    return (
        member.label,
        member.player.display_name,
        answer.revision.set_slug,
        answer.revision.question.id,
        answer.revision.question.verdict.value,
        answer.final.verdict.value,
        answer.final.confidence.name.lower(),
        answer.outcome.right,
        answer.outcome.total,
        answer.first.verdict.value if answer.first else None,
        answer.first.confidence.name.lower() if answer.first else None,
        answer.final.pointer,
        answer.has_opened_file,
        answer.is_repeat,
        answer.round_id,
        answer.room_id,
        answer.position,
        answer.answered_at,
    )


def _summary(line: LearnerRow) -> tuple[Cell, ...]:
    return (
        line.member.label,
        line.member.player.display_name,
        line.answered,
        line.right.total,
        line.right.count,
        line.right.value,
        line.points,
        line.member.membership.joined_at,
        line.member.player.last_played_at,
    )
