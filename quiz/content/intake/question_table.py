"""A set as one table, a row for each question, for trainers who write in a spreadsheet.

Out and in again gives equal drafts, but for this: blanks around texts other than quotes go, quotes
of which nothing is filled in go, and a workbook cuts texts at 32,767 characters and cannot tell a
text like _x000D_ from the character it stands for.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from ...domain.fields import FIELDS, LEVELS, Field, FieldKind
from ...domain.message import Message, msg
from ...domain.question_set import LANGUAGES, Draft, DraftEvidence, Text
from ...domain.quote import Quote
from ...domain.verdict import Stance
from ..format.canonical import draft_from_dict, draft_to_dict
from ..format.problems import Severity, Unreadable, shown
from ..format.reported import message_from_dict, message_to_dict
from ..format.schema import MAX_SLUG, OLDER_NAMES, SLUG, Day, QuestionEntry, purpose
from ..format.spreadsheet_writing import Cell, Table
from ..format.write import FORBIDDEN
from .spreadsheet_reading import MAX_LINES, heading, read_spreadsheet

MAX_ROWS = 500
MAX_QUOTES = 9

_FEWEST_QUOTES = 3  # that there are columns for
_LAST = "explanation"  # it goes by the quotes, and stands after them
_QUOTE = (
    *("document", "quote", "prefix", "suffix", "stance"),
    *(f"translation_{language}" for language in LANGUAGES),
)
_VERBATIM = re.compile("(quote|prefix|suffix)_[1-9]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\0]")
_MENDS = {"skills": msg("write codes with commas between them, like close_reading, number_check")}
_DAY = TypeAdapter[str](Day)
# A spreadsheet in French makes these of true and false.
_FRENCH = {"vrai": "true", "faux": "false"}

Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True, slots=True, order=True)
class TableProblem:
    """A problem in a cell: `row` as spreadsheets count, from 1; column by its heading.

    Row 0 is the file as a whole, an empty column the row as a whole.
    """

    row: int
    column: str
    severity: Severity
    message: str
    fix: str

    @property
    def place(self) -> Message:
        """Where it is: “row 7, column claim_fr”."""
        if not self.row:
            return msg("the file")
        if not self.column:
            return msg("row {row}", row=self.row)
        return msg("row {row}, column {column}", row=self.row, column=self.column)

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}: {self.message} — mend: {self.fix}"


def columns(quotes: int = _FEWEST_QUOTES) -> tuple[str, ...]:
    """The headings of a table with room for so many quotes a question."""
    of_quotes = (f"{name}_{number}" for number in range(1, quotes + 1) for name in _QUOTE)
    last = (field for field in FIELDS if field.name == _LAST)
    others = (field for field in FIELDS if field.name != _LAST)
    return ("id", *_columns_of(others), *of_quotes, *_columns_of(last))


def _columns_of(fields: Iterable[Field]) -> Iterator[str]:
    for one in fields:
        yield from (f"{one.name}_{code}" for code in LANGUAGES) if one.is_text else (one.name,)


def table_of(drafts: Sequence[Draft]) -> Table:
    """The questions as a table, for `to_csv` and `to_xlsx`.

    Raises ValueError when a question has more than MAX_QUOTES quotes.
    """
    quotes = max([_FEWEST_QUOTES, *(len(draft.evidence) for draft in drafts)])
    if quotes > MAX_QUOTES:
        raise ValueError(f"a question has more than {MAX_QUOTES} quotes")
    names = columns(quotes)
    rows = [[_cell(cells.get(name)) for name in names] for cells in map(_cells, drafts)]
    return Table("Questions", names, rows)


def read_table(
    data: bytes, name: str, documents: Collection[str] | None = None, ids: Collection[str] = ()
) -> tuple[tuple[Draft, ...], tuple[TableProblem, ...]]:
    """The questions of a table that somebody filled in, and every problem it has.

    `documents` are those that may be quoted, None for any; `ids` those that the questions of the
    set have already.

    `name` is the file's, which tells .csv (UTF-8, or with a warning Windows-1252; comma, semicolon
    or tab) from .xlsx (the first sheet with a known heading; values, never formulas). A cell with
    a problem is left empty. A question without an id is a new one, called after its row. Never
    raises.
    """
    known = columns(MAX_QUOTES)
    try:
        spreadsheet = read_spreadsheet(data, name, known)
    except Unreadable as error:
        return (), tuple(_of_file(p.message, p.fix) for p in error.problems)
    problems: list[TableProblem] = []
    if spreadsheet.is_guessed:
        message = msg("the file is not UTF-8 and was read as Windows-1252")
        fix = msg("look at the accents, or save it again as CSV UTF-8")
        problems.append(_of_file(message, fix, Severity.WARNING))
    first = spreadsheet.rows[0] if spreadsheet.rows else ()
    places, odd = _places(first, known)
    problems.extend(odd)
    if not any(name in places for name in known if name.startswith("claim")):
        message = msg("the first row names no column claim_fr or claim_en")
        return (), (*problems, _of_file(message, msg("begin with the template")))
    rows = [_row(n, cells, places) for n, cells in enumerate(spreadsheet.rows[1:], start=2)]
    rows = [row for row in rows if row.cells or row.problems]
    if len(rows) > MAX_ROWS or len(spreadsheet.rows) == MAX_LINES:
        message = msg("the table has more than {count} rows", count=MAX_ROWS)
        problems.append(_of_file(message, msg("split it into several files")))
    taken = {*ids, *(row.cells["id"] for row in rows if "id" in row.cells)}
    drafts = [_draft(row, taken) for row in rows[:MAX_ROWS]]
    problems += [*_strangers(rows[:MAX_ROWS], documents), *_twins(rows)]
    for row in rows:
        problems.extend(row.problems)
    return tuple(drafts), tuple(sorted(problems))


def table_report(
    data: bytes, name: str, documents: Collection[str] | None = None, ids: Collection[str] = ()
) -> dict[str, Any]:
    """What `read_table` gives as plain JSON values: `drafts` and `problems`."""
    drafts, problems = read_table(data, name, documents, ids)
    return {
        "drafts": [draft_to_dict(draft) for draft in drafts],
        "problems": [
            {
                "row": problem.row,
                "column": problem.column,
                "severity": problem.severity.value,
                "message": message_to_dict(problem.message),
                "mend": message_to_dict(problem.fix),
            }
            for problem in problems
        ],
    }


def from_table_report(
    report: Mapping[str, Any],
) -> tuple[tuple[Draft, ...], tuple[TableProblem, ...]]:
    """What `read_table` gave, out of its report. Raises KeyError or ValueError on other data."""
    problems = (
        TableProblem(
            item["row"],
            item["column"],
            Severity(item["severity"]),
            message_from_dict(item["message"]),
            message_from_dict(item["mend"]),
        )
        for item in report["problems"]
    )
    return tuple(draft_from_dict(item) for item in report["drafts"]), tuple(problems)


def _cells(draft: Draft) -> dict[str, Cell]:
    """A question's cells by heading."""
    cells: dict[str, Cell] = {"id": draft.id}
    for one in FIELDS:
        value = getattr(draft, one.name)
        if one.is_text:
            cells |= _texts(f"{one.name}_{{}}", value)
        else:
            cells[one.name] = ", ".join(value) if one.kind is FieldKind.LIST else value or None
    for number, evidence in enumerate(draft.evidence, start=1):
        cells[f"document_{number}"] = evidence.document
        cells[f"quote_{number}"] = evidence.quote.exact
        cells[f"prefix_{number}"] = evidence.quote.prefix
        cells[f"suffix_{number}"] = evidence.quote.suffix
        cells[f"stance_{number}"] = evidence.stance and evidence.stance.value
        cells.update(_texts(f"translation_{{}}_{number}", evidence.translation))
    return cells


