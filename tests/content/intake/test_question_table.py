"""Questions as one table: out and in again without a change, and whatever trainers send."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from quiz.content.format.problems import Severity
from quiz.content.format.spreadsheet_writing import Table, to_csv, to_xlsx
from quiz.content.intake.empty_table import template
from quiz.content.intake.question_table import (
    MAX_ROWS,
    TableProblem,
    columns,
    from_table_report,
    read_table,
    table_of,
    table_report,
)
from quiz.domain.draft import draft_of
from quiz.domain.message import Message
from quiz.domain.question_set import Draft, DraftEvidence
from quiz.domain.quote import Quote
from quiz.domain.verdict import Rule, Stance, Verdict
from tests.content import legal
from tests.shipped import SHIPPED

SECONDS = 2

evidence = st.builds(
    DraftEvidence, legal.slugs, legal.quotes, st.none() | st.sampled_from(Stance), legal.some
)
drafts = st.builds(
    Draft,
    id=legal.slugs,
    claim=legal.some,
    verdict=st.none() | st.sampled_from(Verdict),
    rule=st.none() | st.sampled_from(Rule),
    as_of=st.just("") | legal.days,
    difficulty=st.none() | st.integers(1, 3),
    skills=st.lists(legal.codes, max_size=3).map(tuple),
    evidence=st.lists(evidence, max_size=4).map(tuple),
    explanation=legal.some,
    files=st.lists(legal.slugs, max_size=2, unique=True).map(tuple),
    contrast=st.none() | legal.slugs,
)
many = st.lists(drafts, max_size=4, unique_by=lambda draft: draft.id)


def as_csv(*rows: Mapping[str, str], delimiter: str = ",") -> bytes:
    """A table in which each row has these cells, and no other columns."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    return "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines).encode()


