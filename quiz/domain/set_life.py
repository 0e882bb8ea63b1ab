"""The life of a question set as a state table: which step leads from which stage to which.

    stage       submit      withdraw   publish     archive    restore
    draft       in_review   ·          published   archived   ·
    in_review   ·           draft      published   archived   ·
    published   ·           ·          published   archived   ·
    archived    ·           ·          ·           ·          draft

A published set is edited in its working copy, and published again from there. An archived one
comes back as a draft: whatever it once was, it is on offer again only when it is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """Where a set stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Step(StrEnum):
    """What its trainer can do about it."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    ARCHIVE = "archive"
    RESTORE = "restore"


class IllegalStep(Exception):
    """The set is in a stage that does not know this step."""


def steps(stage: Stage) -> frozenset[Step]:
    """The steps that a stage knows."""
    return frozenset(_TABLE[stage])


def take(stage: Stage, step: Step) -> Stage:
    """The stage after a step. Raises IllegalStep."""
    if step not in _TABLE[stage]:
        raise IllegalStep(f"{step.value} in {stage.value}")
    return _TABLE[stage][step]


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
    Stage.PUBLISHED: {
        Step.PUBLISH: Stage.PUBLISHED,
        Step.ARCHIVE: Stage.ARCHIVED,
    },
    Stage.ARCHIVED: {
        Step.RESTORE: Stage.DRAFT,
    },
}
