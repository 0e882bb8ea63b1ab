"""The schema's errors stand at the right place in plain words; schema.json is in step."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import run
from quiz.content.format.problems import Problem, Unreadable
from quiz.content.format.schema import (
    DocumentFile,
    SetFile,
    TaxonomyFile,
    json_schema,
    write_json_schema,
)
from quiz.content.format.schema_problems import parse
from quiz.content.format.yaml_source import read_yaml
from quiz.domain.verdict import RULES, Rule

QUESTIONS = run.ROOT / "questions"

SET = """\
format: 1
title: {fr: Le pont, en: The bridge}
summary: {fr: Une brève., en: A short piece.}
documents: [bridge]
questions:
  - id: opening-day
    claim:
      fr: Le pont a ouvert.
      en: The bridge opened.
    verdict: true
    rule: T1
    as_of: 2025-05-04
    difficulty: 1
    skills: [close_reading]
    evidence:
      - document: bridge
        quote: Le pont
        stance: supports
        translation: {en: The bridge}
    explanation: {fr: Parce que., en: Because.}
"""


def problems(old: str, new: str) -> list[Problem]:
    """What is wrong with the set once a piece of it is replaced."""
    assert old in SET
    source = read_yaml(SET.replace(old, new, 1).encode(), "sets/bridge.yaml")
    with pytest.raises(Unreadable) as caught:
        parse(SetFile, source)
    return list(caught.value.problems)


def test_a_good_set_is_read() -> None:
    entry = parse(SetFile, read_yaml(SET.encode(), "sets/bridge.yaml"))
    assert entry.questions[0].verdict == "true"
    assert entry.questions[0].evidence[0].quote == "Le pont"


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "message", "fix"),
    [
        (
            "\n      fr: Le pont a ouvert.\n      en: The bridge opened.",
            " {}",
            7,
            12,
            "claim is empty",
            "in one language at least",
        ),
        ("[bridge]", "[bridge]\nlanguages: [de]", 5, 13, "entry 1 of languages", "fr, en"),
        ("[bridge]", "[bridge]\nlanguages: []", 5, 12, "languages has no entry", "add at least"),
        ("fr: Le pont a ouvert.", "fr:", 8, 7, "claim.fr is empty", "add the French claim"),
        ("fr: Le pont a ouvert.", 'fr: " "', 8, 11, "claim.fr is empty", "add the French claim"),
        ("    rule: T1\n", "", 6, 5, "rule is missing", "add `rule: …`"),
        ("rule: T1", "rule: T9", 11, 11, "rule cannot be “T9”", "write one of: T1, T2"),
        ("verdict: true", "verdict: True", 10, 14, "verdict cannot be “True”", "true, false, unv"),
        ("verdict:", "verdit:", 10, 5, "verdit is not a known key", "did you mean `verdict`?"),
        ("    rule: T1", "    zzz: 1\n    rule: T1", 11, 5, "zzz is not a known key", "delete it"),
        ("2025-05-04", "2025-02-30", 12, 12, "as_of is no day of the calendar", "2026-01-09"),
        ("2025-05-04", "20250504", 12, 12, "as_of is not a date", "2026-01-09"),
        ("2025-05-04", "٢٠٢٥-٠٥-٠٤", 12, 12, "as_of is not a date", "2026-01-09"),
        ("difficulty: 1", "difficulty: 4", 13, 17, "difficulty cannot be “4”", "1, 2, 3"),
        ("[close_reading]", "close_reading", 14, 13, "skills must be a list", "[a, b]"),
        ("[close_reading]", "[close_reading, Big]", 14, 29, "entry 2 of skills", "small letters"),
        ("quote: Le pont", "quote: [a]", 17, 16, "quote must be text", "double quotes"),
        ("quote: Le pont", 'quote: ""', 17, 16, "quote is empty", "add `quote: …`"),
        ("stance: supports", "stance: agrees", 18, 17, "stance cannot be “agrees”", "hedges"),
        ("{en: The bridge}", "{de: Die Brücke}", 19, 23, "translation.de is not a known", "delete"),
        ("id: opening-day", "id: Opening Day", 6, 9, "id cannot be “Opening Day”", "a-slug"),
        ("documents: [bridge]", "documents: []", 4, 12, "documents has no entry", "add at least"),
        ("documents: [bridge]", "documents: bridge", 4, 12, "documents must be a list", "[a, b]"),
        ("documents: [bridge]", "documents: [../x]", 4, 13, "entry 1 of documents", "a-slug"),
        ("format: 1", "format: 2", 1, 9, "format cannot be “2”", "write one of: 1"),
        ("format: 1", "format: 1\norder: ten", 2, 8, "order cannot be “ten”", "whole number"),
        ("format: 1", "format: 1\nexamples: yes", 2, 11, "examples cannot be “yes”", "true, false"),
        (
            "{fr: Le pont, en: The bridge}",
            "Le pont",
            2,
            8,
            "title must be lines",
            "indent its keys",
        ),
    ],
)
def test_errors_say_what_is_wrong_where_and_the_mend(
    old: str, new: str, line: int, column: int, message: str, fix: str
) -> None:
    # A misspelt key is missing, too: two problems.
    *others, problem = sorted(problems(old, new), key=lambda p: message in p.message)
    assert message in problem.message
    assert fix in problem.fix
    assert (problem.file, problem.line, problem.column) == ("sets/bridge.yaml", line, column)
    assert [p.message for p in others] in ([], ["verdict is missing"])


def test_all_errors_are_told_at_once() -> None:
    assert len(problems("    verdict: true\n    rule: T1\n    as_of: 2025-05-04\n", "")) == 3


def test_a_file_that_is_no_mapping_is_refused() -> None:
    for text in ("", "- a", "just text"):
        with pytest.raises(Unreadable, match="the file"):
            parse(SetFile, read_yaml(text.encode(), "sets/bridge.yaml"))


def test_surrounding_space_is_dropped_from_prose_and_kept_in_quotes() -> None:
    text = SET.replace("quote: Le pont", 'quote: " Le pont\\u00a0"').replace(
        "fr: Le pont a ouvert.", 'fr: " Le pont a ouvert.\\n"'
    )
    (question,) = parse(SetFile, read_yaml(text.encode(), "x")).questions
    assert question.evidence[0].quote == " Le pont\u00a0"
    assert question.claim.fr == "Le pont a ouvert."


@pytest.mark.parametrize(
    ("published", "is_good"),
    [
        ("2026-01-09", True),
        ("2025-11-24/2025-12-20", True),
        ("2025-12-20/2025-11-24", False),
        ("2025-11-24/2025-12-20/2026-01-01", False),
        ("2025-11-24/", False),
        ("2025-11", False),
        ("2025-13-01", False),
    ],
)
def test_a_publication_date_is_a_day_or_a_range_in_order(published: str, is_good: bool) -> None:
    text = (
        "format: 1\ntitle: &\nlanguage: fr\nkind: &\nprovenance: &\ndate_note: &\n"
        "regions: [{kind: article, begins: x}]\npublished: "
    ).replace("&", "{fr: a, en: b}") + published
    source = read_yaml(text.encode(), "documents/bridge.yaml")
    if is_good:
        assert parse(DocumentFile, source).published == published
    else:
        with pytest.raises(Unreadable, match="published"):
            parse(DocumentFile, source)


def test_an_unknown_code_in_the_taxonomy_is_refused() -> None:
    text = (
        "format: 1\nverdicts: {}\nskills: {}\nsteps: []\nrules:\n  X1:\n    name: {fr: a, en: b}\n"
    )
    text += "    meaning: {fr: a, en: b}\n    ask: {fr: a, en: b}\n"
    with pytest.raises(Unreadable, match=r"t\.yaml:7:5: .*rules\.X1 is not a known code"):
        parse(TaxonomyFile, read_yaml(text.encode(), "t.yaml"))


def test_schema_json_is_in_step_with_the_models() -> None:
    written = (QUESTIONS / "schema.json").read_text(encoding="utf-8")
    assert written == json_schema(), "run: python -m quiz.content --write-schema"


def test_schema_json_can_be_written_anywhere(tmp_path: Path) -> None:
    write_json_schema(tmp_path)
    written = json.loads((tmp_path / "schema.json").read_text(encoding="utf-8"))
    assert {"SetFile", "DocumentFile", "TaxonomyFile"} <= written["$defs"].keys()


def test_editors_may_read_numbers_and_booleans_where_files_look_like_them() -> None:
    definitions = json.loads(json_schema())["$defs"]
    question = definitions["QuestionEntry"]["properties"]
    assert {1, "1"} <= set(question["difficulty"]["enum"])
    assert True in question["verdict"]["enum"]
    assert "unverified" in question["verdict"]["enum"]


def test_no_other_value_ends_in_a_traceback(
    make_question: Callable[..., dict[str, Any]],
) -> None:
    for key in make_question():
        for value in ("x", "[]", "[[a]]", "{a: b}", "null"):
            text = "\n  ".join(f"{k}: {value if k == key else 'y'}" for k in make_question())
            source = read_yaml(f"questions:\n- {text}".encode(), "x.yaml")
            with pytest.raises(Unreadable):
                parse(SetFile, source)


def test_editors_know_what_each_rule_demands() -> None:
    conditions = json.loads(json_schema())["$defs"]["QuestionEntry"]["allOf"]
    demanded = {
        code: condition["then"]["properties"]
        for condition in conditions
        for code in condition["if"]["properties"]["rule"]["enum"]
    }
    assert set(demanded) == set(Rule)
    assert demanded["T2"]["verdict"] == {"enum": [True, "true"]}
    assert demanded["U6"]["evidence"]["minContains"] == 2
    for code, properties in demanded.items():
        evidence = properties["evidence"]
        one = evidence["items" if code == "U5" else "contains"]
        assert one["properties"]["stance"]["enum"] == list(RULES[Rule(code)].stances)
