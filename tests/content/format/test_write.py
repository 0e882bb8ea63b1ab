"""Sets and documents as files: what is written is read as equal, and written the same again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.content.format.build import build_document, build_set
from quiz.content.format.schema import DocumentFile, SetFile
from quiz.content.format.schema_problems import parse
from quiz.content.format.write import document_yaml, set_yaml
from quiz.content.format.yaml_source import MAX_BYTES, read_yaml
from quiz.content.loader import load_files
from quiz.domain.question_set import QuestionSet, Region, RegionKind, SourceDocument
from quiz.domain.quote import Span
from tests.content import legal
from tests.shipped import SHIPPED

SETS: Mapping[str, QuestionSet] = SHIPPED.all_sets
SET = SETS["direct-call"]
DOCUMENT = SHIPPED.documents["direct-call"]


def read_set(slug: str, data: bytes) -> QuestionSet:
    return build_set(slug, parse(SetFile, read_yaml(data, "set")))


def read_document(slug: str, text: str, data: bytes) -> SourceDocument:
    source = read_yaml(data, "document")
    return build_document(slug, text, parse(DocumentFile, source), source)


def cut(text: str, *starts: int) -> SourceDocument:
    """A document whose regions start at these places."""
    spans = map(Span, starts, [*starts[1:], len(text)])
    regions = tuple(Region(RegionKind.ARTICLE, span) for span in spans)
    return replace(DOCUMENT, text=text, regions=regions, headline=None, disclosures=())


def beginnings(document: SourceDocument) -> list[str]:
    value = read_yaml(document_yaml(document), "document").value
    return [region["begins"] for region in value["regions"]]  # type: ignore[call-overload,index,union-attr]


@given(legal.sets)
def test_a_set_is_read_as_it_was_written(question_set: QuestionSet) -> None:
    data = set_yaml(question_set)
    read = read_set(question_set.slug, data)
    assert read == question_set
    assert set_yaml(read) == data


@given(legal.prose)
def test_every_text_is_read_as_it_was_written(text: str) -> None:
    told = replace(SET, title={"fr": text, "en": text}, questions=SET.questions[:1])
    assert read_set(told.slug, set_yaml(told)) == told


@given(legal.documents())
def test_a_document_is_read_as_it_was_written_or_its_regions_cannot_be_said(
    document: SourceDocument,
) -> None:
    try:
        data = document_yaml(document)
    except ValueError:
        assert cannot_be_said(document)
        return
    read = read_document(document.slug, document.text, data)
    assert read == document
    assert document_yaml(read) == data


def cannot_be_said(document: SourceDocument) -> bool:
    """Whether for a region even the whole rest of the text stands earlier, or begins so."""
    text, starts = document.text, [region.span.start for region in document.regions]
    return any(
        text.find(text[start:], last) != start
        for last, start in zip([0, *starts], starts, strict=False)
    )


@given(st.text("ab ", min_size=1, max_size=60), st.data())
def test_regions_are_found_again_in_texts_that_repeat_themselves(
    text: str, data: st.DataObject
) -> None:
    starts = data.draw(st.lists(st.integers(0, len(text) - 1), max_size=4, unique=True))
    document = cut(text, *sorted({0, *starts}))
    try:
        written = document_yaml(document)
    except ValueError:
        assert cannot_be_said(document)
    else:
        assert read_document(document.slug, text, written) == document


@pytest.mark.parametrize("slug", SETS)
def test_shipped_sets_come_back_equal(slug: str) -> None:
    assert read_set(slug, set_yaml(SETS[slug])) == SETS[slug]


@pytest.mark.parametrize("slug", SHIPPED.documents)
def test_shipped_documents_come_back_equal(slug: str) -> None:
    document = SHIPPED.documents[slug]
    assert read_document(slug, document.text, document_yaml(document)) == document


def test_a_set_reads_well() -> None:
    told = replace(
        SET,
        title={"en": "The call", "fr": "L’appel"},
        summary={"en": "Who: a voice.", "fr": "Qui ? : une voix."},
        questions=SET.questions[:1],
    )
    lines = set_yaml(told).decode().splitlines()
    assert lines[:8] == [
        "format: 1",
        "title:",
        "  fr: L’appel",
        "  en: The call",
        "summary:",
        '  fr: "Qui ? : une voix."',
        '  en: "Who: a voice."',
        "documents: [direct-call]",
    ]
    assert lines[8:10] == ["questions:", "  - id: call-wish"]
    keys = [line.split(":")[0].strip() for line in lines if line.startswith("    ") and ":" in line]
    order = ["claim", "verdict", "rule", "as_of", "difficulty", "skills", "contrast", "evidence"]
    assert [key for key in keys if key in order] == order
    assert "    verdict: true" in lines
    assert "    as_of: 2025-11-24" in lines


def test_questions_are_set_apart_by_an_empty_line() -> None:
    text = set_yaml(SET).decode()
    assert text.count("\n\n  - id: ") == len(SET.questions) - 1
    assert text.endswith("\n")
    assert "\r" not in text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A plain text, “quoted”.", "A plain text, “quoted”."),
        ("no", '"no"'),
        ("Null", '"Null"'),
        ("1", '"1"'),
        ("a: b", '"a: b"'),
        ("a # b", '"a # b"'),
        ("say “x”\nand", '"say “x”\\nand"'),
        ("a\x85b\u2028c\ufeff", '"a\\x85b\\u2028c\\ufeff"'),
        ('C:\\ and "x"', '"C:\\\\ and \\"x\\""'),
        ("deux\xa0: points", '"deux\xa0: points"'),
        ("deux\xa0; points", "deux\xa0; points"),
    ],
)
def test_what_another_reader_might_take_for_no_text_is_in_double_quotes(
    text: str, written: str
) -> None:
    told = replace(DOCUMENT, publisher=text)
    assert f"\npublisher: {written}\n" in document_yaml(told).decode()


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x0c", "\x1b", "\ud800"])
def test_a_character_that_no_file_may_hold_is_refused(character: str) -> None:
    with pytest.raises(ValueError, match=r"holds the character U\+"):
        set_yaml(replace(SET, title={"fr": f"a{character}", "en": "a"}))


def test_a_file_that_could_not_be_read_again_is_refused() -> None:
    with pytest.raises(ValueError, match="over 1000 kB"):
        set_yaml(replace(SET, title={"fr": "a" * MAX_BYTES, "en": "a"}))
    with pytest.raises(ValueError, match="more than 20000 values"):
        set_yaml(replace(SET, questions=SET.questions[:1] * 1_000))


def test_a_region_is_named_by_its_first_whole_words() -> None:
    text = "Le pont neuf est ouvert depuis hier. Partager cette page avec vos amis."
    assert beginnings(cut(text, 0, 37)) == ["Le pont neuf est ouvert", "Partager cette page avec"]


def test_a_region_is_named_by_as_many_words_as_it_takes() -> None:
    text = "Photo. Le pont de la ville neuve. Photo. Le pont de la ville haute."
    assert beginnings(cut(text, 0, 34)) == [
        "Photo. Le pont de la",
        "Photo. Le pont de la ville haute.",
    ]


def test_a_short_region_is_named_with_the_words_after_it() -> None:
    assert beginnings(cut("Titre\nLe texte de l’article suit ici", 0, 6))[0] == (
        "Titre\nLe texte de l’article"
    )


def test_a_word_without_end_is_cut() -> None:
    assert max(map(len, beginnings(cut("x" * 100 + "y" * 900, 0, 100)))) <= 120


@pytest.mark.parametrize(
    ("text", "starts", "reason"),
    [
        ("Photo. Photo.", (0, 7), "region 2 cannot be told by"),
        ("Le pont.\f", (0, 8), "region 2 cannot be told by"),
        ("Le pont.", (0, 3, 3), "region 2 does not begin where"),
        ("Le pont.", (3,), "region 1 does not begin where"),
        ("Le pont.", (), "do not cover"),
    ],
)
def test_regions_that_cannot_be_said_are_refused(
    text: str, starts: tuple[int, ...], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        document_yaml(cut(text, *starts))


def test_a_beginning_ends_before_a_control_character() -> None:
    assert beginnings(cut("Le pont.\fLa suite de la page", 0)) == ["Le pont."]


def test_a_document_of_nothing_but_repetition_does_not_take_long() -> None:
    text = "ha " * 100_000 + "fin"
    assert beginnings(cut(text, 0, 150_000))[1].endswith("fin")


def test_a_document_of_ever_longer_beginnings_does_not_take_long() -> None:
    parts = ["a" + "b" * length for length in range(1_300)]
    text = "".join(parts) + "a" + "b" * 1_300
    start = text.rindex("a")
    assert beginnings(cut(text, 0, start))[1] == text[start:]


def test_files_in_memory_are_read_like_those_in_a_folder() -> None:
    documents = SHIPPED.documents.values()
    files = {
        **{f"sets/{slug}.yaml": set_yaml(question_set) for slug, question_set in SETS.items()},
        **{f"documents/{d.slug}.yaml": document_yaml(d) for d in documents},
        **{f"documents/{d.slug}.txt": d.text.encode() for d in documents},
    }
    library = load_files(files, SHIPPED.taxonomy)
    assert library.problems == ()
    assert library.documents == SHIPPED.documents
    assert dict(library.sets) == dict(SETS)


def test_a_file_that_is_not_in_memory_is_missing_and_others_are_not_looked_at() -> None:
    files = {
        "sets/direct-call.yaml": set_yaml(SET),
        "sets/deep/other.yaml": b"&",
        "documents/direct-call.txt": b"Le pont.",
    }
    library = load_files(files, SHIPPED.taxonomy)
    assert next((p.file, p.message) for p in library.problems) == (
        "documents/direct-call.yaml",
        "the file is missing",
    )
    assert list(library.withheld) == ["direct-call"]
