"""The life of a question set at the desk, as a table: which step leads from which stage to which.

A published set is changed in its working copy and published again; what players have is never
touched in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """Where a set at the desk stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Step(StrEnum):
    """What its owner can do about it."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    ARCHIVE = "archive"
    RESTORE = "restore"


class IllegalStep(Exception):
    """The step cannot be taken from this stage."""

    def __init__(self, stage: Stage, step: Step) -> None:
        super().__init__(f"{step} does not go with {stage}")
        self.stage = stage
        self.step = step


_TABLE: Mapping[Stage, Mapping[Step, Stage]] = {
    Stage.DRAFT: {
        Step.SUBMIT: Stage.IN_REVIEW,
        Step.PUBLISH: Stage.PUBLISHED,
        Step.ARCHIVE: Stage.ARCHIVED,
    },
    Stage.IN_REVIEW: {
        Step.WITHDRAW: Stage.DRAFT,
        Step.PUBLISH: Stage.PUBLISHED,
        Step.ARCHIVE: Stage.ARCHIVED,
    },
    Stage.PUBLISHED: {Step.PUBLISH: Stage.PUBLISHED, Step.ARCHIVE: Stage.ARCHIVED},
    # Back at the desk only: players have it again when it is published again.
    Stage.ARCHIVED: {Step.RESTORE: Stage.DRAFT},
}


def steps(stage: Stage) -> frozenset[Step]:
    """The steps that can be taken from a stage."""
    return frozenset(_TABLE[stage])


def take(stage: Stage, step: Step) -> Stage:
    """The stage that a step leads to. Raises IllegalStep."""
    try:
        return _TABLE[stage][step]
    except KeyError:
        raise IllegalStep(stage, step) from None
