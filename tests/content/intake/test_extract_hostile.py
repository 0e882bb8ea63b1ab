"""Hostile files: each gives a text or a named refusal, soon, and never anything else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest

from quiz.content.intake.extract import Extracted, extract, markdown, page, txt, word
from quiz.content.intake.extract import pdf as pdf_file
from quiz.content.intake.extract.extracted import MAX_TEXT, from_json
from quiz.content.intake.import_errors import Failed
from tests.content.intake.made_files import pdf, pdf_of, replaced, saved, zipped
from tests.content.intake.test_extract_text import assert_covered

Read = Callable[[bytes], dict[str, Any]]
READERS: Mapping[str, Read] = {
    "txt": txt.read,
    "md": markdown.read,
    "html": page.read,
    "pdf": pdf_file.read,
    "docx": word.read,
}
SECONDS = 12


def assert_tame(read: Callable[[], Extracted]) -> None:
    """It gives a text or a named failure, in time."""
    begun = time.monotonic()
    outcome: Failed | None
    try:
        document = read()
    except Failed as failed:
        outcome = failed
    else:
        assert_covered(document)
        assert len(document.text.encode()) <= MAX_TEXT
        assert not set(document.text) & set("\0\x07\x1b\ud800\ufeff")
        outcome = None
    assert time.monotonic() - begun < SECONDS
    assert outcome is None or (outcome.message and outcome.fix)


def small_docx() -> bytes:
    made = docx.Document()
    made.add_paragraph("Le texte.")
    return saved(made)


def with_document(xml: str) -> bytes:
    return replaced(small_docx(), "word/document.xml", xml.encode())


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
STRANGE = {
    "nul": "Le\0texte\0.",
    "bidi": "Le \u202etxet\u202c \u2066x\u2069.",
    "zero width": "L\u200be\u200d te\u2060xte\ufeff.",
    "combining": "e" + "\u0301" * 5_000,
    "escape": "\x1b[31mrouge\x1b[0m \x07",
    "emoji": "👩‍👩‍👧‍👦" * 500,
    "line separators": "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg",
    "blanks": "a" + " " * 300_000 + "b",
    "tabs": "\t" * 300_000 + "b",
    "newlines": "a" + "\n" * 300_000 + "b",
    "noncharacters": "a\ufffe\uffff\U0010ffffb",
    "braces": "{0} {name} %s %(x)s",
    "carriage returns": "a\r\r\r\nb" * 1_000,
    "one long word": "a" * 390_000,
    "markup": "<script>alert(1)</script> [x](javascript:alert(1)) {{7*7}}",
}


def text_cases() -> Iterator[tuple[str, str, bytes]]:
    for name, text in STRANGE.items():
        for kind in ("txt", "md", "html"):
            yield f"{kind}: {name}", kind, text.encode()
    yield "utf-16 with lone surrogates", "txt", b"\xff\xfe\x00\xd8a\x00\x00\xdc"
    yield "utf-16 cut in a character", "txt", b"\xfe\xff\x00a\x00"
    yield "utf-32", "txt", "Le texte.".encode("utf-32")
    yield "every byte", "txt", bytes(range(256)) * 10
    yield "only continuation bytes", "txt", b"\x80\x81\x8d\x90" * 100
    yield "md: open brackets", "md", b"[" * 50_000
    yield "md: quotes in quotes", "md", b">" * 20_000 + b"x"
    yield "md: lists in lists", "md", b"".join(b" " * n + b"- x\n" for n in range(500))
    yield "md: stars", "md", b"*a_" * 20_000
    yield "md: backticks", "md", b"".join(b"`" * n + b" " for n in range(500))
    yield "md: images", "md", b"![" * 10_000
    yield "md: front matter without end", "md", b"---\n" + b"a: b\n" * 50_000
    yield "md: references", "md", b"[a]: x\n" * 5_000 + b"[a]" * 5_000


def page_cases() -> Iterator[tuple[str, str, bytes]]:
    deep = 100_000
    sources = {
        "deep divs": b"<div>" * deep + b"x",
        "deep spans": b"<html>" + b"<span>" * 1_900 + b"x",
        "misnested": b"<b><p><i>" * 3_000 + b"x",
        "unclosed comment": b"<p>x<!--" * 1_000,
        "unclosed script": b"<p>x<script>" + b"y" * 100_000,
        "attributes": b"<p " + b"a=b " * 20_000 + b">x",
        "one long class": b'<p class="' + b"share-" * 100_000 + b'">x',
        "entities": b"<p>&amp;&#0;&#xD800;&#x110000;&nbsp;&bogus;" * 1_000,
        "doctype with entities": BOMB.encode() + b"<html>&l9;",
        "outside entity": XXE.encode() + b"<html><p>&a;</p>",
        "tables in cells": b"<table><tr><td>" * 500 + b"x",
        "frames": b'<iframe src="file:///etc/passwd"></iframe><object data="x"></object><p>x',
        "base and links": b'<base href="http://x.test"><link rel=stylesheet href=y><p>x',
        "deep json": b'<script type="application/ld+json">' + b"[" * deep + b"</script><p>x",
        "odd json": b'<script type="application/ld+json">[{"@type": ["Article", 3],'
        b'"author": {"name": {"name": 1}}, "datePublished": 5, "publisher": [[]]}]</script>x',
        "json with nul": b'<script type="application/ld+json">{"@type":"Article",'
        b'"headline":"\\u0000","author":"\\ud800 a"}</script><p>x',
        "nothing": b"<html></html>",
        "only a doctype": b"<!doctype html>",
        "style bomb": b'<p style="' + b"display " * 50_000 + b'">x',
        "headlines": b"<h1>x</h1>" * 10_000,
        "svg text": b"<svg><text>x</text></svg><math><mi>y</mi></math><p>z",
    }
    for name, source in sources.items():
        yield f"html: {name}", "html", source


def docx_cases() -> Iterator[tuple[str, str, bytes]]:
    body = "<w:document {w}><w:body>{x}</w:body></w:document>"
    cell, end = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    text = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
    xmls = {
        "xxe": XXE + body.format(w=W, x="&a;"),
        "billion laughs": BOMB + body.format(w=W, x="&l9;"),
        "deep cells": body.format(w=W, x=cell * 5_000 + text + end * 5_000),
        "cells": body.format(w=W, x=cell * 20 + text + end * 20),
        "paragraphs in paragraphs": body.format(w=W, x="<w:p>" * 50 + text + "</w:p>" * 50),
        "cells without rows": body.format(w=W, x="<w:tc>" + text + "</w:tc>"),
        "no body": f"<w:document {W}/>",
        "not closed": f"<w:document {W}><w:body><w:p>",
        "no namespace": "<document><body/></document>",
        "empty": "",
        "not xml": "Le texte.",
        "long": body.format(w=W, x=text * 50_000),
    }
    for name, xml in xmls.items():
        yield f"docx: {name}", "docx", with_document(xml)
    small = small_docx()
    yield "docx: outside of its folder", "docx", replaced(small, "../../etc/passwd", b"x")
    yield "docx: absolute name", "docx", replaced(small, "/etc/passwd", b"x")
    yield "docx: odd name", "docx", replaced(small, "word/\u202e\x01.xml", b"<x/>")
    yield "docx: bomb of zeros", "docx", replaced(small, "word/media/a", b"\0" * 55_000_000)
    yield "docx: no content types", "docx", replaced(small, "[Content_Types].xml", b"<x/>")
    yield "docx: no relations", "docx", replaced(small, "_rels/.rels", b"<x/>")
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Target="http://127.0.0.1:9/x" TargetMode="External" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
        b"</Relationships>"
    )
    yield "docx: document elsewhere", "docx", replaced(small, "_rels/.rels", rels)
    yield "docx: only a name", "docx", zipped(("word/document.xml", b"<x/>"))
    yield "docx: name told wrong", "docx", b"PK\x03\x04 word/document.xml"
    yield "docx: size told wrong", "docx", small.replace(b"\x14\0\0\0\x08\0", b"\x14\0\x01\0\x08\0")
    twice = BytesIO(small)
    with ZipFile(twice, "a", ZIP_DEFLATED) as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", b"<x/>")
    yield "docx: document twice", "docx", twice.getvalue()


def pdf_cases() -> Iterator[tuple[str, str, bytes]]:
    root = "<< /Type /Catalog /Pages 2 0 R >>"
    files = {
        "page tree in a loop": pdf_of([root, "<< /Type /Pages /Count 1 /Kids [2 0 R] >>"]),
        "page as its own parent": pdf_of(
            [
                root,
                "<< /Type /Pages /Count 1 /Kids [3 0 R] /Parent 3 0 R >>",
                "<< /Type /Page /Parent 3 0 R >>",
            ]
        ),
        "no pages": pdf_of(["<< /Type /Catalog >>"]),
        "no root": pdf_of([]),
        "root is itself": pdf_of(["1 0 R"]),
        "a billion pages": pdf_of([root, "<< /Type /Pages /Count 1000000000 /Kids [] >>"]),
        "same page often": pdf_of(
            [
                root,
                f"<< /Type /Pages /Count 9999 /Kids [{'3 0 R ' * 9_999}] >>",
                "<< /Type /Page /Parent 2 0 R >>",
            ]
        ),
        "deep arrays": pdf_of([root, "[" * 50_000]),
        "deep dictionaries": pdf_of([root, "<< /A " * 20_000]),
        "long name": pdf_of([root, "/" + "a" * 1_000_000]),
        "only a head": b"%PDF-1.7",
        "head and nonsense": b"%PDF-1.7\n" + bytes(range(256)) * 100,
        "endless xref": pdf([["x"]], trailer="/Prev 9"),
        "xref in a loop": pdf([["x"]], trailer="/Prev 400"),
        "filters in a row": pdf([["x"]]).replace(
            b"<< /Length", b"<< /Filter [" + b"/FlateDecode " * 500 + b"] /Length"
        ),
        "unknown filter": pdf([["x"]]).replace(b"<< /Length", b"<< /Filter /X /Length"),
        "negative length": pdf([["x"]]).replace(b"/Length ", b"/Length -"),
        "huge length": pdf([["x"]]).replace(b"/Length ", b"/Length 99999999"),
        "unknown cipher": pdf([["x"]], trailer="/Encrypt << /Filter /X /V 9 >>"),
        "odd facts": pdf([["x"]], info="/Title [1 2] /Author 1 0 R /CreationDate (D:9)"),
        "nul in the title": pdf([["x"]], info="/Title (a\\000b\\377)"),
        "text of control characters": pdf([["\0\1\x1b[31m \7"]]),
        "many lines": pdf([["Un mot."] * 3_000]),
        "javascript": pdf([["x"]]).replace(
            b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
        ),
    }
    for name, data in files.items():
        yield f"pdf: {name}", "pdf", data


CASES = [*text_cases(), *page_cases(), *docx_cases(), *pdf_cases()]


def test_there_are_enough_of_them() -> None:
    assert len({name for name, _, _ in CASES}) == len(CASES) >= 80


@pytest.mark.filterwarnings("ignore")  # what libraries say of such files is theirs to say
@pytest.mark.parametrize(("kind", "data"), [pytest.param(*c[1:], id=c[0]) for c in CASES])
def test_a_hostile_file_gives_a_text_or_a_named_refusal(kind: str, data: bytes) -> None:
    assert_tame(lambda: from_json(READERS[kind](data)))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("kind", "whole"),
    [
        ("pdf", pdf([["Le texte."]], "/Title (x)")),
        ("docx", small_docx()),
        ("html", b'<!doctype html><meta charset="utf-8"><h1>\xc3\xa9</h1><p class="x">y &amp; z'),
        ("md", "---\ntitle: x\n---\n# été\n\n![a](b)\n\n| a |\n|---|\n| 1 |\n".encode()),
    ],
)
def test_a_file_cut_anywhere_gives_a_text_or_a_named_refusal(kind: str, whole: bytes) -> None:
    step = max(10, len(whole) // 300)
    for end in range(1, len(whole), step):
        assert_tame(lambda end=end: from_json(READERS[kind](whole[:end])))  # type: ignore[misc]


HUGE = {
    "twenty megabytes of <.html": b"<" * 20_000_000,
    "twenty megabytes of tags.html": b"<p>a" * 5_000_000,
    "twenty megabytes of stars.md": b"**a " * 5_000_000,
    "twenty megabytes of letters.txt": b"a" * 20_000_000,
    "twenty megabytes of zeros.txt": b"\0" * 20_000_000,
    "twenty megabytes of objects.pdf": b"%PDF-1.7\n" + b"1 0 obj\n" * 2_400_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_file_is_read_or_stopped_apart(name: str) -> None:
    assert_tame(lambda: extract(name, HUGE[name]))


def test_a_compressed_stream_that_unpacks_without_end_is_stopped_apart() -> None:
    import zlib

    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 10_000_000) for _ in range(30)) + packer.flush()
    stream = f"<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode() + packed
    marked = pdf([["x"]])
    at = marked.index(b"<< /Length")
    bomb = marked[:at] + stream + marked[marked.index(b"\nendstream", at) :]
    assert_tame(lambda: extract("bomb.pdf", bomb))
