"""Which kind of file was brought: by what it holds first, then by its name."""

from __future__ import annotations

import re
from pathlib import PurePath

from ....domain.message import msg
from ..import_errors import Refused

_BY_NAME = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_IMAGE_NAMES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".heic", ".bmp"}
_WRITER_NAMES = {".doc", ".dot", ".odt", ".rtf", ".pages", ".wps"}
_HTML = re.compile(
    rb"""\s* (?: <\?xml [^>]{0,200} > \s* )?
        (?: <!-- [^>]{0,500} > \s* )?  # browsers note here where a page was saved from
        < (?: !doctype \s+ )? html \b""",
    re.IGNORECASE | re.VERBOSE,
)


def kind_of(name: str, data: bytes) -> str:
    """ "txt", "md", "html", "pdf" or "docx". Raises Refused for everything else, by its name."""
    suffix = PurePath(name.replace("\\", "/")).suffix.lower()
    kind = _by_content(data)
    if kind is not None:
        return kind
    if suffix == ".pdf" and b"%PDF-" in data[:1024]:  # something stands before it, as may be
        return "pdf"
    if suffix in (".pdf", ".docx"):
        raise Refused(
            msg("The name says {suffix}, but the file is something else.", suffix=suffix),
            msg("Save it again in the program it comes from, or paste the text."),
        )
    if suffix in _WRITER_NAMES:
        raise _old_document(suffix)
    if suffix in _IMAGE_NAMES:
        raise _image()
    if suffix not in _BY_NAME:
        raise _unknown()
    return _BY_NAME[suffix]


def _by_content(data: bytes) -> str | None:
    """The kind that the bytes themselves tell, or None. Raises Refused for known strangers."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise locked()
        raise _old_document(".doc")
    if data.startswith(b"{\\rtf"):
        raise _old_document(".rtf")
    is_webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    is_heic = data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
    if data.startswith(_IMAGES) or is_webp or is_heic:
        raise _image()
    head = data[:2048].removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\0", b"")[2:]
    return "html" if _HTML.match(head) else None


def _zipped(data: bytes) -> str | None:
    """A .docx is a zip archive, as many others are."""
    if b"word/document.xml" in data:
        return "docx"
    if b"application/vnd.oasis.opendocument.text" in data[:200]:
        raise _old_document(".odt")
    return None


def locked() -> Refused:
    """The refusal of a file that asks for a password."""
    return Refused(
        msg("This file is protected by a password."),
        msg("Save a copy without a password, or paste the text."),
    )


def _old_document(suffix: str) -> Refused:
    return Refused(
        msg("Files of the kind {suffix} cannot be read here.", suffix=suffix),
        msg("Save it as .docx, or paste the text."),
    )


def _image() -> Refused:
    return Refused(
        msg("This is an image: there is no text in it to quote."),
        msg("Type or paste the text that it shows."),
    )


def _unknown() -> Refused:
    return Refused(
        msg("This kind of file cannot be read here."),
        msg("Bring a .txt, .md, .html, .pdf or .docx file, or paste the text."),
    )