def as_xlsx(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def only(data: bytes, name: str = "a.csv") -> tuple[Draft, tuple[TableProblem, ...]]:
    (draft,), problems = read_table(data, name)
    return draft, problems


CLAIM = {"claim_fr": "Le pont est ouvert."}


@given(many)
def test_csv_out_and_in_gives_equal_drafts(written: list[Draft]) -> None:
    assert read_table(to_csv(table_of(written)), "a.csv") == (tuple(written), ())


def in_a_workbook(draft: Draft) -> bool:
    """Whether a workbook can tell its texts from escapes of characters that XML cannot hold."""
    return "_x00" not in repr(draft)


@given(many.filter(lambda written: all(map(in_a_workbook, written))))
def test_xlsx_out_and_in_gives_equal_drafts(written: list[Draft]) -> None:
    assert read_table(to_xlsx([table_of(written)]), "a.xlsx") == (tuple(written), ())


@pytest.mark.parametrize("slug", SHIPPED.sets)
def test_shipped_sets_come_back_equal(slug: str) -> None:
    written = tuple(draft_of(question) for question in SHIPPED.sets[slug].questions)
    assert read_table(to_csv(table_of(written)), "a.csv") == (written, ())
    assert read_table(to_xlsx([table_of(written)]), "a.xlsx") == (written, ())


def test_the_columns_stand_in_the_order_of_the_form() -> None:
    assert columns(1) == (
        *("id", "claim_fr", "claim_en", "verdict", "rule", "as_of", "difficulty", "skills"),
        *("files", "contrast", "document_1", "quote_1", "prefix_1", "suffix_1", "stance_1"),
        *("translation_fr_1", "translation_en_1", "explanation_fr", "explanation_en"),
    )
    assert table_of([]).columns == columns(3)


def test_a_table_has_room_for_all_quotes_up_to_nine() -> None:
    quote = DraftEvidence("bridge", Quote("Le pont"))
    four = Draft("a", evidence=(quote,) * 4)
    assert "quote_4" in table_of([four]).columns
    with pytest.raises(ValueError, match="more than 9 quotes"):
        table_of([replace(four, evidence=(quote,) * 10)])


def test_a_formula_stays_text_and_comes_back_without_its_apostrophe() -> None:
    written = (Draft("a", claim={"fr": "=1+1", "en": "'=1+1"}, explanation={"fr": "-''x"}),)
    data = to_csv(table_of(written))
    assert b",'=1+1,''=1+1," in data
    assert read_table(data, "a.csv")[0] == written


def test_headings_may_stand_in_any_order_in_any_case_and_some_may_be_missing() -> None:
    draft, problems = only(as_csv({"VERDICT": "False", " Claim FR ": " Faux ? ", "Id": "a"}))
    assert draft == Draft("a", claim={"fr": "Faux ?"}, verdict=Verdict.FALSE)
    assert problems == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    cells = {"id": "a", "claim_fr": "Un, deux ; trois", "skills": "one, two"}
    draft, problems = only(as_csv(cells, delimiter=delimiter))
    assert draft == Draft("a", claim={"fr": "Un, deux ; trois"}, skills=("one", "two"))
    assert problems == ()


def test_a_cell_may_have_several_lines() -> None:
    draft, _ = only(b'id,claim_fr,quote_1,document_1\na,"un\ndeux","x\r\ny\n",b\n')
    assert draft.claim == {"fr": "un\ndeux"}
    assert draft.evidence[0].quote == Quote("x\r\ny\n")


def test_the_old_encoding_of_windows_is_read_with_a_warning() -> None:
    draft, (problem,) = only("id;claim_fr\na;L’été « déjà »".encode("cp1252"))
    assert draft.claim == {"fr": "L’été « déjà »"}
    assert (problem.row, problem.severity) == (0, Severity.WARNING)
    assert "Windows-1252" in problem.message


def test_a_question_without_an_id_is_called_after_its_row() -> None:
    (first, second), problems = read_table(as_csv({**CLAIM, "id": "question-3"}, CLAIM), "a.csv")
    assert (first.id, second.id) == ("question-3", "question-3-x")
    assert problems == ()


def test_empty_rows_are_left_out_but_counted() -> None:
    data = b"id,claim_fr,rule\na,Un,\n,,\n\nb,Deux,X9\n"
    (first, second), (problem,) = read_table(data, "a.csv")
    assert (first.id, second.id) == ("a", "b")
    assert str(problem) == (
        "row 5, column rule: error: the cell cannot be “X9” "
        "— mend: write one of: T1, T2, T3, F1, F2, F3, U1, U2, U3, U4, U5, U6, U7, U8"
    )


def test_unknown_columns_are_named_in_a_warning() -> None:
    _, problems = only(b"id,claim_fr,Comment,claim_fr\na,Un,Deux,Trois\n")
    assert [(p.row, p.column, str(p.message), p.severity) for p in problems] == [
        (1, "Comment", "no such column", Severity.WARNING),
        (1, "claim_fr", "this column stands twice", Severity.WARNING),
    ]


@pytest.mark.parametrize(
    ("column", "cell", "fix"),
    [
        ("id", "Not a slug", "small letters"),
        ("id", "a" * 81, "small letters"),
        ("verdict", "maybe", "true, false, unverified"),
        ("rule", "T9", "T1, T2"),
        ("as_of", "24/11/2025", "2026-01-09"),
        ("as_of", "2025-02-30", "2026-01-09"),
        ("difficulty", "4", "1, 2 or 3"),
        ("skills", "Close Reading", "codes with commas"),
        ("contrast", "A B", "small letters"),
        ("files", "A B", "with commas between them"),
        ("document_1", "A B", "small letters"),
        ("stance_1", "for", "supports, refutes, hedges, nearest"),
        ("claim_en", "a\x01b", "invisible"),
        ("quote_1", "a\x0cb", "invisible"),
    ],
)
def test_a_cell_with_a_problem_is_left_empty_and_named(column: str, cell: str, fix: str) -> None:
    cells = {"id": "a", "document_1": "bridge", **CLAIM, column: cell}
    draft, (problem,) = only(as_csv(cells))
    assert (problem.row, problem.column, problem.severity) == (2, column, Severity.ERROR)
    assert fix in problem.fix
    assert cell not in repr(draft)


def test_a_quote_needs_its_document() -> None:
    draft, (problem,) = only(as_csv({**CLAIM, "quote_2": "Le pont"}))
    assert draft.evidence == (DraftEvidence("", Quote("Le pont")),)
    assert (problem.row, problem.column) == (2, "document_2")


def test_an_id_that_stands_twice_is_named() -> None:
    _, (problem,) = read_table(as_csv({**CLAIM, "id": "a"}, {**CLAIM, "id": "a"}), "a.csv")
    assert (problem.row, problem.column) == (3, "id")
    assert "first in row 2" in problem.message


def test_what_excel_makes_of_a_cell_is_understood() -> None:
    draft, problems = only(
        as_xlsx(
            ["id", "claim_fr", "verdict", "as_of", "difficulty", "contrast"],
            [12, "Vrai", True, datetime(2025, 11, 24), 2.0, 2025],
        ),
        "Table.XLSX",
    )
    assert problems == ()
    assert draft == Draft(
        "12",
        claim={"fr": "Vrai"},
        verdict=Verdict.TRUE,
        as_of="2025-11-24",
        difficulty=2,
        contrast="2025",
    )
    assert only(as_csv({**CLAIM, "verdict": "FAUX"}))[0].verdict is Verdict.FALSE
    assert only(as_xlsx(["claim_fr", "as_of"], ["a", date(2025, 1, 2)]), "a.xlsx")[0].as_of


def test_the_first_sheet_with_a_heading_is_read() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("Notes").write_row(0, 0, ["what", "ever"])
        sheet = book.add_worksheet("Mine")
        sheet.write_row(0, 0, ["id", "claim_en"])
        sheet.write_row(1, 0, ["a", "The claim"])
    assert only(out.getvalue(), "a.xlsx") == (Draft("a", claim={"en": "The claim"}), ())


def test_a_formula_in_a_workbook_is_not_worked_out() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "claim_en", "claim_fr"])
        sheet.write_row(1, 0, ["a", "The claim"])
        sheet.write_formula(1, 2, "=1+1", None, "what was seen")
    assert only(out.getvalue(), "a.xlsx")[0].claim == {"en": "The claim", "fr": "what was seen"}


