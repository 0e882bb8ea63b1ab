"""Tables for spreadsheets: CSV and XLSX in which nothing typed by a player becomes a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | bool | datetime | None

LONGEST_TEXT = 32_767
"""Characters that a cell of a spreadsheet can hold."""
LONGEST_NAME = 31
"""Characters that the name of a sheet can have."""

# Read as the start of a formula by Excel, LibreOffice or Google Sheets.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Table:
    """A named table. A moment becomes ISO 8601 text in UTC, None an empty cell."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def to_csv(table: Table) -> bytes:
    """The table as RFC 4180, UTF-8 with a byte order mark, without which Excel guesses.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_written(cell) for cell in row] for row in (table.columns, *table.rows))
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(tables: Iterable[Table]) -> bytes:
    """The tables as sheets of one workbook. Text stays text, numbers stay numbers."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as workbook:
        bold = workbook.add_format({"bold": True})
        normal = workbook.add_format()
        taken: set[str] = set()
        for table in tables:
            sheet = workbook.add_worksheet(_sheet_name(table.name, taken))
            for column, title in enumerate(table.columns):
                _write_text(sheet, 0, column, title, bold)
            for number, row in enumerate(table.rows, start=1):
                for column, cell in enumerate(row):
                    _write(sheet, number, column, cell, normal)
            sheet.freeze_panes(1, 0)
    return out.getvalue()


def _written(cell: Cell) -> str | int | float:
    """The cell as it stands in a CSV file."""
    plain = _plain(cell)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, str) and plain.startswith(_FORMULA):
        return f"'{plain}"
    return plain


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, normal: Format) -> None:
    plain = _plain(cell)
    if isinstance(plain, bool):
        sheet.write_boolean(row, column, plain)
    elif plain == "":
        return  # an empty cell, not an empty text: spreadsheets count the latter
    elif isinstance(plain, str):
        _write_text(sheet, row, column, plain[:LONGEST_TEXT], normal)
    else:
        sheet.write_number(row, column, plain)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter would take it for marked up text and put it into the file as XML.
        sheet.write_rich_string(row, column, style, text[:1], style, text[1:])
    else:
        sheet.write_string(row, column, text, style)


def _plain(cell: Cell) -> str | int | float | bool:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, datetime) else cell


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that a sheet may have and none has yet."""
    plain = _NO_NAME.sub(" ", name).strip(" '") or "Sheet"
    free, number = plain[:LONGEST_NAME], 1
    while free.casefold() in taken:
        number += 1
        free = f"{plain[: LONGEST_NAME - 4]} {number}"
    taken.add(free.casefold())
    return free
