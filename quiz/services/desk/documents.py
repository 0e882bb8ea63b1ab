"""A trainer's documents: brought, described, thrown away. Their texts: see document_texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ...content.format.canonical import document_to_dict
from ...content.format.schema import iso_date
from ...content.intake.extract import Extracted, suggest_title
from ...content.intake.extract.extracted import MAX_TEXT
from ...content.intake.reanchor import unique_quote
from ...domain.document_fields import fields_of, with_fields, written
from ...domain.errors import BadInput
from ...domain.merge import field_digest, merge
from ...domain.message import msg
from ...domain.question_set import LANGUAGES, Disclosure, SourceDocument
from ...domain.quote import Quote, locate
from ...domain.regions import whole
from ...models import DeskDocument, DeskSet, DeskSetDocument, Player, Right
from ...storage.db import writing
from .contents import source
from .proposals import proposals
from .rights import document_is_open_to, document_of, sets_of
from .slugs import free_document_slug

MAX_LINES = 5_000  # each is an element of the page that shows the document
MOST_DOCUMENTS = 500
_TOO_MANY = msg("You have 500 documents. Delete one before bringing another.")
DOCUMENT_EMPTY = msg("There is no text. Paste one, or choose a file.")
MOST_DISCLOSURES = 20
LONGEST = {"title": 120, "kind": 200, "provenance": 1500, "date_note": 1500, "headline": 500}
"""Characters that a field can have, by the first word of its name; other fields 200."""
_LONGEST_OTHER = 200
_LONGEST_DISCLOSURE = 1500
DOCUMENT_USED = msg("A set uses this document. Take it out of the set first.")
FIELD_TOO_LONG = msg("This is too long. Shorten it a little.")


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in a list, without its text, and the sets that use it, as far as one may see."""

    id: int
    title: Mapping[str, str]
    language: str
    updated_at: datetime
    sets: tuple[DeskSet, ...]


@dataclass(frozen=True, slots=True)
class DocumentClash:
    """A field that somebody else changed meanwhile: both versions. Theirs is stored."""

    field: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Row:
    """A disclosure as it was typed: the words, what told them from twins so far, the note."""

    quote: Quote
    note: Mapping[str, str]


def create_document(
    session: Session, trainer: Player, extracted: Extracted, language: str, now: datetime
) -> DeskDocument:
    """A new document of the trainer's; `language` ("fr", "en") where its own cannot be told.

    Its title is a proposal, in its language. Raises BadInput on `text`: there is none, too much of
    it, or the trainer has too many documents.
    """
    text = usable_text(extracted.text)
    code = extracted.language or language
    title = suggest_title(extracted)
    with writing(session):
        session.execute(select(Player.id).where(Player.id == trainer.id).with_for_update())
        own = select(func.count(DeskDocument.id)).where(DeskDocument.owner_id == trainer.id)
        if (session.scalar(own) or 0) >= MOST_DOCUMENTS:
            raise BadInput("text", _TOO_MANY)
        document = SourceDocument(
            slug=free_document_slug(session, title),
            text=text,
            title={code: title},
            kind={},
            provenance={},
            date_note={},
            language=code,
            regions=extracted.regions or whole(text),
            headline=extracted.headline if (extracted.headline or "\0") in text else None,
            publisher=extracted.publisher,
            author=extracted.author,
            published=extracted.published,
        )
        row = DeskDocument(
            slug=document.slug,
            owner_id=trainer.id,
            body=document_to_dict(document),
            created_at=now,
            updated_at=now,
        )
        session.add(row)
    return row


def usable_text(text: str) -> str:
    """A text that can be stored. Raises BadInput on `text`: there is none, or too much of it."""
    if not text.strip():
        raise BadInput("text", DOCUMENT_EMPTY)
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT:
        raise BadInput(
            "text", msg("The text is over 400 kB long. Keep the part your questions are about.")
        )
    if text.count("\n") > MAX_LINES:
        raise BadInput(
            "text", msg("The text has over 5,000 lines. Keep the part your questions are about.")
        )
    return text


def describe_document(
    session: Session,
    trainer: Player,
    document_id: int,
    typed: Mapping[str, str],
    disclosures: Sequence[Row],
    base_digests: Mapping[str, str],
    now: datetime,
) -> tuple[DocumentClash, ...]:
    """Store what is known about a document, except fields that somebody else changed meanwhile.

    `typed` holds the other fields of document_fields, `base_digests` what every field held when it
    was shown. Proposals left as they were follow the date, author and publisher. Gives the fields
    in which both changed. Raises BadInput on a field that cannot hold its value, NotFound.
    """
    with writing(session):
        row = document_of(session, trainer, document_id, Right.EDIT, lock=True)
        before = source(row)
        wanted = _usable(before, typed)
        wanted["disclosures"] = written(_anchored(disclosures, before.text))
        merged = merge(base_digests, wanted, fields_of(before))
        after = with_fields(before, merged.values)
        store(row, after, now)
    return tuple(DocumentClash(c.field, c.mine, c.theirs) for c in merged.conflicts)


def store(row: DeskDocument, after: SourceDocument, now: datetime) -> None:
    """Make this the document, if it changes anything. Inside a transaction that holds it."""
    body = document_to_dict(after)
    if body != row.body:
        row.body, row.updated_at = body, now
        row.version += 1


def shown_fields(document: SourceDocument) -> dict[str, str]:
    """What the form shows: every field, with proposals where nothing is written yet."""
    fields, proposed = fields_of(document), proposals(document)
    return {name: value or proposed.get(name, "") for name, value in fields.items()}


