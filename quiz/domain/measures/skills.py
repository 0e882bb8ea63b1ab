"""Which skills are missed: each answer counts for every skill of its question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .interval import Proportion

JUDGED_FROM = 5
"""Answers below which a share right says little."""

SKILLS_NAMED = 3
"""How many skills are named as those to practise."""


@dataclass(frozen=True, slots=True)
class SkillResult:
    """A skill's code with the answers to its questions that are right."""

    key: str
    right: Proportion

    @property
    def is_judged(self) -> bool:
        """Whether there are answers enough to compare."""
        return self.right.total >= JUDGED_FROM

    @property
    def missed(self) -> int:
        """The number of wrong answers."""
        return self.right.total - self.right.count


def skill_results(answers: Iterable[tuple[Iterable[str], bool]]) -> list[SkillResult]:
    """From (skills of the question, whether the answer is right), weakest first.

    By share right, those with too few answers to compare last; equal ones by their codes.
    """
    rights: dict[str, list[bool]] = {}
    for skills, is_right in answers:
        for key in skills:
            rights.setdefault(key, []).append(is_right)
    found = [SkillResult(key, Proportion(sum(own), len(own))) for key, own in rights.items()]
    return sorted(found, key=lambda s: (not s.is_judged, s.right.value or 0.0, s.key))


def skills_missed(
    answers: Iterable[tuple[Iterable[str], bool]], *, judged_only: bool = False
) -> tuple[str, ...]:
    """The codes of the skills to practise, most urgent first, at most SKILLS_NAMED.

    A round is too short for shares: its skills go by the number of misses, then by share. With
    `judged_only`, for a class over time, only skills with answers enough count, by share alone.
    """
    missed = [result for result in skill_results(answers) if result.missed]
    if judged_only:
        missed = [result for result in missed if result.is_judged]
    else:
        missed.sort(key=lambda s: (-s.missed, s.right.value or 0.0, s.key))
    return tuple(result.key for result in missed[:SKILLS_NAMED])
