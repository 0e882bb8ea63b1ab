"""An archive of question sets from strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipInfo

from ...domain.message import msg
from ...domain.question_set import QuestionSet, SourceDocument
from ...domain.taxonomy import Taxonomy
from ..checks.check import check
from ..format.canonical import document_from_dict, document_to_dict, set_from_dict, set_to_dict
from ..format.library import TAXONOMY_FILE, Library
from ..format.problems import Problem, Severity, Unreadable, shown
from ..format.reported import problem_from_dict, problem_to_dict
from ..format.schema import MAX_SLUG, SLUG
from ..format.yaml_source import MAX_BYTES
from ..loader import load_files
from . import zips

ARCHIVE = "archive.zip"
"""The name of an archive in problems about the whole of it."""
MAX_QUESTIONS = 1_000
"""Questions that one archive may hold: every two claims are compared."""

_OURS = re.compile(rf"(?:([^/]+)/)?((?:sets|documents)/{SLUG}\.yaml|documents/{SLUG}\.txt)")
_JUNK = {"__macosx", "thumbs.db", "desktop.ini"}  # what systems put beside files, unasked


def from_zip(data: bytes) -> tuple[Mapping[str, bytes], tuple[Problem, ...]]:
    """The question files of an archive by name, and a warning for each other file in it.

    They may lie under one common folder. Nothing is written to disk, no other file's content is
    looked at, and what the headers say of sizes is not believed: at most MAX_TOTAL bytes come out,
    of one file at most one more than MAX_BYTES. Raises Unreadable when the archive is refused: no
    zip file or a broken one, too much in it, a password, a link, a name that leads elsewhere,
    two files of one name, several folders or no question file at all.
    """
    with zips.opened(data, ARCHIVE) as archive:
        entries, strays = _sorted_out(archive.infolist())
        files: dict[str, bytes] = {}
        left = zips.MAX_TOTAL
        for name, entry in entries.items():
            files[name] = zips.taken(archive, entry, min(left, MAX_BYTES) + 1)
            left -= len(files[name])
            if left < 0:
                raise zips.too_much(ARCHIVE)
    return files, tuple(strays)


def read_archive(data: bytes, taxonomy: Taxonomy) -> Library:
    """What an archive holds, with every problem of loading and of the checker.

    Never raises: a refused archive is an empty library with its problem.
    """
    try:
        files, strays = from_zip(data)
    except Unreadable as unreadable:
        return Library({}, {}, taxonomy, unreadable.problems)
    library = load_files(files, taxonomy)
    if sum(len(found.questions) for found in library.all_sets.values()) > MAX_QUESTIONS:
        message = msg("the archive holds more than {count} questions", count=MAX_QUESTIONS)
        refused = zips.unreadable(ARCHIVE, message, msg("split it into several archives"))
        return Library({}, {}, taxonomy, refused.problems)
    # What is to be said of the taxonomy does not concern who sends an archive.
    found = [problem for problem in check(library) if problem.file != TAXONOMY_FILE]
    return replace(library, problems=(*strays, *found))


def archive_report(data: bytes, taxonomy: Taxonomy) -> dict[str, Any]:
    """What an archive holds as plain JSON values: `sets`, `documents` and `problems`.

    Only sets and documents that are fit to be served; `from_report` reads it. Never raises.
    """
    library = read_archive(data, taxonomy)
    return {
        "sets": [set_to_dict(question_set) for question_set in library.sets.values()],
        "documents": [document_to_dict(document) for document in library.documents.values()],
        "problems": [problem_to_dict(problem) for problem in library.problems],
    }


def from_report(
    report: Mapping[str, Any],
) -> tuple[tuple[QuestionSet, ...], tuple[SourceDocument, ...], tuple[Problem, ...]]:
    """The sets, documents and problems that `archive_report` wrote.

    Raises KeyError or ValueError on other data.
    """
    return (
        tuple(set_from_dict(item) for item in report["sets"]),
        tuple(document_from_dict(item) for item in report["documents"]),
        tuple(problem_from_dict(item) for item in report["problems"]),
    )


def _sorted_out(entries: Sequence[ZipInfo]) -> tuple[dict[str, ZipInfo], list[Problem]]:
    """The entries that are question files, by their names without the common folder."""
    ours: dict[str, ZipInfo] = {}
    strays: list[Problem] = []
    folders: set[str] = set()
    for entry in _checked(entries):
        name = entry.orig_filename
        match = _OURS.fullmatch(name)
        if match and len(Path(name).stem) <= MAX_SLUG:
            folders.add(match[1] or "")
            ours[match[2]] = entry
        elif not name.endswith("/") and not _is_junk(name):
            strays.append(_stray(name))
    if len(folders) > 1:
        message = msg("the question files lie in several folders")
        fix = msg("put the folders sets and documents side by side, once")
        raise zips.unreadable(ARCHIVE, message, fix)
    if not ours:
        message = msg("no question files are in the archive")
        fix = msg("put the folders sets and documents in it, as an export has them")
        raise zips.unreadable(ARCHIVE, message, fix)
    return ours, strays


def _checked(entries: Sequence[ZipInfo]) -> Iterator[ZipInfo]:
    """The entries; raises Unreadable at the first that no honest archive has."""
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        if _leads_elsewhere(name):
            message = msg("the name {name} in the archive leads elsewhere", name=shown(name))
            raise zips.unreadable(ARCHIVE, message, msg("use plain names, with / between folders"))
        zips.check_entry(entry, ARCHIVE)
        if name.casefold() in seen:
            message = msg("the archive holds {name} twice", name=shown(name))
            raise zips.unreadable(ARCHIVE, message, msg("keep one of the two"))
        seen.add(name.casefold())
        yield entry


def _leads_elsewhere(name: str) -> bool:
    """Whether a name is absolute, climbs up, or is read in another way by another system."""
    is_odd = not name or name.startswith("/") or "\\" in name or "\0" in name
    return is_odd or re.match("[A-Za-z]:", name) is not None or ".." in name.split("/")


def _is_junk(name: str) -> bool:
    return any(part.startswith(".") or part.casefold() in _JUNK for part in name.split("/"))


def _stray(name: str) -> Problem:
    fix = msg("name it sets/<slug>.yaml, documents/<slug>.yaml or .txt, or leave it out")
    return Problem(shown(name), 1, 1, Severity.WARNING, msg("this file is not read"), fix)
