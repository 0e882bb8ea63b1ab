"""Zip files from strangers: read in memory, with limits on what really comes out of them."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ...domain.message import msg
from ..format.problems import Problem, Severity, Unreadable, shown

MAX_ENTRIES = 200
MAX_TOTAL = 20_000_000
"""Bytes that may come out of one zip file, whatever its headers say."""

_MAX_SIGNATURES = 5_000  # so many entries are listed in 50 ms; a zip inside may hold some too
_CHUNK = 64 * 1024
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


@contextmanager
def opened(data: bytes, file: str) -> Iterator[ZipFile]:
    """A zip file in memory; `file` is its name, for problems.

    Raises Unreadable, also for what goes wrong inside the block: no zip file, a broken one, more
    than MAX_ENTRIES entries.
    """
    if data.count(b"PK\x01\x02") > _MAX_SIGNATURES:
        raise _too_many(file)
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > MAX_ENTRIES:
                raise _too_many(file)
            yield archive
    except _BROKEN as error:
        message = msg("the file is no zip file, or a broken one")
        raise unreadable(file, message, msg("make it again and send it again")) from error


def check_entry(entry: ZipInfo, file: str) -> None:
    """Refuse an entry that is encrypted, a link, or packed in an unusual way: Unreadable."""
    # The name as it stands in the file: Python's own is cut at a NUL and follows the system.
    name = shown(entry.orig_filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if entry.flag_bits & 0x2041:
        message = msg("{name} in the archive is encrypted", name=name)
        raise unreadable(file, message, msg("make the archive again without a password"))
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        message = msg("{name} in the archive is a link or no plain file", name=name)
        raise unreadable(file, message, msg("put the file itself in the archive"))
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        message = msg("{name} in the archive is packed in a way that is not read", name=name)
        raise unreadable(file, message, msg("make a plain zip file"))


def taken(archive: ZipFile, entry: ZipInfo, limit: int) -> bytes:
    """The bytes of an entry, at most `limit` of them, whatever its header says.

    Raises what zipfile raises on a broken entry, for `opened` to catch.
    """
    parts: list[bytes] = []
    with archive.open(entry) as stream:
        while limit > 0 and (part := stream.read(min(_CHUNK, limit))):
            parts.append(part)
            limit -= len(part)
    return b"".join(parts)


def too_much(file: str) -> Unreadable:
    """The refusal of a zip file out of which more than MAX_TOTAL bytes would come."""
    message = msg("the archive unpacks to more than {megabytes} MB", megabytes=MAX_TOTAL // 10**6)
    return unreadable(file, message, msg("split it into several archives"))


def unreadable(file: str, message: str, fix: str) -> Unreadable:
    """An error about the zip file as a whole."""
    return Unreadable(Problem(file, 1, 1, Severity.ERROR, message, fix))


def _too_many(file: str) -> Unreadable:
    message = msg("the archive has more than {count} entries", count=MAX_ENTRIES)
    return unreadable(file, message, msg("split it into several archives"))
