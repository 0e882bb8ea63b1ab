"""A .pdf document: its text page by page, lines of one paragraph joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError

from ....domain.message import Message, msg
from ....domain.question_set import RegionKind
from ..import_errors import Refused, damaged
from .extracted import MAX_TEXT, Facts, Line, assemble, to_json, too_long
from .kinds import locked

MAX_PAGES = 1_000
_EDGE = 3  # lines at the top and at the bottom of a page that may be a running title
_OFTEN = 3  # pages on which it then stands
_FULL = 0.75  # of the usual length: a line that long goes on in the next

_PAGE_NUMBER = re.compile(  # "100." may be the end of a sentence
    r"""[-–—|(\[\s]{0,5} (?: p\. | page )? \s{0,3} \d{1,4}
        (?: \s? (?: / | of | sur | de ) \s? \d{1,4} )? [-–—|)\]\s]{0,5}""",
    re.IGNORECASE | re.VERBOSE,
)
_DIGITS = re.compile(r"\d+")
_BULLET = re.compile(r"\s*(?:[•‣▪◦●○■–—*]|-\s|\(?\d{1,3}[.)]\s|\(?[a-z]\)\s)")
_CUT_WORD = re.compile(r"[^\W\d_][-\xad\u2010]$")


def read(data: bytes) -> dict[str, Any]:
    """What to_json gives for a .pdf file.

    Raises Refused: no text (a scan), too much of it, over MAX_PAGES pages, a password, damaged.
    """
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise locked()
        pages, warnings = _pages(reader)
        if not any(line.strip() for page in pages for line in page):
            raise _scan()
        facts = _facts(reader)
    except (MemoryError, Refused):
        raise
    except DependencyError as error:  # a cipher that needs another library
        raise locked() from error
    except Exception as error:  # pypdf raises anything at a damaged file
        raise damaged() from error
    return to_json(assemble(lines_of(pages), facts, warnings))


def _pages(reader: PdfReader) -> tuple[list[list[str]], list[Message]]:
    """The lines of each page, and a warning for each page that cannot be read."""
    if len(reader.pages) > MAX_PAGES:
        raise Refused(
            msg("The PDF has over {limit} pages.", limit=MAX_PAGES),
            msg("Keep the pages your questions are about, and bring those."),
        )
    pages: list[list[str]] = []
    warnings: list[Message] = []
    size = 0
    for number, page in enumerate(reader.pages, 1):
        try:
            text = page.extract_text()
        except MemoryError:
            raise
        except Exception:  # pypdf raises anything at a damaged page
            warnings.append(msg("Page {number} could not be read.", number=number))
            continue
        size += len(text)
        if size > 2 * MAX_TEXT:
            raise too_long()
        pages.append([line.rstrip() for line in text.splitlines()])
    if warnings and not pages:
        raise damaged()
    return pages, warnings


def lines_of(pages: list[list[str]]) -> Iterator[Line]:
    """The paragraphs of the pages; page numbers and running titles apart, as furniture."""
    running = _running(pages)
    lengths = sorted(len(line) for page in pages for line in page if line.strip())
    full = _FULL * lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    for page in pages:
        paragraph: list[str] = []
        edges = _edges(page)
        for number, line in enumerate(page):
            if number in edges and (_alike(line) in running or _PAGE_NUMBER.fullmatch(line)):
                yield from _joined(paragraph)
                yield RegionKind.FURNITURE, line
            elif paragraph and _goes_on(paragraph[-1], line, full):
                paragraph.append(line)
            else:
                yield from _joined(paragraph)
                paragraph.append(line)
        yield from _joined(paragraph)


def _edges(page: list[str]) -> set[int]:
    """The numbers of the first and last lines of a page, blank ones not counted."""
    filled = [number for number, line in enumerate(page) if line.strip()]
    return {*filled[:_EDGE], *filled[-_EDGE:]}


def _running(pages: list[list[str]]) -> set[str]:
    """The lines that stand at the edge of several pages, whatever their numbers."""
    seen = Counter(
        line for page in pages for line in {_alike(page[number]) for number in _edges(page)}
    )
    return {line for line, count in seen.items() if count >= _OFTEN}


def _alike(line: str) -> str:
    return _DIGITS.sub("#", line.strip())


def _goes_on(line: str, following: str, full: float) -> bool:
    """Whether two lines are of one paragraph: the first is full, or a sentence goes on."""
    start = following.lstrip()
    if not line.strip() or not start or _BULLET.match(following):
        return False
    return start[0].islower() or len(line) >= full


def _joined(paragraph: list[str]) -> Iterator[Line]:
    """The lines as one, words cut at a line's end put together again. Empties the list."""
    if not paragraph:
        return
    text = paragraph[0]
    for line in paragraph[1:]:
        line = line.lstrip()
        if _CUT_WORD.search(text[-2:]) and line[:1].islower():
            text = text[:-1] + line
        else:
            text = f"{text} {line}"
    paragraph.clear()
    yield RegionKind.ARTICLE, text


def _facts(reader: PdfReader) -> Facts:
    """What the document says of itself; a broken part of it says nothing."""
    try:
        about = reader.metadata
    except MemoryError:
        raise
    except Exception:  # pypdf raises anything at a damaged dictionary
        about = None
    if about is None:
        return Facts()
    return Facts(
        title=_title(_said(about, "/Title")),
        author=_said(about, "/Author"),  # the date when the file was made is not one of publication
    )


def _title(said: str) -> str:
    """What a program put as title, unless it is an address."""
    title = said.removeprefix("Microsoft Word - ")
    return "" if re.match(r"[a-z]+:\S+$", title) else title


def _said(about: Any, name: str) -> str:
    value = about.get(name)
    return value if isinstance(value, str) else ""


def _scan() -> Refused:
    return Refused(
        msg("This PDF holds images only: there is no text in it to quote."),
        msg("Use a text recognition (OCR), or type or paste the text."),
    )
