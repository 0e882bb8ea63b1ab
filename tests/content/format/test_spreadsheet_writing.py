"""Tables for spreadsheets: everything arrives, nothing becomes a formula."""

from __future__ import annotations

import csv
import io
import math
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.content.format.spreadsheet_writing import LONGEST_TEXT, Cell, Table, to_csv, to_xlsx

MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\0=1", "=cmd|' /C calc'!A0"]
# What XML cannot hold, a workbook writes in its own way; a spreadsheet reads it back.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50)
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    texts,
)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {s.title: [[cell.value for cell in row] for row in s.iter_rows()] for s in book}


def test_a_csv_file_is_rfc_4180_in_utf_8_with_a_mark() -> None:
    table = Table("t", ["a", "é"], [["x,y", 'say "no"'], ["two\nlines", None]])

    assert to_csv(table) == '\ufeffa,é\r\n"x,y","say ""no"""\r\n"two\nlines",\r\n'.encode()


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_gets_an_apostrophe_in_csv(text: str) -> None:
    content = read_csv(to_csv(Table("t", ["a"], [[text]])))

    assert content == [["a"], [f"'{text}"]]


def test_numbers_stay_numbers_and_other_values_are_readable() -> None:
    row: list[Cell] = [-3, 0.5, True, False, None, MOMENT, "plain"]
    iso = "2026-03-02T09:30:00+00:00"

    assert read_csv(to_csv(Table("t", list("abcdefg"), [row])))[1] == (
        ["-3", "0.5", "true", "false", "", iso, "plain"]
    )
    assert read_xlsx(to_xlsx([Table("t", list("abcdefg"), [row])]))["t"][1] == (
        [-3, 0.5, True, False, None, iso, "plain"]
    )


@pytest.mark.parametrize("text", [*FORMULAS[:4], "http://example.org", "{=1}", "12", "1e5"])
def test_text_stays_text_in_a_workbook(text: str) -> None:
    content = to_xlsx([Table("t", [text], [[text]])])

    book = openpyxl.load_workbook(io.BytesIO(content))
    assert {cell.data_type for row in book["t"].iter_rows() for cell in row} == {"s"}
    assert read_xlsx(content)["t"] == [[text], [text]]
    parts = zipfile.ZipFile(io.BytesIO(content))
    assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_sheets_have_names_that_a_workbook_takes() -> None:
    names = ["a/b", "A?b", "'x'", "", "n" * 40, "n" * 41]

    sheets = read_xlsx(to_xlsx(Table(name, ["c"], []) for name in names))

    assert list(sheets) == ["a b", "A b 2", "x", "Sheet", "n" * 31, "n" * 27 + " 2"]


def test_a_text_too_long_for_a_cell_is_cut_in_a_workbook_only() -> None:
    table = Table("t", ["a"], [["x" * (LONGEST_TEXT + 5)]])

    assert len(str(read_xlsx(to_xlsx([table]))["t"][1][0])) == LONGEST_TEXT
    assert len(read_csv(to_csv(table))[1][0]) == LONGEST_TEXT + 5


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2))
)
def test_every_text_comes_back_from_csv(rows: list[list[str]]) -> None:
    content = read_csv(to_csv(Table("t", ["a", "b"], rows)))[1:]

    assert [[cell.removeprefix("'") for cell in row] for row in content] == (
        [[cell.removeprefix("'") for cell in row] for row in rows]
    )
    assert not any(cell.startswith(tuple("=+-@\t\r\0")) for row in content for cell in row)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8))
def test_every_value_comes_back_from_a_workbook(rows: list[list[Cell]]) -> None:
    content = read_xlsx(to_xlsx([Table("t", ["a", "b", "c"], rows)]))["t"][1:]

    for got, given_row in zip(content, rows, strict=False):
        for value, cell in zip(got, given_row, strict=True):
            if isinstance(cell, float):
                assert isinstance(value, int | float)
                assert math.isclose(value, cell, rel_tol=1e-12, abs_tol=1e-300)
            else:
                assert value == (None if cell == "" else cell)


@pytest.mark.parametrize("text", ["<r></si><si></r>", "<r>&amp;<t>a</t></r>", "<r></r>"])
def test_text_that_looks_like_marked_up_text_stays_text_in_a_workbook(text: str) -> None:
    content = read_xlsx(to_xlsx([Table("t", [text], [[text]])]))

    assert content == {"t": [[text], [text]]}