def _texts(name: str, text: Text) -> dict[str, Cell]:
    return {name.format(language): words for language, words in text.items()}


def _cell(cell: Cell) -> Cell:
    """A text that looks as if it was guarded against formulas already is guarded once more."""
    return f"'{cell}" if isinstance(cell, str) and _GUARDED.match(cell) else cell


def _of_file(message: str, fix: str, severity: Severity = Severity.ERROR) -> TableProblem:
    return TableProblem(0, "", severity, message, fix)


def _places(
    first: Sequence[str], known: Sequence[str]
) -> tuple[dict[str, int], list[TableProblem]]:
    """Where each column stands, and a warning for each that is not read."""
    places: dict[str, int] = {}
    problems: list[TableProblem] = []
    for at, cell in enumerate(first):
        name = OLDER_NAMES.get(heading(cell), heading(cell))
        if name in known and name not in places:
            places[name] = at
        elif name:
            message = msg("this column stands twice") if name in places else msg("no such column")
            fix = msg("it is not read: correct its name, or delete it")
            problem = TableProblem(1, shown(cell), Severity.WARNING, message, fix)
            problems.append(problem)
    return places, problems


@dataclass(slots=True)
class _Row:
    """The cells of a row that hold something, by heading, and what is wrong with them."""

    number: int
    cells: dict[str, str]
    problems: list[TableProblem] = field(default_factory=list)

    def error(self, column: str, message: str, fix: str) -> None:
        self.problems.append(TableProblem(self.number, column, Severity.ERROR, message, fix))


def _row(number: int, cells: Sequence[str], places: Mapping[str, int]) -> _Row:
    row = _Row(number, {})
    for name, at in places.items():
        cell = cells[at] if at < len(cells) else ""
        cell = cell[1:] if _GUARDED.match(cell) else cell
        cell = cell if _VERBATIM.fullmatch(name) else cell.strip()
        if bad := FORBIDDEN.search(cell):
            message = msg("the cell holds the character U+{code}", code=f"{ord(bad[0]):04X}")
            row.error(name, message, msg("delete this invisible character"))
        elif cell:
            row.cells[name] = cell
    return row


