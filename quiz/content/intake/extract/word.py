"""A .docx document: its paragraphs and tables, as its readers see them."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.sax.handler import ContentHandler
from zipfile import ZipFile

import defusedxml.common
import defusedxml.sax
import docx
import lxml.etree
from docx.oxml.ns import qn

from ....domain.message import Message, msg
from ....domain.question_set import RegionKind
from ..import_errors import Refused, damaged
from .extracted import Facts, Line, assemble, to_json
from .kinds import locked

MAX_UNPACKED = 50_000_000  # bytes, really read
MAX_ENTRIES = 1_000
_CHUNK = 1 << 16

_P, _T = qn("w:p"), qn("w:t")
_TABLE, _TR, _TC = qn("w:tbl"), qn("w:tr"), qn("w:tc")
_MARKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# Twins for old readers, what was struck out or moved away, settings that hold tabs of their own.
_DROPPED = {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    *map(qn, ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:sectPr", "w:tblPr", "w:sdtPr")),
}


def read(data: bytes) -> dict[str, Any]:
    """What to_json gives for a .docx file.

    Raises Refused: no text, too much of it, protected, over MAX_UNPACKED bytes or MAX_ENTRIES
    entries, XML with a DTD or entities; Broken: damaged.
    """
    try:
        _check(data)
        document = docx.Document(BytesIO(data))
        names = {style.style_id: style.name or "" for style in document.styles}
        lines = list(_Walk(names).lines(document.element.body))
        return to_json(assemble(lines, _facts(document, lines), _left_out(document)))
    except (MemoryError, Refused):
        raise
    except Exception as error:  # the libraries raise anything at a damaged file
        raise damaged() from error


def _check(data: bytes) -> None:
    """Look at every entry before a library does, counting what it really unpacks to."""
    with ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise _grows()
        if any(entry.flag_bits & 1 for entry in entries):
            raise locked()
        left = MAX_UNPACKED
        for entry in entries:
            parts = []
            with archive.open(entry) as file:
                while chunk := file.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise _grows()
                    parts.append(chunk)
            _check_xml(b"".join(parts))


def _check_xml(part: bytes) -> None:
    """Raises Refused for XML that declares a document type or entities; None has to."""
    if not part[:100].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        return
    try:
        defusedxml.sax.parseString(part, ContentHandler(), forbid_dtd=True)
    except defusedxml.common.DefusedXmlException as error:
        raise Refused(
            msg("This document holds instructions that no word processor writes."),
            msg("Paste the text instead."),
        ) from error


def _grows() -> Refused:
    return Refused(
        msg("This document grows too big when it is opened."),
        msg("Paste the text you need, or bring a copy without its images."),
    )


class _Walk:
    """One walk over the body, without recursion: `lines` gives the lines, in their order."""

    def __init__(self, style_names: dict[str, str]) -> None:
        self._names = style_names
        self._paragraphs: list[list[str]] = []
        self._rows: list[list[str]] = []
        self._cells: list[list[str]] = []
        self._has_headline = False

    def lines(self, body: Any) -> Iterator[Line]:
        """The lines of the body, a blank one after each paragraph that is in no table."""
        walk = lxml.etree.iterwalk(body, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                yield from self._end(element)
            elif element.tag in _DROPPED:
                walk.skip_subtree()
            else:
                self._start(element)

    def _start(self, element: Any) -> None:
        tag = element.tag
        if tag == _P:
            self._paragraphs.append([])
        elif tag == _TR:
            self._rows.append([])
        elif tag == _TC:
            self._cells.append([])
        elif self._paragraphs and (tag == _T or tag in _MARKS):
            self._paragraphs[-1].append(_MARKS.get(tag) or element.text or "")

    def _end(self, element: Any) -> Iterator[Line]:
        tag = element.tag
        if tag == _P:
            text = "".join(self._paragraphs.pop())
            yield from self._line(self._kind(element, text), text)
        elif tag == _TC:
            cell = " ".join(" ".join(self._cells.pop()).split())
            if self._rows:
                self._rows[-1].append(cell)
        elif tag == _TR:
            yield from self._line(RegionKind.ARTICLE, "\t".join(self._rows.pop()))
        if tag in (_P, _TABLE) and not self._cells:
            yield RegionKind.ARTICLE, ""

    def _line(self, kind: RegionKind, text: str) -> Iterator[Line]:
        """A line of the document, or of the cell that it stands in."""
        if self._cells:
            self._cells[-1].append(text)
        elif text.strip():
            yield kind, text

    def _kind(self, paragraph: Any, text: str) -> RegionKind:
        name = self._names.get(paragraph.style or "", "").lower()
        if name == "caption":
            return RegionKind.CAPTION
        is_headline = name in ("title", "heading 1") and bool(text.strip()) and not self._cells
        if is_headline and not self._has_headline:
            self._has_headline = True
            return RegionKind.HEADLINE
        return RegionKind.ARTICLE


def _facts(document: Any, lines: list[Line]) -> Facts:
    """What the document says of itself. When it was made is not when it was published."""
    properties = document.core_properties
    return Facts(
        title=properties.title,
        headline=next((text for kind, text in lines if kind is RegionKind.HEADLINE), None),
        author=properties.author,
        language=properties.language,
    )


def _left_out(document: Any) -> Iterator[Message]:
    """Warnings for text that stands outside of the body."""
    around = (
        part
        for section in document.sections
        for part in (section.header, section.footer)
        if not part.is_linked_to_previous
    )
    if any(p.text.strip() for part in around for p in part.paragraphs):
        yield msg("The text at the top and the bottom of the pages was left out.")
    if any(str(part.partname).endswith("notes.xml") for part in document.part.package.iter_parts()):
        yield msg("Footnotes and endnotes were left out.")