def test_there_are_at_most_500_rows() -> None:
    rows = [{"id": f"q{n}", **CLAIM} for n in range(MAX_ROWS + 1)]
    assert len(read_table(as_csv(*rows[:-1]), "a.csv")[0]) == MAX_ROWS
    full = [[f"q{n}", *["x" * (n + 1)] * 66] for n in range(MAX_ROWS)]
    assert len(read_table(to_xlsx([Table("a", columns(8), full)]), "a.xlsx")[0]) == MAX_ROWS
    assert read_table(as_csv(*rows[:-1]), "a.csv")[1] == ()
    found, (problem,) = read_table(as_csv(*rows), "a.csv")
    assert len(found) == MAX_ROWS
    assert problem.message == "the table has more than 500 rows"
    assert read_table(as_csv(*rows * 10), "a.csv")[1][0].row == 0


def test_formatted_rows_that_hold_nothing_are_no_rows() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, ["id", "claim_en"])
        sheet.write_row(1, 0, ["a", "The claim"])
        for row in range(2, 3_000):
            sheet.write_blank(row, 0, None, bold)
    assert only(out.getvalue(), "a.xlsx") == (Draft("a", claim={"en": "The claim"}), ())


def test_the_template_is_read_without_a_problem() -> None:
    table, helping = template(SHIPPED.taxonomy)
    for data, name in ((to_csv(table), "a.csv"), (to_xlsx([table, helping]), "a.xlsx")):
        found, problems = read_table(data, name)
        assert len(found) == 2
        assert problems == ()


def test_the_help_lists_every_code_and_can_be_said_in_another_language() -> None:
    _, helping = template(SHIPPED.taxonomy)
    values = {row[2] for row in helping.rows}
    codes = {*Verdict, *Rule, *Stance, *SHIPPED.taxonomy.skills}
    assert codes <= values
    assert helping.name == "Help"
    _, other = template(SHIPPED.taxonomy, lambda words: f"<{words.template}>")
    assert other.name == "<Help>"
    assert other.columns[0] == "<column>"
    assert all(str(row[1]).startswith("<") for row in other.rows if row[0])
    assert ["", "Vrai / True", "true"] in [list(row) for row in other.rows]


def test_problems_and_drafts_go_through_json() -> None:
    data = as_csv({**CLAIM, "id": "a", "verdict": "maybe"}, {**CLAIM, "id": "A"})
    report = json.loads(json.dumps(table_report(data, "a.csv")))
    assert from_table_report(report) == read_table(data, "a.csv")
    (first, _) = from_table_report(report)[1]
    assert isinstance(first.message, Message)
    assert first.place.template == "row {row}, column {column}"


