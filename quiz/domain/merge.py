"""Three-way merge by field: two people write in one form, and nothing typed is lost.

The form says what it was filled with by digests, so that it need not carry every text twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both changed, each in their own way; `theirs` is what is stored."""

    field: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The fields to store, and what was typed but cannot stand beside what is stored."""

    fields: Mapping[str, str]
    conflicts: tuple[Conflict, ...]


def field_digest(value: str) -> str:
    """What tells a value from others: 16 hexadecimal digits. Browsers send CRLF for a line end."""
    plain = value.replace("\r\n", "\n").strip()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def merge(
    base_digests: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> Merged:
    """What is stored (`theirs`), with what `mine` changed since the form was filled.

    `base_digests` are `field_digest`s of what the form was filled with; a field without one counts
    as changed by both. Fields of `mine` that are not stored any more are conflicts with "", unless
    they were left as they were.
    """
    fields = dict(theirs)
    conflicts = []
    for name, value in mine.items():
        stored = theirs.get(name, "")
        base = base_digests.get(name)
        if field_digest(value) in (base, field_digest(stored)):
            continue
        if name in theirs and field_digest(stored) == base:
            fields[name] = value
        else:
            conflicts.append(Conflict(name, value, stored))
    return Merged(fields, tuple(conflicts))
