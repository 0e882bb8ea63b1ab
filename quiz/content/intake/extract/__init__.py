"""Text out of what a trainer brings: pasted, or a .txt, .md, .html, .pdf or .docx file."""

from __future__ import annotations

from ....domain.message import msg
from ..import_errors import Broken, Refused
from ..sandbox import run_in_sandbox
from .extracted import Extracted, from_json
from .kinds import kind_of
from .txt import plain

__all__ = ["MAX_UPLOAD", "Extracted", "extract", "paste", "suggest_title"]

MAX_UPLOAD = 20_000_000
"""Bytes of a file that may be uploaded."""
MAX_TITLE = 60  # characters


def extract(name: str, data: bytes) -> Extracted:
    """The text of a file, read in a process of its own (run_in_sandbox, whose errors it raises).

    The kind is told by the content, then by the name. Raises Refused for a file that is too big,
    empty, of another kind, protected, without text or with too much of it.
    """
    if len(data) > MAX_UPLOAD:
        raise Refused(
            msg("The file is over {limit} MB.", limit=MAX_UPLOAD // 1_000_000),
            msg("Bring a smaller one, or paste the text you need."),
        )
    if not data.strip():
        raise Refused(
            msg("The file is empty."), msg("Choose another file, or save this one again.")
        )
    report = run_in_sandbox(f"extract.{kind_of(name, data)}", data)
    try:
        return from_json(report)
    except (TypeError, KeyError, ValueError) as error:
        raise Broken from error


def paste(text: str) -> Extracted:
    """The same for a pasted text. Raises Refused: no text, or too much of it."""
    return plain(text)


def suggest_title(extracted: Extracted) -> str:
    """A title of at most MAX_TITLE characters, in whole words: headline, title or first line."""
    first_line = extracted.text.partition("\n")[0]
    title = " ".join((extracted.headline or extracted.title or first_line).split())
    if len(title) <= MAX_TITLE:
        return title
    cut, blank, _ = title[:MAX_TITLE].rpartition(" ")
    kept = cut if blank else title[: MAX_TITLE - 1]
    return kept.rstrip(" ,;:–—-") + "…"
