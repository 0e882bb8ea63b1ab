"""Question sets as one zip file, the same bytes everywhere."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from zipfile import ZipFile, ZipInfo

from ...domain.question_set import QuestionSet, SourceDocument
from .library import set_file
from .write import document_yaml, set_yaml

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of the calendar that zip files have
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16


def to_files(
    sets: Sequence[QuestionSet], documents: Mapping[str, SourceDocument]
) -> dict[str, bytes]:
    """The files of the sets and of the documents they name, by name, as a folder has them.

    `documents` maps slugs to documents and must hold all that the sets name (KeyError otherwise);
    others are left out. Raises ValueError where a file cannot be written (`set_yaml`,
    `document_yaml`).
    """
    files: dict[str, bytes] = {}
    for question_set in sets:
        files[set_file(question_set.slug)] = set_yaml(question_set)
        for slug in question_set.documents:
            files[f"documents/{slug}.yaml"] = document_yaml(documents[slug])
            files[f"documents/{slug}.txt"] = documents[slug].text.encode()
    return files


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files as a zip file, byte for byte the same everywhere."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name in sorted(files):
            entry = ZipInfo(name, _FIRST_DAY)
            entry.create_system = _UNIX  # else that of this machine
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, files[name])
    return out.getvalue()


def to_zip(sets: Sequence[QuestionSet], documents: Mapping[str, SourceDocument]) -> bytes:
    """The sets and the documents they name as a zip file. Raises as `to_files` does."""
    return zipped(to_files(sets, documents))
