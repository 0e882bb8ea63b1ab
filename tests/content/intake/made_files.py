"""Small real files to be read: PDF by hand, .docx by python-docx."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx


def pdf(pages: Sequence[Sequence[str]], info: str = "", trailer: str = "") -> bytes:
    """A PDF with one line of Helvetica for each string; `info` as in "/Title (x)"."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
        content = f"BT /F1 12 Tf 14 TL 72 800 Td {shown} ET"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    objects.append(f"<< {info} >>")
    return pdf_of(objects, f"/Info {len(objects)} 0 R {trailer}")


def pdf_of(objects: Iterable[str], trailer: str = "") -> bytes:
    """A PDF file of these objects, numbered from 1; the first is the catalogue."""
    out = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    rows = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(offsets) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n"
    end += f"<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode()


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def saved(document: docx.document.Document) -> bytes:
    """The bytes of a .docx document."""
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def zipped(*entries: tuple[str, bytes]) -> bytes:
    """A zip archive of these entries."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def replaced(data: bytes, name: str, part: bytes) -> bytes:
    """A zip archive with one entry replaced, or added."""
    with ZipFile(BytesIO(data)) as archive:
        kept = [(n, archive.read(n)) for n in archive.namelist() if n != name]
    return zipped(*kept, (name, part))
