"""The cells of a table that somebody sends, CSV or XLSX, as text. No formula is ever worked out."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from ...domain.message import msg
from . import zips

MAX_CSV = 1_000_000
MAX_XLSX = 5_000_000
"""Bytes that a file may have."""
MAX_LINES = 2_000
"""Rows that are read, empty ones among them."""

_MAX_COLUMNS = 200
_MAX_TAGS = 600_000  # twice those of 500 rows full of cells; as many take a second or two to read
_DELIMITERS = ",;\t"
_XML_ESCAPES = re.compile("_x(000D|FFFE|FFFF)_")  # of characters that XML cannot hold


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """The text of the cells, row by row from the first; `is_guessed` tells of a guessed encoding.

    There are at most MAX_LINES rows, and no empty one at the end.
    """

    rows: tuple[tuple[str, ...], ...]
    is_guessed: bool = False


def read_spreadsheet(data: bytes, name: str, columns: Collection[str]) -> Spreadsheet:
    """The cells of a file called `name`; `columns` are headings that its first row may have.

    They tell which delimiter a CSV file uses, and which sheet of a workbook is meant: the first
    that has one, else the first. Raises Unreadable for a file that is too big, broken, or neither
    .csv nor .xlsx.
    """
    if name.casefold().endswith(".xlsx"):
        _check_size(data, MAX_XLSX, name)
        return Spreadsheet(_cut(_workbook(data, name, columns)))
    if name.casefold().endswith(".csv"):
        _check_size(data, MAX_CSV, name)
        text, is_guessed = _decoded(data, name)
        return Spreadsheet(_cut(_csv(text, name, columns)), is_guessed)
    message = msg("the file is no .csv and no .xlsx")
    raise zips.unreadable(name, message, msg("save it in a spreadsheet program as .xlsx"))


def heading(cell: str) -> str:
    """A heading as it is compared: “Claim FR ” is claim_fr."""
    return re.sub(r"[\s_-]+", "_", cell.strip().casefold())


def _cut(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The rows without the empty ones at the end: formatted cells that hold nothing."""
    length = max((n for n, row in enumerate(rows, start=1) if any(row)), default=0)
    return rows[:length]


def _known(row: tuple[str, ...], columns: Collection[str]) -> int:
    return sum(heading(cell) in columns for cell in row)


def _check_size(data: bytes, limit: int, name: str) -> None:
    if len(data) > limit:
        message = msg("the file is over {megabytes} MB", megabytes=limit // 10**6)
        raise zips.unreadable(name, message, msg("split it into several files"))


def _decoded(data: bytes, name: str) -> tuple[str, bool]:
    """The text of a CSV file, and whether its encoding had to be guessed (Excel's old one)."""
    try:
        text, is_guessed = data.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        try:
            text, is_guessed = data.decode("cp1252"), True
        except UnicodeDecodeError:
            text = "\0"
    if "\0" in text:
        message = msg("the file is no text, or not UTF-8")
        raise zips.unreadable(name, message, msg("save it again as CSV UTF-8, or as .xlsx"))
    return text, is_guessed


def _csv(text: str, name: str, columns: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """The rows, cut at the delimiter that makes the most of the headings."""

    def headings(delimiter: str) -> int:
        first = next(iter(_records(text, delimiter, name, lines=1, strict=False)), ())
        return _known(first, columns)

    return _records(text, max(_DELIMITERS, key=headings), name, MAX_LINES, strict=True)


def _records(
    text: str, delimiter: str, name: str, lines: int, *, strict: bool
) -> tuple[tuple[str, ...], ...]:
    rows: list[tuple[str, ...]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    try:
        for row in reader:
            rows.append(tuple(row[:_MAX_COLUMNS]))
            if len(rows) == lines:
                break
    except csv.Error as error:
        message = msg("the table is broken in row {row}", row=len(rows) + 1)
        fix = msg('close the quotes there, and write "" for a quote inside quotes')
        raise zips.unreadable(name, message, fix) from error
    return tuple(rows)


def _workbook(data: bytes, name: str, columns: Collection[str]) -> tuple[tuple[str, ...], ...]:
    try:
        _count(data, name)
        return _sheet(data, columns)
    except Exception as error:  # a broken workbook makes openpyxl raise whatever comes
        message = msg("the workbook cannot be read: it is broken, locked or too big")
        fix = msg("open it in a spreadsheet program and save it again as .xlsx, without a password")
        raise zips.unreadable(name, message, fix) from error


def _count(data: bytes, name: str) -> None:
    """Raise Unreadable when more bytes or more XML come out of the workbook than may."""
    left, tags = zips.MAX_TOTAL, _MAX_TAGS
    with zips.opened(data, name) as archive:
        for entry in archive.infolist():
            zips.check_entry(entry, name)
            part = zips.taken(archive, entry, left + 1)
            left -= len(part)
            tags -= part.count(b"<")
            if left < 0 or tags < 0:
                raise zips.too_much(name)


def _sheet(data: bytes, columns: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """The rows of the first sheet with a heading, else of the first, as values without formulas."""
    import openpyxl  # here, because it takes long and most processes never need it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it does not keep: charts, checks
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        try:
            sheets = []
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # they are only what the file says of itself
                cells = sheet.iter_rows(max_row=MAX_LINES, max_col=_MAX_COLUMNS, values_only=True)
                rows = tuple(tuple(_plain(cell) for cell in row) for row in cells)
                sheets.append(rows)
                if rows and _known(rows[0], columns):
                    return rows
            return sheets[0]
        finally:
            book.close()


def _plain(cell: Any) -> str:
    """What a spreadsheet program made of a cell, as somebody would have typed it."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case str():
            return _XML_ESCAPES.sub(lambda match: chr(int(match[1], 16)), cell)
    return str(cell)
