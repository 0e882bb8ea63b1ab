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


class SetStage(StrEnum):
    """Where a set stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class SetStep(StrEnum):
    """What its trainer can do about it."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    PUBLISH = "publish"
    ARCHIVE = "archive"
    RESTORE = "restore"


class IllegalStep(Exception):
    """The set is in a stage that does not know this step."""


def steps(stage: SetStage) -> frozenset[SetStep]:
    """The steps that a stage knows."""
    return frozenset(_TABLE[stage])


def take(stage: SetStage, step: SetStep) -> SetStage:
    """The stage after a step. Raises IllegalStep."""
    if step not in _TABLE[stage]:
        raise IllegalStep(f"{step.value} in {stage.value}")
    return _TABLE[stage][step]


_TABLE: Mapping[SetStage, Mapping[SetStep, SetStage]] = {
    SetStage.DRAFT: {
        SetStep.SUBMIT: SetStage.IN_REVIEW,
        SetStep.PUBLISH: SetStage.PUBLISHED,
        SetStep.ARCHIVE: SetStage.ARCHIVED,
    },
    SetStage.IN_REVIEW: {
        SetStep.WITHDRAW: SetStage.DRAFT,
        SetStep.PUBLISH: SetStage.PUBLISHED,
        SetStep.ARCHIVE: SetStage.ARCHIVED,
    },
    SetStage.PUBLISHED: {
        SetStep.PUBLISH: SetStage.PUBLISHED,
        SetStep.ARCHIVE: SetStage.ARCHIVED,
    },
    SetStage.ARCHIVED: {
        SetStep.RESTORE: SetStage.DRAFT,
    },
}
