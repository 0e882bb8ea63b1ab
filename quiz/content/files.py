"""The files of a folder of questions: which there are, and their bytes. Nothing outside is read."""

from __future__ import annotations

import re
from pathlib import Path

from .problems import Problem, Severity, Unreadable, shown
from .schema import MAX_SLUG, SLUG
from .yaml_source import MAX_BYTES


def slugs(folder: Path, kind: str, suffixes: tuple[str, ...]) -> tuple[set[str], list[Problem]]:
    """The slugs of the files `kind`/<slug><suffix>, and a warning for each other file there."""
    found: set[str] = set()
    strays: list[Problem] = []
    try:
        paths = sorted((folder / kind).iterdir())
    except OSError as error:
        message = f"the folder {kind} cannot be read ({error.strerror})"
        return found, [_problem(kind, message, f"make a folder {kind}/ that can be read")]
    for path in paths:
        if path.name.startswith("."):
            continue
        if path.suffix in suffixes and _is_slug(path.stem):
            found.add(path.stem)
        else:
            name = f"{kind}/{shown(path.name)}"
            names = " or ".join(f"<slug>{suffix}" for suffix in suffixes)
            mend = f"name it {names} (small letters, digits, hyphens), or move it away"
            strays.append(_problem(name, "this file is not read", mend, Severity.WARNING))
    return found, strays


def read_bytes(folder: Path, file: str) -> bytes:
    """The bytes of a file, at most one more than MAX_BYTES.

    Raises Unreadable when it is missing, no plain file, not readable or a link out of the folder.
    """
    path = folder / file
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise Unreadable(
                _problem(file, "the link leads out of the folder", "copy the file here")
            )
        if not path.exists():
            raise Unreadable(_problem(file, "the file is missing", "add it"))
        if not path.is_file():
            raise Unreadable(_problem(file, "this is no plain file", "put a plain file here"))
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Unreadable(
            _problem(file, f"the file cannot be read ({reason})", "look at its permissions")
        ) from error


def _is_slug(name: str) -> bool:
    return len(name) <= MAX_SLUG and re.fullmatch(SLUG, name) is not None


def _problem(file: str, message: str, mend: str, severity: Severity = Severity.ERROR) -> Problem:
    return Problem(file, 1, 1, severity, message, mend)