def edited(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return out.getvalue()


def with_doctype(name: str, data: bytes) -> bytes:
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'
    return (
        data.replace(b"?>", b"?>" + laughs, 1) if name.endswith(("sheet1.xml", "gs.xml")) else data
    )


def with_outside(name: str, data: bytes) -> bytes:
    outside = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
    data = data.replace(b"?>", b"?>" + outside, 1) if name.endswith("Strings.xml") else data
    return data.replace(b">Le pont", b">&b;Le pont")


GOOD = to_xlsx([Table("a", ["claim_fr"], [["Le pont est ouvert."]])])
ZEROS = b" " * 30_000_000

UNREADABLE: dict[str, tuple[str, bytes]] = {
    "nothing": ("a.xlsx", b""),
    "an empty CSV": ("a.csv", b""),
    "text as XLSX": ("a.xlsx", b"claim_fr\n"),
    "XLSX as CSV": ("a.csv", GOOD),
    "the old XLS": ("a.xls", b"\xd0\xcf\x11\xe0"),
    "no ending": ("a", b"claim_fr\n"),
    "half of it": ("a.xlsx", GOOD[: len(GOOD) // 2]),
    "another zip": ("a.xlsx", edited(GOOD, lambda _, data: data[:10])),
    "laughs": ("a.xlsx", edited(GOOD, with_doctype)),
    "an entity from outside": ("a.xlsx", edited(GOOD, with_outside)),
    "a bomb": ("a.xlsx", edited(GOOD, lambda _, data: data + ZEROS)),
    "a bomb in one part": (
        "a.xlsx",
        edited(GOOD, lambda name, data: data + ZEROS * (name == "xl/sharedStrings.xml")),
    ),
    "a million texts": (
        "a.xlsx",
        edited(GOOD, lambda _, data: data.replace(b"</sst>", b"<si><t>a</t></si>" * 10**6)),
    ),
    "too big": ("a.xlsx", GOOD + bytes(5_000_000)),
    "a CSV that is too big": ("a.csv", b"claim_fr\n" + b"a" * 1_000_000),
    "UTF-16": ("a.csv", "claim_fr\nLe pont".encode("utf-16")),
    "no encoding at all": ("a.csv", b"claim_fr\n\x81\x8d\xff"),
    "a NUL": ("a.csv", b"claim_fr\na\0b"),
    "an open quote": ("a.csv", b'claim_fr\n"Le pont'),
    "a cell without end": ("a.csv", b"claim_fr\n" + b"a" * 200_000),
    "no heading": ("a.csv", b"1,2,3\n"),
    "other headings": ("a.xlsx", as_xlsx(["Question", "Answer"], ["a", "b"])),
    "commas only": ("a.csv", b"," * 900_000),
    "lines only": ("a.csv", b"\n" * 900_000),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_refused_in_no_time(name: str) -> None:
    file, data = UNREADABLE[name]
    start = time.process_time()
    found, problems = read_table(data, file)
    assert time.process_time() - start < SECONDS
    assert found == ()
    (problem,) = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert problem.row == 0
    assert isinstance(problem.message, Message)
    assert isinstance(problem.fix, Message)


@given(st.binary(max_size=200) | st.text("\",;\n\r\t'=claim_fr ", max_size=80).map(str.encode))
def test_whatever_a_csv_holds_nothing_is_raised(data: bytes) -> None:
    read_table(data, "a.csv")
    read_table(b"claim_fr,quote_1;id\n" + data, "a.csv")


@given(st.data())
def test_whatever_is_changed_in_a_workbook_nothing_is_raised(data: st.DataObject) -> None:
    parts = [entry.filename for entry in zipfile.ZipFile(io.BytesIO(GOOD)).infolist()]
    part = data.draw(st.sampled_from(parts))
    start, length = data.draw(st.integers(0, 2_000)), data.draw(st.integers(0, 60))
    new = data.draw(st.binary(max_size=20))

    def change(name: str, old: bytes) -> bytes:
        return old[:start] + new + old[start + length :] if name == part else old

    read_table(edited(GOOD, change), "a.xlsx")


def test_openpyxl_expands_no_entities() -> None:
    assert openpyxl.DEFUSEDXML


def test_a_document_that_the_set_has_not_is_named_with_row_and_column() -> None:
    data = b"claim_en,document_1,quote_1\nA,bridge,a\nB,brigde,b\n"

    _drafts, problems = read_table(data, "a.csv", ["bridge", "tower"])
    (problem,) = problems
    assert (problem.row, problem.column) == (3, "document_1")
    assert problem.message == "the set has no document brigde"
    assert problem.fix == "write one of: bridge, tower"

    assert read_table(data, "a.csv")[1] == ()
    assert {p.fix for p in read_table(data, "a.csv", [])[1]} == {
        "add the document to the set first"
    }


def test_a_row_without_an_id_takes_none_that_the_set_has() -> None:
    drafts, _problems = read_table(b"claim_en\nA\nB\n", "a.csv", None, ["question-2"])
    assert [draft.id for draft in drafts] == ["question-2-x", "question-3"]


def test_a_column_under_its_older_name_is_read() -> None:
    data = as_csv({"id": "a", "claim_fr": "Un pont", "pair": "bridge"})
    assert only(data, "a.csv") == (
        Draft("a", claim={"fr": "Un pont"}, contrast="bridge"),
        (),
    )
