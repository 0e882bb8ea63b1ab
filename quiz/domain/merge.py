"""Three ways at once: what a form started from, what was typed in it, what is stored by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that both sides changed, and not to the same."""

    field: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What to store, and the fields about which somebody has to decide: there `values` is theirs.

    Line ends are "\\n" in all of it.
    """

    values: Mapping[str, str]
    conflicts: tuple[FieldConflict, ...]


def field_digest(value: str) -> str:
    """16 hex digits of the SHA-256 of a text; how its lines end makes no difference."""
    return sha256(_lines(value).encode()).hexdigest()[:16]


def merge(
    base_digests: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> Merged:
    """Merge field by field.

    `base_digests` has the `field_digest` of each field as the form was shown, `mine` what the form
    sends (a field it leaves out is left alone), `theirs` what is stored. A field that is missing
    on a side is empty there. One changed on one side only takes that side; one changed on both
    sides is a conflict, unless to the same, so that sending a form twice is none.
    """
    values = {name: _lines(value) for name, value in theirs.items()}
    conflicts = []
    for name, typed in mine.items():
        own, stored = _lines(typed), values.get(name, "")
        base = base_digests.get(name) or _EMPTY
        if own == stored or field_digest(own) == base:
            continue
        if field_digest(stored) == base:
            values[name] = own
        else:
            conflicts.append(FieldConflict(name, own, stored))
    return Merged(values, tuple(conflicts))


def _lines(value: str) -> str:
    """The value with line ends as they are stored: browsers send forms with "\\r\\n"."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


_EMPTY = field_digest("")
