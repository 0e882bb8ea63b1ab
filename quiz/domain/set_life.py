"""The life of a set at the desk. (Steps are added by another branch.)"""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where a set at the desk stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    ARCHIVED = "archived"
