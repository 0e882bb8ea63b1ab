"""A folder becomes a library: what is broken is left out with its problems, the rest is served."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quiz.content.loader import load
from quiz.domain.question_set import RegionKind
from quiz.domain.verdict import Rule, Stance, Verdict

Builder = Callable[..., dict[str, Any]]


def test_a_good_folder_has_no_problems(folder: Any) -> None:
    library = folder.load()
    assert library.problems == ()
    assert list(library.documents) == ["bridge"]
    assert list(library.sets) == ["bridge"]
    assert library.withheld == {}


def test_questions_come_as_domain_objects(folder: Any) -> None:
    (first, *_) = folder.load().sets["bridge"].questions
    assert first.verdict is Verdict.TRUE
    assert first.rule is Rule.T1
    assert first.difficulty == 1
    assert first.skills == ("close_reading",)
    assert first.evidence[0].stance is Stance.SUPPORTS
    assert first.evidence[0].translation == {"en": "What it says in English."}
    assert first.contrast is None


def test_the_taxonomy_comes_in_the_order_of_its_file(folder: Any) -> None:
    taxonomy = folder.load().taxonomy
    assert list(taxonomy.verdicts) == list(Verdict)
    assert list(taxonomy.rules) == list(Rule)
    assert list(taxonomy.skills) == ["close_reading", "number_check"]
    assert taxonomy.steps[0].rules == (Rule.T1,)


def test_sets_stand_in_their_order_and_then_by_name(folder: Any, questions: Any) -> None:
    folder.write_set("zebra", questions, order="2")
    folder.write_set("early", questions, order="10")
    folder.write_set("alone", questions)
    assert list(folder.load().sets) == ["zebra", "early", "alone", "bridge"]


def test_a_set_of_examples_is_marked(folder: Any, questions: Any) -> None:
    folder.write_set("shown", questions, examples="true")
    sets = folder.load().sets
    assert sets["shown"].is_examples
    assert not sets["bridge"].is_examples


def test_regions_cover_the_whole_text_in_order(folder: Any, bridge: str) -> None:
    regions = folder.load().documents["bridge"].regions
    assert [region.kind for region in regions] == [
        RegionKind.ARTICLE,
        RegionKind.FURNITURE,
        RegionKind.COMMENTS,
    ]
    assert "".join(bridge[r.span.start : r.span.end] for r in regions) == bridge
    assert bridge[regions[1].span.start :].startswith("Partager")


def test_a_region_begins_at_the_first_place_after_the_start_of_the_one_before(folder: Any) -> None:
    folder.write_document(
        "Photo. Le pont. Photo. Fin.",
        regions=[
            {"kind": "article", "begins": "Photo. Le pont"},
            {"kind": "furniture", "begins": "Photo. Fin"},
        ],
    )
    spans = [region.span for region in folder.load().documents["bridge"].regions]
    assert [(span.start, span.end) for span in spans] == [(0, 16), (16, 27)]


@pytest.mark.parametrize(
    ("regions", "message", "fix"),
    [
        ([{"kind": "article", "begins": "maire a"}], "begins inside the text", 'it "Le maire a'),
        (
            [{"kind": "article", "begins": "Le maire"}, {"kind": "caption", "begins": "Le maire"}],
            "where the one before it begins",
            "longer",
        ),
        (
            [{"kind": "article", "begins": "Le maire"}, {"kind": "caption", "begins": "Partajer"}],
            "not found in bridge.txt",
            "“Partager",
        ),
        (
            [
                {"kind": "article", "begins": "Le maire"},
                {"kind": "caption", "begins": "Partager"},
                {"kind": "related", "begins": "Le pont mesure"},
            ],
            "after the region before it",
            "order",
        ),
    ],
)
def test_regions_that_do_not_fit_leave_the_document_out(
    folder: Any, regions: Any, message: str, fix: str
) -> None:
    folder.write_document(regions=regions)
    library = folder.load()
    assert library.documents == {}
    about_document = [p for p in library.problems if p.file == "documents/bridge.yaml"]
    assert len(about_document) == 1
    assert message in about_document[0].message
    assert fix in about_document[0].fix


def test_a_set_whose_document_is_broken_is_left_out_and_says_so(folder: Any) -> None:
    folder.write("documents/bridge.yaml", "format: 2")
    library = folder.load()
    assert library.sets == {}
    assert any(
        p.file == "sets/bridge.yaml" and "its document bridge is missing or has errors" in p.message
        for p in library.problems
    )


def test_a_broken_set_does_not_take_the_others_with_it(folder: Any) -> None:
    folder.write("sets/broken.yaml", "format: 1\n\ttitle: x")
    library = folder.load()
    assert list(library.sets) == ["bridge"]
    (problem,) = library.problems
    assert (problem.file, problem.line, problem.column) == ("sets/broken.yaml", 2, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "length"}, "the id length stands twice (first on line"),
        ({"evidence": [{"document": "river", "quote": "x", "stance": "supports"}]}, "river is not"),
        (
            {"evidence": [{"document": "bridge", "quote": "vide", "stance": "supports"}]},
            "not found",
        ),
        ({"evidence": [{"document": "bridge", "quote": "pont", "stance": "supports"}]}, "stands 4"),
    ],
)
def test_a_set_that_cannot_be_played_is_withheld(
    folder: Any, questions: Any, make_question: Builder, change: Any, message: str
) -> None:
    folder.write_set("other", [*questions, make_question(**{"id": "more", **change})])
    library = folder.load()
    assert list(library.sets) == ["bridge"]
    assert list(library.withheld) == ["other"]
    (problem,) = library.problems
    assert message in problem.message.replace("many times", "4 times")


def test_document_texts_are_kept_byte_for_byte(folder: Any) -> None:
    text = "Le maire a ouvert\r\nle pont\u2028neuf\u00a0! e\u0301 \t\r\n\n "
    folder.write_document(text, regions=[{"kind": "article", "begins": "Le maire"}])
    folder.write("sets/bridge.yaml", "")
    assert folder.load().documents["bridge"].text == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("\ufeffLe maire".encode(), "byte order mark"),
        ("Le maire a été".encode("latin-1"), "not UTF-8"),
        ("Le maire".encode("utf-16"), "not UTF-8"),
        (b"Le maire\0", "NUL"),
        (b"x" * 1_000_001, "over 1000 kB"),
    ],
)
def test_texts_that_cannot_be_trusted_are_refused(folder: Any, data: bytes, message: str) -> None:
    folder.write("documents/bridge.txt", data)
    library = folder.load()
    assert library.documents == {}
    assert [p.file for p in library.problems if message in p.message] == ["documents/bridge.txt"]


def test_a_text_and_its_description_belong_together(folder: Any) -> None:
    folder.write("documents/lonely.txt", "x")
    folder.write("documents/silent.yaml", "format: 1")
    missing = [p.file for p in folder.load().problems if "is missing" in p.message]
    assert missing == ["documents/lonely.yaml", "documents/silent.txt"]


def test_a_headline_and_disclosures_are_exact_passages(folder: Any, in_both: Builder) -> None:
    folder.write_document(
        headline="Le pont neuf!",
        disclosures=[
            {"quote": "Partager", "note": in_both("x")},
            {"quote": "pont", "note": in_both("x")},
        ],
    )
    messages = [p.message for p in folder.load().problems if p.file == "documents/bridge.yaml"]
    assert len(messages) == 2
    assert any("the headline is not found" in message for message in messages)
    assert any("many times" in message for message in messages)


@pytest.mark.parametrize(
    "name", ["Bridge.yaml", "a_b.yaml", "é.yaml", "set.yml", "-x.yaml", "a" * 90]
)
def test_other_files_are_not_read_and_reported(folder: Any, name: str) -> None:
    folder.write(f"sets/{name}", "a: *b")
    (problem,) = folder.load().problems
    assert problem.severity == "warning"
    assert "is not read" in problem.message


def test_hidden_files_are_nobodys_business(folder: Any) -> None:
    folder.write("sets/.bridge.yaml.swp", b"\0")
    assert folder.load().problems == ()


def test_links_out_of_the_folder_are_not_followed(folder: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: 1", encoding="utf-8")
    (folder.path / "sets/secret.yaml").symlink_to(secret)
    library = folder.load()
    (problem,) = library.problems
    assert "leads out of the folder" in problem.message
    assert "sets/secret.yaml" not in library.sources


def test_links_in_circles_folders_and_pipes_are_reported(folder: Any) -> None:
    (folder.path / "sets/circle.yaml").symlink_to(folder.path / "sets/circle.yaml")
    (folder.path / "sets/folder.yaml").mkdir()
    os.mkfifo(folder.path / "sets/pipe.yaml")
    files = [p.file for p in folder.load().problems]
    assert files == ["sets/circle.yaml", "sets/folder.yaml", "sets/pipe.yaml"]


def test_an_empty_folder_has_problems_and_nothing_else(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        library = load(path)
        assert (library.documents, library.sets) == ({}, {})
        assert {p.file for p in library.problems} == {"documents", "sets", "taxonomy.yaml"}


def test_a_taxonomy_that_lacks_rules_is_left_out(folder: Any) -> None:
    folder.write("taxonomy.yaml", "format: 1\nverdicts: {}\nrules: {}\nskills: {}\nsteps: []\n")
    library = folder.load()
    assert library.taxonomy.rules == {}
    assert [p.message[:14] for p in library.problems] == ["verdicts lack ", "rules lack T1,"]
    assert list(library.sets) == ["bridge"]


def test_problems_are_sorted_and_print_as_one_line(folder: Any) -> None:
    folder.write("sets/b.yaml", "a: *b")
    folder.write("sets/a.yaml", "a: &b")
    problems = folder.load().problems
    assert [p.file for p in problems] == ["sets/a.yaml", "sets/b.yaml"]
    assert str(problems[1]).startswith(
        "sets/b.yaml:1:4: error: the alias *b is not allowed — mend: "
    )


def test_a_file_with_the_older_name_of_contrast_is_read(folder: Any, questions: Any) -> None:
    folder.write_set("bridge", [{**question, "pair": "bridge"} for question in questions])
    assert {q.contrast for q in folder.load().sets["bridge"].questions} == {"bridge"}


@pytest.mark.parametrize("names", [("pair", "contrast"), ("contrast", "pair"), ("pair", "pair")])
def test_a_key_under_both_of_its_names_is_an_error(
    folder: Any, questions: Any, names: tuple[str, str]
) -> None:
    folder.write_set("bridge", [{**questions[0], "pair": "bridge"}, *questions[1:]])
    file = folder.path / "sets/bridge.yaml"
    (line,) = (one for one in file.read_text("utf-8").splitlines() if "pair" in one)
    both = "\n".join(line.replace("pair", name) for name in names)
    file.write_text(file.read_text("utf-8").replace(line, both), "utf-8")
    (problem,) = folder.load().problems
    assert "the key contrast, or its older name pair, stands twice" in problem.message
    assert problem.fix == "keep one of the two"


def test_a_document_with_the_older_names_of_its_notes_is_read(folder: Any) -> None:
    now = folder.load().documents["bridge"]
    file = folder.path / "documents/bridge.yaml"
    older = file.read_text("utf-8").replace("provenance", "chain").replace("date_note", "dating")
    assert "chain" in older
    assert "dating" in older
    file.write_text(older, "utf-8")
    assert folder.load().documents["bridge"] == now