def _draft(row: _Row, taken: set[str]) -> Draft:
    parts: dict[str, Any] = {one.name: _part(row, one) for one in FIELDS}
    evidence = tuple(
        _evidence(row, number)
        for number in range(1, MAX_QUOTES + 1)
        if any(f"{name}_{number}" in row.cells for name in _QUOTE)
    )
    name = _slug(row, "id") or _free(f"question-{row.number}", taken)
    return Draft(name, **parts, evidence=evidence)


def _part(row: _Row, one: Field) -> Any:
    """The value of a field, or what stands for none where the cell has a problem."""
    match one.kind:
        case FieldKind.TEXT:
            return _text(row, f"{one.name}_{{}}")
        case FieldKind.CODE:
            assert one.codes
            return _code(row, one.name, one.codes)
        case FieldKind.LEVEL:
            return _level(row, one.name)
        case FieldKind.DAY:
            return _day(row, one.name)
        case FieldKind.LIST:
            return _list(row, one.name)
        case FieldKind.NAME:
            return _slug(row, one.name) or None


def _evidence(row: _Row, number: int) -> DraftEvidence:
    document = f"document_{number}"
    if document not in row.cells:
        row.error(document, msg("the document of this quote is missing"), msg("write its name"))
    return DraftEvidence(
        _slug(row, document),
        Quote(*(row.cells.get(f"{name}_{number}", "") for name in ("quote", "prefix", "suffix"))),
        _code(row, f"stance_{number}", Stance),
        _text(row, f"translation_{{}}_{number}"),
    )


def _text(row: _Row, name: str) -> Text:
    names = {language: name.format(language) for language in LANGUAGES}
    return {language: row.cells[n] for language, n in names.items() if n in row.cells}


def _code(row: _Row, column: str, codes: type[Code]) -> Code | None:
    cell = row.cells.get(column)
    if cell is None:
        return None
    written = _FRENCH.get(cell.casefold(), cell.casefold())
    for code in codes:
        if code.value.casefold() == written:
            return code
    fix = msg("write one of: {codes}", codes=", ".join(codes))
    row.error(column, _cannot_be(cell), fix)
    return None


def _slug(row: _Row, column: str) -> str:
    cell = row.cells.get(column, "")
    if cell and not _is_slug(cell):
        fix = msg("use small letters a–z, digits and single hyphens, like a-slug")
        row.error(column, _cannot_be(cell), fix)
        return ""
    return cell


def _day(row: _Row, column: str) -> str:
    cell = row.cells.get(column, "")
    try:
        return cell and _DAY.validate_python(cell)
    except ValidationError:
        row.error(column, _cannot_be(cell), msg("write a day like 2026-01-09"))
        return ""


def _level(row: _Row, column: str) -> int | None:
    cell = row.cells.get(column, "")
    if cell in LEVELS:
        return int(cell)
    if cell:
        row.error(column, _cannot_be(cell), msg("write 1, 2 or 3"))
    return None


def _list(row: _Row, column: str) -> tuple[str, ...]:
    """The codes of a cell, as the schema has them in files."""
    item = TypeAdapter[str](get_args(QuestionEntry.model_fields[column].annotation)[0])
    good = []
    for code in _listed(row, column):
        try:
            good.append(item.validate_python(code))
        except ValidationError:
            row.error(column, _cannot_be(code), _MENDS.get(column) or purpose(column))
    return tuple(good)


def _listed(row: _Row, column: str) -> list[str]:
    parts = (part.strip() for part in re.split("[,;]", row.cells.get(column, "")))
    return [part for part in parts if part]


def _cannot_be(cell: str) -> Message:
    return msg("the cell cannot be “{text}”", text=shown(cell, 40))


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "-x"
    return name


def _strangers(rows: Sequence[_Row], documents: Collection[str] | None) -> Iterator[TableProblem]:
    """An error for each document that may not be quoted or judged on."""
    for row in rows:
        columns = ("files", *(f"document_{number}" for number in range(1, MAX_QUOTES + 1)))
        for column, name in ((c, n) for c in columns for n in _listed(row, c)):
            if documents is not None and _is_slug(name) and name not in documents:
                message = msg("the set has no document {name}", name=name)
                fix = msg("write one of: {codes}", codes=", ".join(documents))
                if not documents:
                    fix = msg("add the document to the set first")
                yield TableProblem(row.number, column, Severity.ERROR, message, fix)


def _is_slug(text: str) -> bool:
    return len(text) <= MAX_SLUG and re.fullmatch(SLUG, text) is not None


def _twins(rows: Sequence[_Row]) -> list[TableProblem]:
    """An error for each id that stands in a row further up already."""
    first: dict[str, int] = {}
    found = []
    for row in rows:
        if (name := row.cells.get("id")) and first.setdefault(name, row.number) != row.number:
            message = msg("this id stands twice (first in row {row})", row=first[name])
            fix = msg("give each question an id of its own")
            found.append(TableProblem(row.number, "id", Severity.ERROR, message, fix))
    return found
