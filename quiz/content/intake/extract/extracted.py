"""What was made of a file: its text with proposed regions, and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ....domain.message import Message, msg
from ....domain.question_set import Region, RegionKind
from ....domain.quote import Span
from ..import_errors import Refused
from .language import guess_language

MAX_TEXT = 400_000
"""Bytes of UTF-8 that the text of a document may have."""
MAX_FACT = 200  # characters of a title, a name

Line = tuple[RegionKind, str]
"""A stretch of text that ends with a line, and what it belongs to."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of itself, as far as it does. `published` is an ISO date."""

    title: str | None = None
    headline: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Extracted:
    """A text, its regions (which cover it without gaps), its facts, and what to look at twice.

    `language` is "fr", "en" or None; `published` an ISO date or None.
    """

    text: str
    title: str | None
    headline: str | None
    author: str | None
    publisher: str | None
    published: str | None
    language: str | None
    regions: tuple[Region, ...]
    warnings: tuple[Message, ...]


def assemble(
    lines: Iterable[Line], facts: Facts | None = None, warnings: Iterable[Message] = ()
) -> Extracted:
    """The lines as one text, normalised gently: nothing that can be read is changed.

    Newlines become "\\n", control characters go (with a warning), and so do blanks at the ends of
    lines and blank lines beyond two. Raises Refused: no text, more than MAX_TEXT of it.
    """
    kept: list[Line] = []
    blanks, removed, size = 0, 0, 0
    for kind, stretch in lines:
        plain, count = _UNSEEN.subn("", NEWLINE.sub("\n", stretch))
        removed += count
        for line in map(str.rstrip, plain.split("\n")):
            if not line:
                blanks += 1
                continue
            if kept:
                kept += [(kept[-1][0], "")] * min(blanks, 2)
            blanks = 0
            kept.append((kind, line))
            size += len(line.encode()) + 1
            if size > MAX_TEXT:
                raise too_long()
    if not kept:
        raise Refused(
            msg("There is no text in it."),
            msg("Paste the text, or bring a file that has some."),
        )
    said = list(warnings)
    if removed:
        said.append(msg("Invisible control characters were removed: {count}.", count=removed))
    return _extracted(kept, facts or Facts(), said)


NEWLINE = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Control characters and lone surrogates, which no database stores, and byte order marks.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


def _extracted(kept: list[Line], facts: Facts, warnings: list[Message]) -> Extracted:
    text = "\n".join(line for _, line in kept)
    facts = tidy(facts)
    return Extracted(
        text=text,
        title=facts.title,
        headline=facts.headline,
        author=facts.author,
        publisher=facts.publisher,
        published=facts.published,
        language=guess_language(text) or facts.language,
        regions=_regions(kept),
        warnings=tuple(warnings),
    )


def _regions(kept: list[Line]) -> tuple[Region, ...]:
    """The regions of the lines; neighbours of one kind are one."""
    regions: list[Region] = []
    at = start = 0
    for number, (kind, line) in enumerate(kept):
        at += len(line) + 1
        is_last = number + 1 == len(kept)
        if is_last or kept[number + 1][0] is not kind:
            end = at - 1 if is_last else at
            regions.append(Region(kind, Span(start, end)))
            start = end
    return tuple(regions)


def too_long() -> Refused:
    """The refusal of a text that is over MAX_TEXT."""
    return Refused(
        msg("The text is over {limit} kB long.", limit=MAX_TEXT // 1000),
        msg("Keep the part your questions are about, and bring that."),
    )


def looks_like_headline(line: str) -> bool:
    """Whether a first line may be the headline: short, and no sentence with a full stop."""
    line = line.strip()
    return 0 < len(line) <= 120 and not line.endswith((".", ",", ";", ":", "…"))


def tidy(facts: Facts) -> Facts:
    """The facts in one line each, with a real ISO date and a language the game knows, or None."""
    return Facts(
        title=_tidy(facts.title),
        headline=_tidy(facts.headline),
        author=_tidy(facts.author),
        publisher=_tidy(facts.publisher),
        published=iso_date(facts.published),
        language=_language(facts.language),
    )


def _tidy(text: str | None) -> str | None:
    if text is None:
        return None
    line = " ".join(_UNSEEN.sub("", text[: MAX_FACT * 10]).split())
    return line[:MAX_FACT].rstrip() or None


def iso_date(text: str | None) -> str | None:
    """The ISO date that a text begins with ("2026-01-09T10:00Z"), if it is one of the calendar."""
    found = re.match(r"\s*(\d{4}-\d\d-\d\d)(?!\d)", text or "")
    try:
        return found and date.fromisoformat(found[1]).isoformat()
    except ValueError:
        return None


def _language(tag: str | None) -> str | None:
    """The language of a tag such as "fr-FR", if it is one of the game's."""
    language = (tag or "").strip().lower().replace("_", "-").partition("-")[0]
    return language if language in ("fr", "en") else None


def to_json(extracted: Extracted) -> dict[str, Any]:
    """The same as plain values, to be carried from process to process."""
    facts = {name: getattr(extracted, name) for name in Facts.__slots__}
    return {
        **facts,
        "text": extracted.text,
        "regions": [[r.kind, r.span.start, r.span.end] for r in extracted.regions],
        "warnings": [[w.template, dict(w.values)] for w in extracted.warnings],
    }


def from_json(report: dict[str, Any]) -> Extracted:
    """What to_json was given."""
    return Extracted(
        **{name: report[name] for name in Facts.__slots__},
        text=report["text"],
        regions=tuple(
            Region(RegionKind(kind), Span(start, end)) for kind, start, end in report["regions"]
        ),
        warnings=tuple(msg(template, **values) for template, values in report["warnings"]),
    )
