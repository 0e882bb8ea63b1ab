"""PDF documents become paragraphs, without what only belongs to the page."""

from __future__ import annotations

import pytest

from quiz.content.intake.extract import Extracted
from quiz.content.intake.extract.extracted import from_json
from quiz.content.intake.extract.pdf import read
from quiz.content.intake.import_errors import Refused
from quiz.domain.question_set import RegionKind
from tests.content.intake.made_files import pdf


def extracted(*pages: list[str], info: str = "") -> Extracted:
    return from_json(read(pdf(pages, info)))


def parts(document: Extracted, kind: RegionKind) -> list[str]:
    return [
        document.text[region.span.start : region.span.end].strip()
        for region in document.regions
        if region.kind is kind
    ]


def test_lines_of_a_paragraph_are_joined_and_paragraphs_are_kept() -> None:
    document = extracted(
        [
            "Un pont neuf",
            "Le maire a ouvert le pont neuf qui relie les deux rives du fleuve",
            "depuis ce matin.",
            "Les riverains attendaient ce moment depuis de longues années déjà,",
            "disent-ils.",
        ]
    )
    assert document.text.split("\n") == [
        "Un pont neuf",
        "Le maire a ouvert le pont neuf qui relie les deux rives du fleuve depuis ce matin.",
        "Les riverains attendaient ce moment depuis de longues années déjà, disent-ils.",
    ]
    assert document.language == "fr"


def test_a_word_cut_at_the_end_of_a_line_is_put_together_again() -> None:
    document = extracted(["Le gouverne-", "ment parle."])
    assert document.text == "Le gouvernement parle."


@pytest.mark.parametrize("start", ["Ouest", "12 jours"])
def test_a_hyphen_before_anything_but_a_small_letter_stays(start: str) -> None:
    document = extracted(["Vers le Nord-", f"{start} du pays."])
    assert f"Nord-\n{start}" in document.text or f"Nord- {start}" in document.text


def test_page_numbers_and_running_titles_are_furniture() -> None:
    pages = [
        ["Le Journal du pont", f"Le texte numéro {word} de ce document.", f"Page {n} / 3"]
        for n, word in enumerate(["un", "deux", "trois"], 1)
    ]
    document = extracted(*pages)
    assert parts(document, RegionKind.ARTICLE) == [
        f"Le texte numéro {word} de ce document." for word in ("un", "deux", "trois")
    ]
    assert "Page 2 / 3" in "\n".join(parts(document, RegionKind.FURNITURE))


@pytest.mark.parametrize("number", ["7", "– 7 –", "Page 7", "p. 7", "7/12", "7 sur 12"])
def test_a_page_number_is_furniture_on_a_single_page(number: str) -> None:
    document = extracted(["Une phrase entière.", number])
    assert parts(document, RegionKind.FURNITURE) == [number]


@pytest.mark.parametrize("end", ["100.", "12 345", "7 ans", "de 7"])
def test_a_number_that_ends_a_sentence_is_text(end: str) -> None:
    document = extracted(["Il y en avait beaucoup plus de", end])
    assert parts(document, RegionKind.FURNITURE) == []


def test_what_stands_on_two_pages_only_is_text() -> None:
    document = extracted(["Une phrase."], ["Une phrase."])
    assert parts(document, RegionKind.FURNITURE) == []


def test_the_facts_come_from_the_file_but_not_the_day_it_was_made() -> None:
    info = "/Title (Microsoft Word - Le pont) /Author (Ana Roy) /CreationDate (D:20260503101500Z)"
    document = extracted(["Le texte."], info=info)
    assert (document.title, document.author) == ("Le pont", "Ana Roy")
    assert document.published is None  # when the file was made, not when it was published
    assert document.warnings == ()


def test_an_address_is_no_title() -> None:
    assert extracted(["Le texte."], info="/Title (about:blank)").title in (None, "")


def test_a_scan_without_text_is_refused_with_a_mend() -> None:
    with pytest.raises(Refused, match="images only") as caught:
        read(pdf([[], []]))
    assert "OCR" in caught.value.fix


def test_a_pdf_with_a_password_is_refused_with_a_mend() -> None:
    from io import BytesIO

    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=BytesIO(pdf([["Le texte."]])))
    writer.encrypt("secret", algorithm="RC4-128")
    file = BytesIO()
    writer.write(file)
    with pytest.raises(Refused, match="password"):
        read(file.getvalue())


def test_too_much_text_is_refused() -> None:
    with pytest.raises(Refused, match="400 kB"):
        read(pdf([["Un mot et un autre. " * 50] * 30] * 20))
