"""A .docx document becomes its paragraphs and tables."""

from __future__ import annotations

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from quiz.content.intake.extract import Extracted
from quiz.content.intake.extract.extracted import from_json
from quiz.content.intake.extract.word import MAX_ENTRIES, read
from quiz.content.intake.import_errors import Refused
from quiz.domain.question_set import RegionKind
from tests.content.intake.made_files import replaced, saved
from tests.content.intake.test_extract_text import assert_covered, parts


def extracted(document: docx.document.Document) -> Extracted:
    return from_json(read(saved(document)))


def paragraph(xml: str) -> docx.document.Document:
    document = docx.Document()
    body = document.element.body
    body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))
    return document


def test_paragraphs_headings_and_tables_become_lines() -> None:
    made = docx.Document()
    made.add_heading("Le pont neuf", 0)
    made.add_paragraph("Le maire a ouvert\tle pont.")
    table = made.add_table(2, 2)
    for number, text in enumerate(["An", "Mètres", "2020", "120\nenviron"]):
        table.cell(number // 2, number % 2).text = text
    made.add_paragraph("Le pont, hier.", style="Caption")
    made.add_paragraph("Fin.")
    document = extracted(made)
    assert_covered(document)
    assert parts(document) == [
        (RegionKind.HEADLINE, "Le pont neuf"),
        (RegionKind.ARTICLE, "Le maire a ouvert\tle pont.\n\nAn\tMètres\n2020\t120 environ"),
        (RegionKind.CAPTION, "Le pont, hier."),
        (RegionKind.ARTICLE, "Fin."),
    ]
    assert document.headline == "Le pont neuf"


def test_a_text_is_as_its_readers_see_it_with_changes_accepted() -> None:
    document = extracted(
        paragraph(
            "<w:r><w:t>Il a </w:t></w:r>"
            "<w:del><w:r><w:delText>peut-être </w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>sûrement </w:t></w:r></w:ins>"
            "<w:hyperlink><w:r><w:t>plu</w:t></w:r></w:hyperlink>"
            "<w:sdt><w:sdtContent><w:r><w:t>.</w:t></w:r></w:sdtContent></w:sdt>"
        )
    )
    assert document.text == "Il a sûrement plu."


def test_the_properties_give_the_facts_but_not_when_it_was_published() -> None:
    made = docx.Document()
    made.add_paragraph("Le texte.")
    made.core_properties.title = "Le pont"
    made.core_properties.author = "Ana Roy"
    document = extracted(made)
    assert (document.title, document.author) == ("Le pont", "Ana Roy")
    assert document.published is None


def test_text_around_the_pages_is_left_out_and_said() -> None:
    made = docx.Document()
    made.add_paragraph("Le texte.")
    made.sections[0].footer.paragraphs[0].text = "Pied de page"
    document = extracted(made)
    assert document.text == "Le texte."
    assert "left out" in document.warnings[0]


def test_an_empty_document_is_refused() -> None:
    with pytest.raises(Refused, match="no text"):
        read(saved(docx.Document()))


def test_a_document_type_and_its_entities_are_refused() -> None:
    made = docx.Document()
    made.add_paragraph("Le texte.")
    xml = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    with pytest.raises(Refused, match="instructions"):
        read(replaced(saved(made), "word/settings.xml", xml))


def test_what_it_unpacks_to_is_counted_for_real() -> None:
    made = saved(docx.Document())
    with pytest.raises(Refused, match="too big"):
        read(replaced(made, "word/media/image1.png", b"\0" * 60_000_000))


def test_too_many_entries_are_refused() -> None:
    from io import BytesIO
    from zipfile import ZipFile

    file = BytesIO(saved(docx.Document()))
    with ZipFile(file, "a") as archive:
        for number in range(MAX_ENTRIES):
            archive.writestr(f"word/media/{number}", b"x")
    with pytest.raises(Refused, match="too big"):
        read(file.getvalue())


def test_macros_are_not_looked_at() -> None:
    made = docx.Document()
    made.add_paragraph("Le texte.")
    with_macros = replaced(saved(made), "word/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub AutoOpen()")
    assert from_json(read(with_macros)).text == "Le texte."
