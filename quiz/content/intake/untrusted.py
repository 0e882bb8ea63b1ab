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
from .question_table import TableProblem, from_table_report, table_report
from .sandbox import run_in_sandbox

MAX_BYTES = 20_000_000
"""Bytes that a file may have that is brought to the desk."""

_SECONDS = 20  # comparing the claims of a thousand questions takes some


def read_untrusted_archive(
    data: bytes, questions: Path
) -> tuple[tuple[QuestionSet, ...], tuple[SourceDocument, ...], tuple[Problem, ...]]:
    """The sets of an archive that are fit to be served, its documents, and every problem it has.

    `questions` is the folder whose taxonomy is held against it. Raises Failed.
    """
    return from_report(run_in_sandbox("archive", _envelope(str(questions), data), seconds=_SECONDS))


def read_untrusted_table(
    data: bytes, name: str, documents: Collection[str], ids: Collection[str]
) -> tuple[tuple[Draft, ...], tuple[TableProblem, ...]]:
    """The questions of a table and every problem it has, as `read_table` tells. Raises Failed."""
    beside = [name, list(documents), list(ids)]
    return from_table_report(run_in_sandbox("table", _envelope(beside, data), seconds=_SECONDS))


def archive(envelope: bytes) -> dict[str, Any]:
    """On the other side: what an archive holds, as JSON values."""
    questions, data = _opened(envelope)
    return archive_report(data, load_taxonomy(Path(questions)))


def table(envelope: bytes) -> dict[str, Any]:
    """On the other side: what a table holds, as JSON values."""
    (name, documents, ids), data = _opened(envelope)
    return table_report(data, name, documents, ids)


def _envelope(beside: Any, data: bytes) -> bytes:
    return json.dumps(beside).encode() + b"\n" + data


def _opened(envelope: bytes) -> tuple[Any, bytes]:
    head, _, data = envelope.partition(b"\n")
    return json.loads(head), data
