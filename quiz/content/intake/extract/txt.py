"""Plain text, uploaded or pasted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....domain.message import Message
from ....domain.question_set import RegionKind
from .decoding import decode
from .extracted import (
    MAX_TEXT,
    NEWLINE,
    Extracted,
    Facts,
    assemble,
    looks_like_headline,
    to_json,
    too_long,
)


def read(data: bytes) -> dict[str, Any]:
    """What to_json gives for a text file. Raises Refused: no text, too much of it, not text."""
    text, warnings = decode(data)
    return to_json(plain(text, warnings))


def plain(text: str, warnings: Iterable[Message] = ()) -> Extracted:
    """A text whose first line is its headline if it looks like one; all else is the article."""
    text = NEWLINE.sub("\n", text).strip("\ufeff\n")
    if len(text) > 2 * MAX_TEXT:  # so much is never only blanks and control characters
        raise too_long()
    first, newline, rest = text.partition("\n")
    if not newline or not looks_like_headline(first):
        return assemble([(RegionKind.ARTICLE, text)], None, warnings)
    lines = [(RegionKind.HEADLINE, first), (RegionKind.ARTICLE, rest)]
    return assemble(lines, Facts(headline=first), warnings)