def digests(document: SourceDocument) -> dict[str, str]:
    """What the form sends back as its base."""
    return {name: field_digest(value) for name, value in fields_of(document).items()}


def is_described(document: SourceDocument) -> bool:
    """Whether somebody has said once what is known about it: only then no date means none."""
    return bool(document.date_note)


def delete_document(session: Session, trainer: Player, document_id: int) -> None:
    """Delete a document of the trainer's own. Raises BadInput while a set uses it, NotFound."""
    with writing(session):
        row = document_of(session, trainer, document_id, lock=True)
        if row.owner_id != trainer.id:
            raise BadInput(
                "document", msg("Only the trainer who brought the document can delete it.")
            )
        used = select(DeskSetDocument.set_id).where(DeskSetDocument.document_id == row.id)
        if session.scalar(used.limit(1)) is not None:
            raise BadInput("document", DOCUMENT_USED)
        session.execute(delete(DeskDocument).where(DeskDocument.id == row.id))


def may_edit(session: Session, trainer: Player, row: DeskDocument) -> bool:
    """Whether the trainer may change the document."""
    query = select(DeskDocument.id)
    query = query.where(DeskDocument.id == row.id, document_is_open_to(trainer, Right.EDIT))
    return session.scalar(query) is not None


def listed(session: Session, trainer: Player) -> list[Listed]:
    """Every document the trainer owns or may read, the one last changed first. Three queries."""
    columns = (
        DeskDocument.id,
        DeskDocument.body["title"].label("title"),
        DeskDocument.body["language"].label("language"),
        DeskDocument.updated_at,
    )
    query = select(*columns).where(document_is_open_to(trainer, Right.READ))
    rows = session.execute(
        query.order_by(DeskDocument.updated_at.desc(), DeskDocument.id.desc())
    ).all()
    using = sets_using(session, trainer, [row.id for row in rows])
    return [
        Listed(row.id, row.title, row.language, row.updated_at, using.get(row.id, ()))
        for row in rows
    ]


def sets_using(
    session: Session, trainer: Player, document_ids: Iterable[int]
) -> dict[int, tuple[DeskSet, ...]]:
    """The sets open to the trainer that use each document, by its id."""
    open_sets = {row.id: row for row in sets_of(session, trainer)}
    pairs = session.execute(
        select(DeskSetDocument.document_id, DeskSetDocument.set_id)
        .where(DeskSetDocument.document_id.in_(list(document_ids)))
        .order_by(DeskSetDocument.set_id)
    )
    using: dict[int, tuple[DeskSet, ...]] = {}
    for document_id, set_id in pairs:
        if set_id in open_sets:
            using[document_id] = (*using.get(document_id, ()), open_sets[set_id])
    return using


def _usable(before: SourceDocument, typed: Mapping[str, str]) -> dict[str, str]:
    """The fields as they would be stored. Raises BadInput."""
    fields = fields_of(before)
    fields |= {name: " ".join(value.split()) for name, value in typed.items() if name in fields}
    fields["headline"] = typed.get("headline", fields["headline"]).replace("\r\n", "\n").strip()
    for name, value in fields.items():
        if name != "disclosures" and len(value) > LONGEST.get(name.split(".")[0], _LONGEST_OTHER):
            raise BadInput(name, FIELD_TOO_LONG)
    if not any(fields[f"title.{language}"] for language in LANGUAGES):
        raise BadInput("title", msg("Give the document a title, in one language at least."))
    if not re.fullmatch("[a-z]{2,3}", fields["language"]):
        raise BadInput("language", msg("Choose the language of the document."))
    if fields["headline"] not in before.text:
        raise BadInput(
            "headline", msg("The headline must stand in the text, character for character.")
        )
    if fields["published"]:
        _check_date(fields["published"])
    # A proposal that nobody made their own follows what it was made from.
    after = with_fields(before, fields)
    new = proposals(after)
    unchanged = [name for name, old in proposals(before).items() if fields[name] == old]
    return fields | {name: new[name] for name in unchanged}


def _check_date(published: str) -> None:
    """Raises BadInput unless this is a day, or a range "from/to" in order."""
    days = published.split("/")
    try:
        usable = len(days) <= 2 and [iso_date(day) for day in days] == sorted(days)
    except ValueError:
        usable = False
    if not usable:
        raise BadInput(
            "published", msg("Choose one: none stated, a day, or a first and a last day in order.")
        )


def _anchored(rows: Sequence[Row], text: str) -> list[Disclosure]:
    """The rows with words as disclosures that stand once in the text. Raises BadInput."""
    found: list[Disclosure] = []
    for n, row in enumerate(rows[:MOST_DISCLOSURES]):
        exact = row.quote.exact.replace("\r\n", "\n").strip()
        note = {code: " ".join(row.note.get(code, "").split()) for code in LANGUAGES}
        if not exact and not any(note.values()):
            continue
        if max(len(exact), *(len(words) for words in note.values())) > _LONGEST_DISCLOSURE:
            raise BadInput(f"disclosure.{n}", FIELD_TOO_LONG)
        kept = Quote(exact, row.quote.prefix, row.quote.suffix)
        quote = kept if locate(kept, text) is not None else unique_quote(exact, text)
        if quote is None:
            raise BadInput(
                f"disclosure.{n}",
                msg("These words do not stand in the text, character for character."),
            )
        found.append(Disclosure(quote, {code: words for code, words in note.items() if words}))
    return found
