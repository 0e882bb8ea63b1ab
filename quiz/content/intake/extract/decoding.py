"""Bytes to text: UTF-8 or UTF-16 where they say so or it fits, else what Windows wrote."""

from __future__ import annotations

import codecs
import re

from ....domain.message import Message, msg
from ..import_errors import Refused

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([\w-]{1,20})", re.IGNORECASE)
_SINGLE_BYTE = re.compile(r"(?:windows-|cp)125\d|iso-8859-(?:2|5|7|9|15)")
_BINARY = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SOME, _MOST = 20, 0.05  # so many, and so large a part of the text, are no accident


def decode(data: bytes) -> tuple[str, tuple[Message, ...]]:
    """The text of a file, and warnings where its encoding had to be guessed.

    A byte order mark decides, then UTF-8 if it fits, then a single-byte encoding that a page
    declares in its first kilobyte, then Windows-1252. Raises Refused for what is not text.
    """
    text, warnings = _decoded(data)
    controls = sum(1 for _ in _BINARY.finditer(text))
    if controls > max(_SOME, _MOST * len(text)):
        raise Refused(
            msg("This is not a text file, though its name says so."),
            msg("Open it in the program it comes from, and copy and paste the text."),
        )
    return text, warnings


def _decoded(data: bytes) -> tuple[str, tuple[Message, ...]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _as(encoding, data[len(bom) :])
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data, 0, 1024)
    name = declared[1].decode("ascii", "replace").lower() if declared else ""
    if _SINGLE_BYTE.fullmatch(name):
        return _as(name, data)
    guessed = msg("The file is not UTF-8: it was read as Windows-1252. Check the accents.")
    text, warnings = _as("cp1252", data)
    return text, (guessed, *warnings)


def _as(encoding: str, data: bytes) -> tuple[str, tuple[Message, ...]]:
    text = data.decode(encoding, "replace")
    unread = msg("Some characters could not be read; look for “\ufffd”.")
    return text, (unread,) if "\ufffd" in text else ()
