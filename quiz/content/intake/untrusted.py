"""Archives and tables that a trainer brings, read in a process of their own.

What that process must know beside the file stands on a line of JSON before it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from ...domain.question_set import Draft, QuestionSet, SourceDocument
from ..format.problems import Problem
from ..loader import load_taxonomy
from .archive import archive_report, from_report
from .question_table import SheetProblem, from_sheet_report, sheet_report
from .sandbox import apart

MAX_BYTES = 20_000_000
"""Bytes that a file may have that is brought to the desk."""

_SECONDS = 20  # comparing the claims of a thousand questions takes some


def read_archive_apart(
    data: bytes, questions: Path
) -> tuple[tuple[QuestionSet, ...], tuple[SourceDocument, ...], tuple[Problem, ...]]:
    """The sets of an archive that are fit to be served, its documents, and every problem it has.

    `questions` is the folder whose taxonomy is held against it. Raises Failed.
    """
    return from_report(apart("archive", _envelope(str(questions), data), seconds=_SECONDS))


def read_sheet_apart(
    data: bytes, name: str, documents: Collection[str], ids: Collection[str]
) -> tuple[tuple[Draft, ...], tuple[SheetProblem, ...]]:
    """The questions of a table and every problem it has, as `read_sheet` tells. Raises Failed."""
    beside = [name, list(documents), list(ids)]
    return from_sheet_report(apart("sheet", _envelope(beside, data), seconds=_SECONDS))


def archive(envelope: bytes) -> dict[str, Any]:
    """On the other side: what an archive holds, as JSON values."""
    questions, data = _opened(envelope)
    return archive_report(data, load_taxonomy(Path(questions)))


def sheet(envelope: bytes) -> dict[str, Any]:
    """On the other side: what a table holds, as JSON values."""
    (name, documents, ids), data = _opened(envelope)
    return sheet_report(data, name, documents, ids)


def _envelope(beside: Any, data: bytes) -> bytes:
    return json.dumps(beside).encode() + b"\n" + data


def _opened(envelope: bytes) -> tuple[Any, bytes]:
    head, _, data = envelope.partition(b"\n")
    return json.loads(head), data
