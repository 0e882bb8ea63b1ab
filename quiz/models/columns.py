"""Column types that several tables use."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Enum


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


def stored(kind: type[StrEnum], name: str) -> Enum:
    """A column that holds the member's value and lets the database refuse anything else."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=_values,
        length=16,
    )
