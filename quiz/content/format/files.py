"""Where question files are: a folder of which nothing outside is read, or files in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ...domain.message import msg
from .problems import Problem, Severity, Unreadable, shown
from .schema import MAX_SLUG, SLUG
from .yaml_source import MAX_BYTES


class Files(Protocol):
    """Question files, named by their path relative to the folder of questions."""

    def names(self, kind: str) -> list[str]:
        """The names of the files in the folder `kind`, sorted. Raises Unreadable."""

    def read(self, file: str) -> bytes:
        """The bytes of a file, at most one more than MAX_BYTES. Raises Unreadable."""


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """The files of a folder on disk."""

    folder: Path

    def names(self, kind: str) -> list[str]:
        """The names in the folder `kind`. Raises Unreadable when it cannot be read."""
        try:
            return sorted(path.name for path in (self.folder / kind).iterdir())
        except OSError as error:
            message = msg(
                "the folder {kind} cannot be read ({reason})", kind=kind, reason=_why(error)
            )
            fix = msg("make a folder {kind}/ that can be read", kind=kind)
            raise Unreadable(_problem(kind, message, fix)) from error

    def read(self, file: str) -> bytes:
        """The bytes of a file, at most one more than MAX_BYTES.

        Raises Unreadable when it is missing, no plain file, not readable or a link out of the
        folder.
        """
        path = self.folder / file
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()):
                message = msg("the link leads out of the folder")
                raise Unreadable(_problem(file, message, msg("copy the file here")))
            if not path.exists():
                raise _missing(file)
            if not path.is_file():
                message = msg("this is no plain file")
                raise Unreadable(_problem(file, message, msg("put a plain file here")))
            with path.open("rb") as stream:
                return stream.read(MAX_BYTES + 1)
        except (OSError, RuntimeError) as error:
            message = msg("the file cannot be read ({reason})", reason=_why(error))
            fix = msg("look at its permissions")
            raise Unreadable(_problem(file, message, fix)) from error


@dataclass(frozen=True, slots=True)
class MemoryFiles:
    """Files in memory: `sets/<slug>.yaml` and so on, each with its bytes."""

    files: Mapping[str, bytes]

    def names(self, kind: str) -> list[str]:
        """The names right under `kind`/; none when there is nothing."""
        parts = (file.rpartition("/") for file in self.files)
        return sorted(name for folder, _, name in parts if folder == kind)

    def read(self, file: str) -> bytes:
        """The bytes of a file, at most one more than MAX_BYTES. Raises Unreadable: missing."""
        if file not in self.files:
            raise _missing(file)
        return self.files[file][: MAX_BYTES + 1]


def slugs(files: Files, kind: str, suffixes: tuple[str, ...]) -> tuple[set[str], list[Problem]]:
    """The slugs of the files `kind`/<slug><suffix>, and a warning for each other file there."""
    found: set[str] = set()
    strays: list[Problem] = []
    try:
        names = files.names(kind)
    except Unreadable as unreadable:
        return found, list(unreadable.problems)
    for name in names:
        if name.startswith("."):
            continue
        stem, suffix = Path(name).stem, Path(name).suffix
        if suffix in suffixes and _is_slug(stem):
            found.add(stem)
        else:
            strays.append(_stray(f"{kind}/{shown(name)}", suffixes))
    return found, strays


def _is_slug(name: str) -> bool:
    return len(name) <= MAX_SLUG and re.fullmatch(SLUG, name) is not None


def _stray(file: str, suffixes: tuple[str, ...]) -> Problem:
    fix = msg(
        "name it {names} (small letters, digits, hyphens), or move it away",
        names=" / ".join(f"<slug>{suffix}" for suffix in suffixes),
    )
    return _problem(file, msg("this file is not read"), fix, Severity.WARNING)


def _missing(file: str) -> Unreadable:
    return Unreadable(_problem(file, msg("the file is missing"), msg("add it")))


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _problem(file: str, message: str, fix: str, severity: Severity = Severity.ERROR) -> Problem:
    return Problem(file, 1, 1, severity, message, fix)
