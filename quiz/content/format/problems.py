"""Problems found in question files: where, what is wrong, and the mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from typing import TypeAlias

from ...domain.message import Message, msg

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands in its file or form: ("questions", 3, "claim", "fr")."""


def percent(share: float) -> Message:
    """A share from 0 to 1 as a percentage; its sign is set as each language does."""
    return msg("{number}%", number=f"{share:.0%}"[:-1])


def listed(items: Iterable[str]) -> str:
    """Words or codes in a row, with commas between them."""
    return reduce(lambda some, more: msg("{some}, {more}", some=some, more=more), items)


class Severity(StrEnum):
    """An ERROR must be mended before the file is used; a WARNING asks for a second look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem. `file` is relative to the folder of questions; line and column count from 1.

    `path` names the value in the file, which is the field in a form.
    """

    file: str
    line: int
    column: int
    severity: Severity
    message: str
    fix: str
    path: Path = field(default=(), compare=False)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.severity}: {self.message} — mend: {self.fix}"


class Unreadable(Exception):
    """A file that cannot be used; its problems say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def shown(text: str, limit: int = 70) -> str:
    """A text fit for a one-line message: invisible characters escaped, cut at `limit`."""
    plain = "".join(c if c.isprintable() or c in "\xa0\u202f" else repr(c)[1:-1] for c in text)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def quoted(text: str) -> str:
    """A text as it can be pasted into YAML, in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{shown(escaped, 1_000)}"'
