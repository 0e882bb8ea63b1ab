"""Pasted and plain text, Markdown: normalised gently, otherwise as it was brought."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.content.intake.extract import Extracted, paste, suggest_title
from quiz.content.intake.extract import txt as plain_text
from quiz.content.intake.extract.extracted import assemble, from_json, to_json
from quiz.content.intake.extract.language import guess_language
from quiz.content.intake.extract.markdown import read as read_markdown
from quiz.content.intake.import_errors import Refused
from quiz.domain.question_set import RegionKind

ARTICLE, HEADLINE, CAPTION = RegionKind.ARTICLE, RegionKind.HEADLINE, RegionKind.CAPTION


def parts(document: Extracted) -> list[tuple[RegionKind, str]]:
    return [(r.kind, document.text[r.span.start : r.span.end].strip()) for r in document.regions]


def markdown(source: str) -> Extracted:
    return from_json(read_markdown(source.encode()))


def text_file(data: bytes) -> Extracted:
    return from_json(plain_text.read(data))


def assert_covered(document: Extracted) -> None:
    """Regions follow each other without gap, neighbours differ, and together are the text."""
    ends = [0, *(region.span.end for region in document.regions)]
    assert [region.span.start for region in document.regions] == ends[:-1]
    assert ends[-1] == len(document.text)
    kinds = [region.kind for region in document.regions]
    assert all(one is not other for one, other in pairwise(kinds))
    assert all(region.span.start < region.span.end for region in document.regions)


def test_quotes_dashes_and_special_spaces_stay_as_they_are() -> None:
    text = "Il dit : «\xa0L’été – “ouf”… — non\xa0!\xa0»\u202f; co\xadopération\u200b."
    assert paste(text).text == text


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n", "\x0b", "\f", "\x85", "\u2028", "\u2029"])
def test_every_newline_becomes_one(newline: str) -> None:
    assert paste(f"Un, deux.{newline}Trois.").text == "Un, deux.\nTrois."


def test_blanks_at_line_ends_and_blank_lines_beyond_two_go() -> None:
    document = paste("\n\nUn, deux. \t\n\n \n\n\n  Trois.\n\n\n")
    assert document.text == "Un, deux.\n\n\n  Trois."
    assert document.warnings == ()


def test_control_characters_and_lone_surrogates_go_with_a_warning() -> None:
    document = paste("Un\x00 d\x07eux\ttrois\ud800.")
    assert document.text == "Un deux\ttrois."
    assert document.warnings[0].values == {"count": 3}


def test_a_first_line_that_looks_like_one_is_the_headline() -> None:
    document = paste("Le pont neuf ouvre\r\n\r\nLe maire a ouvert le pont.")
    assert document.headline == "Le pont neuf ouvre"
    assert parts(document) == [
        (HEADLINE, "Le pont neuf ouvre"),
        (ARTICLE, "Le maire a ouvert le pont."),
    ]


@pytest.mark.parametrize(
    "text", ["Une phrase entière.\nUne autre.", "Un " * 60 + "\nUn.", "Une seule ligne"]
)
def test_anything_else_is_one_article(text: str) -> None:
    document = paste(text)
    assert document.headline is None
    assert [kind for kind, _ in parts(document)] == [ARTICLE]


@pytest.mark.parametrize("nothing", ["", " \n\t\r\n ", "\x00\x01", "\ufeff"])
def test_no_text_is_refused(nothing: str) -> None:
    with pytest.raises(Refused, match="no text"):
        paste(nothing)


def test_four_hundred_kilobytes_are_enough() -> None:
    assert paste("é" * 199_999).text
    with pytest.raises(Refused, match="over 400 kB"):
        paste("é" * 200_001)
    with pytest.raises(Refused, match="over 400 kB"):
        paste(" a\n" * 1_000_000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_are_read_without_a_warning(encoding: str) -> None:
    document = text_file("L’été, « œuvre ».".encode(encoding))
    assert document.text == "L’été, « œuvre »."
    assert document.warnings == ()


def test_an_older_file_is_read_as_windows_1252_with_a_warning() -> None:
    document = text_file("L’été, « œuvre ».".encode("cp1252"))
    assert document.text == "L’été, « œuvre »."
    assert "Windows-1252" in document.warnings[0]


def test_what_could_not_be_decoded_is_said() -> None:
    document = text_file(b"\xff\xfe" + "été ".encode("utf-16-le") + b"\x00\xd8a\x00")
    assert "could not be read" in document.warnings[0]


def test_a_program_called_txt_is_refused() -> None:
    with pytest.raises(Refused, match="not a text file"):
        text_file(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4)


def test_markdown_is_read_without_its_marks() -> None:
    document = markdown(
        "# Le *pont* neuf\n\nUn [lien](http://x.test) et\nla suite.\n\n## Détails\n\n"
        "- un\n- deux\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![Le pont](pont.png)\n\n"
        "`code` &amp; fin."
    )
    assert parts(document) == [
        (HEADLINE, "Le pont neuf"),
        (ARTICLE, "Un lien et la suite.\n\nDétails\n\nun\ndeux\n\na\tb\n1\t2"),
        (CAPTION, "Le pont"),
        (ARTICLE, "code & fin."),
    ]
    assert document.headline == "Le pont neuf"


def test_markdown_front_matter_gives_the_facts() -> None:
    document = markdown(
        '---\ntitle: "Le pont: suite"\nauthor: Ana Roy\ndate: 2026-05-03\n---\n\nLe texte.'
    )
    assert (document.title, document.author) == ("Le pont: suite", "Ana Roy")
    assert document.published == "2026-05-03"
    assert document.text == "Le texte."


def test_html_within_markdown_is_read_without_scripts() -> None:
    document = markdown("Un.\n\n<div><script>x()</script>Deux</div>\n\nTr<b>oi</b>s.")
    assert document.text == "Un.\n\nDeux\n\nTrois."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le maire a ouvert le pont avec les élus de la ville.", "fr"),
        ("The mayor opened the bridge with the members of the council.", "en"),
        ("Il a dit « the bridge » dans la ville et sur le port.", "fr"),
        ("Der Bürgermeister hat die Brücke mit dem Rat eröffnet.", None),
        ("12 34 56", None),
        ("Oui.", None),
    ],
)
def test_the_language_is_guessed_by_its_small_words_or_not_at_all(
    text: str, language: str | None
) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Le pont neuf ouvre\nLe maire.", "Le pont neuf ouvre"),
        ("mot " * 30 + "fin.", "mot " * 14 + "mot…"),
        ("a" * 100, "a" * 59 + "…"),
    ],
)
def test_a_title_is_suggested_in_whole_words(text: str, title: str) -> None:
    suggested = suggest_title(paste(text))
    assert suggested == title
    assert len(suggested) <= 60


@given(st.text())
def test_whatever_is_pasted_is_covered_by_its_regions_and_stays_the_same(text: str) -> None:
    try:
        document = paste(text)
    except Refused:
        return
    assert_covered(document)
    assert paste(document.text).text == document.text
    assert len(suggest_title(document)) <= 60


@given(st.lists(st.tuples(st.sampled_from(RegionKind), st.text(alphabet="a \n\r\x00", max_size=9))))
def test_regions_cover_the_text_whatever_the_lines(lines: list[tuple[RegionKind, str]]) -> None:
    try:
        document = assemble(lines)
    except Refused:
        assert not any("a" in line for _, line in lines)
        return
    assert_covered(document)
    letters = [kind for kind, line in lines for _ in range(line.count("a"))]
    found = [
        region.kind
        for region in document.regions
        for _ in range(document.text.count("a", region.span.start, region.span.end))
    ]
    assert found == letters
    assert from_json(to_json(document)) == document


@given(st.text(alphabet="ab#*_`[]()!<>-|: \n\\&;~", max_size=200))
def test_any_markdown_is_read_or_refused(source: str) -> None:
    with suppress(Refused):
        assert_covered(markdown(source))
