"""YAML is read as strings only, and whatever is more than plain data is refused with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.content.format.problems import Problem, Unreadable
from quiz.content.format.yaml_source import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_VALUES,
    SourcePosition,
    YamlSource,
    read_yaml,
)


def read(text: str) -> YamlSource:
    return read_yaml(text.encode(), "x.yaml")


def refusal(data: str | bytes) -> Problem:
    with pytest.raises(Unreadable) as caught:
        read_yaml(data.encode() if isinstance(data, str) else data, "x.yaml")
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    "scalar",
    [
        *("no", "yes", "true", "False", "on", "~", "NULL", "=", "<<"),
        *("1", "0x1F", "1_000", "1e3", ".inf", "012", "12:30:45"),
        *("2026-01-09", "2001-12-14t21:59:43.10-05:00"),
    ],
)
def test_scalars_stay_the_strings_they_are(scalar: str) -> None:
    assert read(f"key: {scalar}").value == {"key": scalar}


@pytest.mark.parametrize("nothing", ["null", "", " ", " # only a comment"])
def test_null_and_nothing_are_none(nothing: str) -> None:
    assert read(f"key: {nothing}").value == {"key": None}


def test_quoted_null_and_quoted_nothing_are_strings() -> None:
    assert read("a: 'null'\nb: \"\"").value == {"a": "null", "b": ""}


def test_lists_are_read_in_both_styles() -> None:
    assert read("a: [x, 'y']\nb:\n  - x\n  - y: z").value == {
        "a": ["x", "y"],
        "b": ["x", {"y": "z"}],
    }


def test_folded_and_literal_blocks_are_read() -> None:
    assert read("a: >-\n  one\n  two\nb: |\n  one\n  two\n").value == {
        "a": "one two",
        "b": "one\ntwo\n",
    }


def test_an_empty_file_is_none() -> None:
    assert read("").value is None
    assert read("# a comment\n").value is None


def test_every_value_and_key_has_its_place() -> None:
    source = read('top:\n  - id: a\n    claim: {fr: "é", en: x}\n')
    assert source.place(("top", 0, "claim", "en")) == SourcePosition(3, 26)
    assert source.key_place(("top", 0, "claim", "en")) == SourcePosition(3, 22)
    assert source.key_place(("top", 0, "id")) == SourcePosition(2, 5)


def test_a_value_that_is_not_there_has_the_place_of_what_holds_it() -> None:
    source = read("top:\n  - id: a\n")
    assert source.place(("top", 0, "claim", "en")) == source.place(("top", 0))
    assert source.place(("nowhere",)) == SourcePosition(1, 1)


def test_a_byte_order_mark_is_skipped() -> None:
    source = read("\ufeffkey: value")
    assert source.value == {"key": "value"}
    assert source.key_place(("key",)) == SourcePosition(1, 1)


def test_windows_newlines_are_newlines() -> None:
    source = read("a: x\r\nb: |\r\n  one\r\n  two\r\nc: z\r\n")
    assert source.value == {"a": "x", "b": "one\ntwo\n", "c": "z"}
    assert source.place(("c",)) == SourcePosition(5, 4)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a: b\nc: *b", 2, 4, "alias"),
        ("a: &b c", 1, 4, "anchor"),
        ("a: &b [c]", 1, 4, "anchor"),
        ("a: !!python/object/apply:os.system [ls]", 1, 4, "tag"),
        ("a: !local b", 1, 4, "tag"),
        ("a: !!str b", 1, 4, "tag"),
        ("%YAML 1.1\n---\na: no", 2, 1, "directive"),
        ("%TAG ! tag:x.org,2000:\n---\na: b", 2, 1, "directive"),
        ("a: b\n---\nc: d", 2, 1, "second YAML document"),
        ("a: 1\nb: 2\na: 3", 3, 1, "stands twice (first on line 1)"),
        ("a: {b: 1, c: 2, b: 3}", 1, 17, "stands twice"),
        ("? [a, b]\n: c", 1, 3, "key must be plain text"),
        ("? {a: b}\n: c", 1, 3, "key must be plain text"),
        ("a:\n\tb: c", 2, 1, "\\t"),
        ("a: b: c", 1, 5, "mapping values are not allowed"),
        ('a: "b', 1, 6, "unexpected end of stream"),
        ('a: "\\q"', 1, 6, "unknown escape"),
        ("a: [b", 1, 6, "stream end"),
        ("a: @b", 1, 4, "cannot start any token"),
        ('a: "\\0"', 1, 4, "U+0000"),
        ('a: "\\ud800"', 1, 4, "U+D800"),
        ('a: "\\e[31m"', 1, 4, "U+001B"),
        ('a: "\\UFFFFFFFF"', 1, 1, "YAML"),
        ("a: x\nb: \x07", 2, 4, "U+0007"),
        ("a: x\nb\0: y", 2, 2, "NUL"),
    ],
)
def test_refused_with_place_and_reason(text: str, line: int, column: int, words: str) -> None:
    problem = refusal(text)
    assert words in problem.message
    assert (problem.line, problem.column) == (line, column)
    assert problem.fix


def test_a_billion_laughs_are_refused_at_the_first_anchor() -> None:
    laughs = ["a0: &a0 [lol, lol]"]
    laughs += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    assert refusal("\n".join(laughs)).line == 1


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 20, 400, 100_000])
@pytest.mark.parametrize("unit", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused(depth: int, unit: str) -> None:
    assert "levels are nested" in refusal(unit * depth).message


def test_nesting_up_to_the_limit_is_read() -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH).value


def test_a_huge_file_is_refused_without_being_parsed() -> None:
    assert "over 1000 kB" in refusal(b"[" * (MAX_BYTES + 1)).message


@pytest.mark.parametrize("text", ["- a\n" * 250_000, "[" + "a," * 400_000 + "]"])
def test_too_many_values_are_refused_early(text: str) -> None:
    assert f"more than {MAX_VALUES} values" in refusal(text).message


def test_other_encodings_are_refused_at_the_first_bad_byte() -> None:
    problem = refusal("titre: x\nété: y".encode("latin-1"))
    assert "not UTF-8 (byte 0xE9)" in problem.message
    assert (problem.line, problem.column) == (2, 1)
    assert "UTF-8" in refusal("a: é".encode("utf-16")).message


def test_a_message_is_one_line_whatever_the_file_holds() -> None:
    assert "\n" not in str(refusal('"a\\nb": x\n"a\\nb": y'))


@given(
    st.binary(max_size=200)
    | st.text("ab&*!%[]{}:-?|>'\"#@`,\n\t \\x0", max_size=60).map(str.encode)
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        assert read_yaml(data, "x.yaml").place(()) >= SourcePosition(1, 1)
    except Unreadable as unreadable:
        problems = unreadable.problems
    assert all(p.line >= 1 and p.column >= 1 and p.fix for p in problems)
