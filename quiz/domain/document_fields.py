"""What is known about a document as the fields of a form, and back: compared and merged as such.

Field names: "title.fr", "title.en", likewise "kind", "provenance" and "date_note", then "language",
"publisher", "author", "published" (a date, a range or ""), "headline" and "disclosures", which are
one field: a quote and its note say something together only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from .question_set import LANGUAGES, Disclosure, SourceDocument, Text
from .quote import Quote

TEXTS = ("title", "kind", "provenance", "date_note")
FACTS = ("language", "publisher", "author", "published", "headline")


def fields_of(document: SourceDocument) -> dict[str, str]:
    """Every field with its value; "" where nothing is known."""
    fields = {
        f"{name}.{language}": getattr(document, name).get(language, "")
        for name in TEXTS
        for language in LANGUAGES
    }
    fields |= {name: getattr(document, name) or "" for name in FACTS}
    return fields | {"disclosures": written(document.disclosures)}


def with_fields(document: SourceDocument, fields: Mapping[str, str]) -> SourceDocument:
    """The document with these fields changed. Raises ValueError on disclosures not `written`."""
    values = fields_of(document) | dict(fields)
    return replace(
        document,
        title=_text(values, "title"),
        kind=_text(values, "kind"),
        provenance=_text(values, "provenance"),
        date_note=_text(values, "date_note"),
        language=values["language"],
        publisher=values["publisher"] or None,
        author=values["author"] or None,
        published=values["published"] or None,
        headline=values["headline"] or None,
        disclosures=read(values["disclosures"]),
    )


def written(disclosures: Iterable[Disclosure]) -> str:
    """Disclosures as the value of a field; "" when there are none."""
    rows = [
        [d.quote.exact, d.quote.prefix, d.quote.suffix, dict(sorted(d.note.items()))]
        for d in disclosures
    ]
    return json.dumps(rows, ensure_ascii=True) if rows else ""


def read(value: str) -> tuple[Disclosure, ...]:
    """The disclosures that `written` gave. Raises ValueError on anything else."""
    rows = json.loads(value) if value else []
    return tuple(Disclosure(Quote(*words), note) for *words, note in rows)


def _text(values: Mapping[str, str], name: str) -> Text:
    texts = {language: values[f"{name}.{language}"] for language in LANGUAGES}
    return {language: text for language, text in texts.items() if text}
