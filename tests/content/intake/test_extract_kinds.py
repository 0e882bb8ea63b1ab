"""A file's kind is told by what it holds; every other kind is refused by name, with a mend."""

from __future__ import annotations

import docx
import pytest

from quiz.content.intake.extract import MAX_UPLOAD, extract
from quiz.content.intake.extract.kinds import kind_of
from quiz.content.intake.import_errors import Refused
from tests.content.intake.made_files import pdf, saved, zipped


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("x.txt", b"Le texte.", "txt"),
        ("X.TXT", b"Le texte.", "txt"),
        ("x.md", b"# Titre", "md"),
        ("x.html", b"<p>Le texte.", "html"),
        ("x.txt", b"\xef\xbb\xbf\n <!DOCTYPE html><p>x", "html"),
        ("x", b'<?xml version="1.0"?>\n<html xmlns="x">', "html"),
        ("x.htm", "<html>".encode("utf-16"), "html"),
        ("x.txt", b"<!-- saved from url=(0021)http://x.test/ -->\n<html>", "html"),
        ("x.txt", b"The <html> element.", "txt"),
        ("x.txt", b"\n%PDF-1.7", "pdf"),
        ("x.pdf", b"From: a@x.test\n%PDF-1.7", "pdf"),
        ("x.txt", b"A file that begins with %PDF- is a PDF.", "txt"),
        ("C:\\x\\y.pdf", b"%PDF-1.7", "pdf"),
        ("x.zip", zipped(("word/document.xml", b"")), "docx"),
    ],
)
def test_a_kind_is_told_by_the_content_and_then_by_the_name(
    name: str, data: bytes, kind: str
) -> None:
    assert kind_of(name, data) == kind


@pytest.mark.parametrize(
    ("name", "data", "message", "fix"),
    [
        ("x.doc", b"\xd0\xcf\x11\xe0 old", ".doc", ".docx"),
        (
            "x.docx",
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "password",
            "copy",
        ),
        (
            "x.odt",
            b"PK\x03\x04...mimetypeapplication/vnd.oasis.opendocument.text",
            ".odt",
            ".docx",
        ),
        ("x.odt", zipped(("mimetype", b"x")), ".odt", ".docx"),
        ("x.rtf", b"{\\rtf1 x}", ".rtf", ".docx"),
        ("x.txt", b"{\\rtf1 x}", ".rtf", "paste"),
        ("x.pages", b"x", ".pages", "paste"),
        ("x.pdf", b"\x89PNG\r\n", "image", "paste"),
        ("x.jpg", b"\xff\xd8\xff\xe0", "image", "paste"),
        ("x.webp", b"RIFF1234WEBP", "image", "paste"),
        ("x.heic", b"\0\0\0\x18ftypheic", "image", "paste"),
        ("x.pdf", b"Le texte.", "something else", "paste"),
        ("x.docx", b"Le texte.", "something else", "paste"),
        ("x.zip", zipped(("a.txt", b"x")), "cannot be read", ".pdf or .docx"),
        ("x.xlsx", zipped(("xl/workbook.xml", b"x")), "cannot be read", ".pdf or .docx"),
        ("x.exe", b"MZ", "cannot be read", ".pdf or .docx"),
        ("", b"Le texte.", "cannot be read", ".pdf or .docx"),
        ("x.txt", b"", "empty", "another"),
        ("x.pdf", b" \r\n", "empty", "another"),
        ("x.txt", b"x" * (MAX_UPLOAD + 1), "over 20 MB", "smaller"),
    ],
)
def test_every_other_kind_is_refused_with_a_mend(
    name: str, data: bytes, message: str, fix: str
) -> None:
    with pytest.raises(Refused) as caught:
        extract(name, data)
    assert message in caught.value.message
    assert fix in caught.value.fix


def test_each_kind_is_read_apart_from_end_to_end() -> None:
    made = docx.Document()
    made.add_paragraph("Le texte.")
    files = {
        "x.txt": b"Le texte.",
        "x.md": b"Le *texte*.",
        "x.html": b"<p>Le <i>texte</i>.",
        "x.pdf": pdf([["Le texte."]]),
        "x.docx": saved(made),
    }
    for name, data in files.items():
        assert extract(name, data).text == "Le texte.", name
