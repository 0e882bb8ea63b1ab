"""A trainer's documents: brought, described, marked, given a new text, thrown away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from quiz.content.intake.extract import Extracted, paste
from quiz.content.intake.reanchor import Anchoring
from quiz.domain.document_fields import fields_of
from quiz.domain.errors import BadInput, Conflict, NotFound
from quiz.domain.question_set import Draft, DraftEvidence, RegionKind, SourceDocument
from quiz.domain.quote import Quote, Span
from quiz.domain.verdict import Rule, Stance, Verdict
from quiz.models import DeskDocument, DeskEdit, DeskQuestion, DeskSetDocument, Right, SetShare
from quiz.services.desk import document_texts, documents, publishing, sets
from quiz.services.desk.contents import draft, source
from quiz.services.desk.documents import Row
from quiz.services.library.catalogue import catalogue_of
from tests.desk import add_question
from tests.factories import NOW

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from quiz.models import DeskSet, Player

TEXT = (
    "Fire in the harbour\nA crane fell on Monday. Nobody was hurt.\n"
    "The mayor spoke of luck.\nImage made by AI\nAnn: I saw two cranes."
)
LATER = NOW + timedelta(hours=1)
NO_DATE = "Choose one: none stated, a day, or a first and a last day in order."
QUOTES = ("A crane fell on Monday.", "The mayor spoke of luck.", "Nobody was hurt.")


def brought(session: Session, trainer: Player, text: str = TEXT) -> DeskDocument:
    return documents.create_document(session, trainer, paste(text), "en", NOW)


def now_in(session: Session, row: DeskDocument) -> SourceDocument:
    session.expire_all()
    return source(session.get_one(DeskDocument, row.id))


def question(slug: str, number: int, words: str) -> Draft:
    verdict, rule, stance = (
        (Verdict.TRUE, Rule.T1, Stance.SUPPORTS),
        (Verdict.FALSE, Rule.F1, Stance.REFUTES),
        (Verdict.UNVERIFIED, Rule.U1, Stance.HEDGES),
    )[number % 3]
    claims = ("Something came down.", "The town hall stayed silent.", "It hurt somebody badly.")
    return Draft(
        id=f"question-{number}",
        claim={"en": claims[number % 3]},
        verdict=verdict,
        rule=rule,
        as_of="2026-01-15",
        difficulty=1,
        skills=("close_reading",),
        evidence=(DraftEvidence(slug, Quote(words), stance),),
        explanation={
            "en": f"The file says so where it says “{words}”, and that settles it for everybody."
        },
    )


def quoting(session: Session, trainer: Player, row: DeskDocument) -> DeskSet:
    made = sets.create_set(session, trainer, {"en": "Harbour news"}, ["en"], [], NOW)
    session.add(DeskSetDocument(set_id=made.id, document_id=row.id, position=0))
    session.commit()
    for number, words in enumerate(QUOTES):
        add_question(session, trainer, made.id, question(row.slug, number, words), NOW)
    return made


def quotes_of(session: Session, made: DeskSet) -> list[Quote]:
    session.expire_all()
    rows = session.query(DeskQuestion).filter_by(set_id=made.id).order_by(DeskQuestion.position)
    return [draft(row).evidence[0].quote for row in rows]


def describe(
    session: Session, trainer: Player, row: DeskDocument, *rows: Row, **typed: str
) -> tuple[documents.DocumentClash, ...]:
    """Save the form as it is shown, with some fields changed ("title_en" is title.en)."""
    shown = now_in(session, row)
    changed = {".".join(k.rsplit("_", 1)): v for k, v in typed.items()}
    fields = documents.shown_fields(shown) | changed
    return documents.describe_document(
        session, trainer, row.id, fields, rows, documents.digests(shown), LATER
    )


# Bringing


def test_a_pasted_text_becomes_a_document_with_a_proposed_title(
    session: Session, mona: Player
) -> None:
    row = brought(session, mona)
    document = now_in(session, row)
    assert document.text == TEXT
    assert document.title == {"en": "Fire in the harbour"}
    assert document.headline == "Fire in the harbour"
    assert row.slug == document.slug == "fire-in-the-harbour"
    assert [r.kind for r in document.regions] == [RegionKind.HEADLINE, RegionKind.ARTICLE]
    assert brought(session, mona).slug == "fire-in-the-harbour-2"


def test_a_text_that_is_empty_or_too_long_is_refused(session: Session, mona: Player) -> None:
    for text, words in (
        (" \n", documents.DOCUMENT_EMPTY),
        ("é" * 200_001, "The text is over 400 kB long. Keep the part your questions are about."),
    ):
        extracted = replace(paste("x"), text=text)
        with pytest.raises(BadInput) as refused:
            documents.create_document(session, mona, extracted, "en", NOW)
        assert (refused.value.field, refused.value.message) == ("text", words)


def test_a_trainer_has_a_limited_number_of_documents(
    session: Session, mona: Player, igor: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 1)
    brought(session, mona)
    brought(session, igor)
    with pytest.raises(BadInput, match="You have 500 documents"):
        brought(session, mona)


def test_a_headline_that_is_not_in_the_text_is_not_taken(session: Session, mona: Player) -> None:
    extracted: Extracted = replace(paste(TEXT), headline="Elsewhere")
    row = documents.create_document(session, mona, extracted, "en", NOW)
    assert now_in(session, row).headline is None


# Describing


def test_what_is_known_is_stored_and_proposals_follow_it(session: Session, mona: Player) -> None:
    row = brought(session, mona)
    assert not documents.is_described(now_in(session, row))
    assert describe(session, mona, row, title_fr="Feu au port", publisher="The Gull") == ()

    document = now_in(session, row)
    assert document.title == {"fr": "Feu au port", "en": "Fire in the harbour"}
    assert document.date_note["fr"] == "La page ne porte pas de date."
    assert document.provenance["en"] == "The Gull publishes it and names no author."
    assert documents.is_described(document)

    describe(session, mona, row, published="2026-01-01/2026-01-09")
    assert now_in(session, row).date_note["fr"] == (
        "La page porte des dates du 1er janvier 2026 au 9 janvier 2026."
    )


def test_own_words_are_never_replaced_by_a_proposal(session: Session, mona: Player) -> None:
    row = brought(session, mona)
    describe(session, mona, row, date_note_en="Undated; written after the fire.")
    describe(session, mona, row, published="2026-01-09")
    assert now_in(session, row).date_note["en"] == "Undated; written after the fire."


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"title_en": " "}, "title", "Give the document a title, in one language at least."),
        ({"title_en": "x" * 121}, "title.en", documents.FIELD_TOO_LONG),
        ({"provenance_fr": "x" * 1501}, "provenance.fr", documents.FIELD_TOO_LONG),
        ({"language": "English"}, "language", "Choose the language of the document."),
        (
            {"headline": "Elsewhere"},
            "headline",
            "The headline must stand in the text, character for character.",
        ),
        ({"published": "2026-02-30"}, "published", NO_DATE),
        ({"published": "2026-02-03/2026-01-03"}, "published", NO_DATE),
        ({"published": "yesterday"}, "published", NO_DATE),
    ],
)
def test_a_field_that_cannot_hold_its_value_is_named(
    session: Session, mona: Player, typed: dict[str, str], field: str, words: str
) -> None:
    row = brought(session, mona)
    before = now_in(session, row)
    with pytest.raises(BadInput) as refused:
        describe(session, mona, row, **typed)
    assert (refused.value.field, refused.value.message) == (field, words)
    assert now_in(session, row) == before


def test_a_disclosure_stands_in_the_text_once(session: Session, mona: Player) -> None:
    row = brought(session, mona, f"{TEXT}\nBob: Image made by AI")
    note = {"en": "So it shows nothing real."}
    describe(session, mona, row, Row(Quote(" Image made by AI\r\n"), note), Row(Quote(""), {}))
    (disclosure,) = now_in(session, row).disclosures
    assert disclosure.quote == Quote("Image made by AI", prefix="luck.\n")
    assert disclosure.note == note
    with pytest.raises(BadInput) as refused:
        describe(session, mona, row, Row(Quote("Image"), note), Row(Quote("No such words"), {}))
    assert refused.value.field == "disclosure.1"
    assert refused.value.message == "These words do not stand in the text, character for character."


def test_two_trainers_who_change_different_fields_both_keep_theirs(
    session: Session, mona: Player
) -> None:
    row = brought(session, mona)
    describe(session, mona, row)
    shown = now_in(session, row)
    base, fields = documents.digests(shown), fields_of(shown)
    describe(session, mona, row, publisher="The Gull")

    mine = fields | {"author": "Eve", "title.en": "Fire"}
    clashes = documents.describe_document(session, mona, row.id, mine, (), base, LATER)

    assert clashes == ()
    document = now_in(session, row)
    assert (document.publisher, document.author) == ("The Gull", "Eve")
    assert document.title["en"] == "Fire"


def test_the_same_field_changed_twice_gives_both_versions_back(
    session: Session, mona: Player
) -> None:
    row = brought(session, mona)
    describe(session, mona, row)
    shown = now_in(session, row)
    base, fields = documents.digests(shown), fields_of(shown)
    describe(session, mona, row, publisher="The Gull")

    mine = fields | {"publisher": "The Tern", "author": "Eve"}
    (clash,) = documents.describe_document(session, mona, row.id, mine, (), base, LATER)

    assert (clash.field, clash.mine, clash.theirs) == ("publisher", "The Tern", "The Gull")
    assert now_in(session, row).publisher == "The Gull"
    assert now_in(session, row).author == "Eve"


# Marking


def test_marked_lines_get_their_kind_and_a_note(session: Session, mona: Player) -> None:
    row = brought(session, mona)
    at = TEXT.index("Ann")
    marked = document_texts.mark_region(
        session, mona, row.id, RegionKind.COMMENTS, Span(at, at + 3), 1, LATER
    )
    assert marked.regions[-1].kind is RegionKind.COMMENTS
    assert row.version == 2
    document_texts.note_region(session, mona, row.id, at, {"en": " A  reader. "}, 2, LATER)
    assert now_in(session, row).regions[-1].note == {"en": "A reader."}
    document_texts.note_region(session, mona, row.id, at, {"en": " "}, 3, LATER)
    assert now_in(session, row).regions[-1].note is None
    with pytest.raises(BadInput, match=documents.FIELD_TOO_LONG):
        document_texts.note_region(session, mona, row.id, at, {"en": "x" * 1501}, 4, LATER)


def test_a_document_that_has_changed_meanwhile_is_not_marked(
    session: Session, mona: Player
) -> None:
    row = brought(session, mona)
    with pytest.raises(Conflict) as refused:
        document_texts.mark_region(session, mona, row.id, RegionKind.COMMENTS, Span(0, 3), 7, LATER)
    assert refused.value.message.startswith("Somebody changed the document meanwhile")


# A new text

NEW = (
    TEXT.replace("A crane fell on Monday", "A crane collapsed on Tuesday")
    .replace("Ann:", "Bob: The mayor spoke of luck.\nAnn:")
    .replace("Fire", "Great fire")
)


def test_the_look_at_a_new_text_tells_what_becomes_of_each_quote_and_stores_nothing(
    session: Session, mona: Player
) -> None:
    row = brought(session, mona)
    made = quoting(session, mona, row)
    found = document_texts.look_at_new_text(session, mona, row.id, NEW)

    (fates,) = found.sets
    assert [fate.anchored.kind for fate in fates.quotes] == [
        Anchoring.LOST,
        Anchoring.NEEDS_CONTEXT,
        Anchoring.STANDS,
    ]
    (lost,) = fates.of(Anchoring.LOST)
    assert lost.anchored.nearest == "A crane collapsed on Tuesday."
    assert "collapsed" in [c.words.strip() for c in lost.changes if c.op == "added"]
    assert found.document.regions[0].span == Span(0, len("Great fire in the harbour\n"))
    assert not found.headline_stands
    assert now_in(session, row).text == TEXT
    assert quotes_of(session, made) == [Quote(words) for words in QUOTES]


def test_a_new_text_mends_the_quotes_that_need_context_and_leaves_the_lost_ones(
    session: Session, mona: Player
) -> None:
    row = brought(session, mona)
    made = quoting(session, mona, row)
    document_texts.new_text(session, mona, row.id, NEW, 1, LATER)

    assert now_in(session, row).text == NEW
    lost, mended, same = quotes_of(session, made)
    assert lost == Quote(QUOTES[0])
    assert mended.exact == QUOTES[1]
    assert mended.prefix
    assert same == Quote(QUOTES[2])
    edits = session.query(DeskEdit).filter(DeskEdit.number == 2).all()
    assert [edit.by_id for edit in edits] == [mona.id]


def test_a_new_text_for_another_version_is_refused(session: Session, mona: Player) -> None:
    row = brought(session, mona)
    with pytest.raises(Conflict):
        document_texts.new_text(session, mona, row.id, NEW, 2, LATER)
    assert now_in(session, row).text == TEXT


def test_disclosures_follow_the_new_text(session: Session, mona: Player) -> None:
    row = brought(session, mona)
    describe(session, mona, row, Row(Quote("Image made by AI"), {"en": "Not real."}))
    document_texts.new_text(session, mona, row.id, f"{TEXT}\nImage made by AI", 2, LATER)
    (disclosure,) = now_in(session, row).disclosures
    assert disclosure.quote == Quote("Image made by AI", prefix="luck.\n")


def test_players_see_the_old_text_until_the_set_is_published_again(
    app: Flask, session: Session, mona: Player
) -> None:
    taxonomy = app.jinja_env.globals["taxonomy"]
    row = brought(session, mona)
    describe(session, mona, row)
    made = quoting(session, mona, row)
    sets.describe(session, mona, made.id, {"en": "Harbour"}, {"en": "News."}, ["en"], NOW)
    publishing.publish(session, mona, made.id, taxonomy, NOW)

    def played() -> str:
        (stored,) = [s for s in catalogue_of(session).sets(session) if s.slug == made.slug]
        return stored.documents[row.slug].text

    assert played() == TEXT
    version = session.get_one(DeskDocument, row.id).version
    new = TEXT.replace("Ann: I saw", "Ann: We saw")
    document_texts.new_text(session, mona, row.id, new, version, LATER)
    assert played() == TEXT
    publishing.publish(session, mona, made.id, taxonomy, LATER)
    assert played() == new


def test_a_lost_quote_keeps_the_set_from_being_published(
    app: Flask, session: Session, mona: Player
) -> None:
    row = brought(session, mona)
    describe(session, mona, row)
    made = quoting(session, mona, row)
    sets.describe(session, mona, made.id, {"en": "Harbour"}, {"en": "News."}, ["en"], NOW)
    version = session.get_one(DeskDocument, row.id).version
    document_texts.new_text(session, mona, row.id, NEW, version, LATER)
    with pytest.raises(publishing.NotReady) as refused:
        publishing.publish(session, mona, made.id, app.jinja_env.globals["taxonomy"], LATER)
    assert any(p.path[0] == "evidence" for p in refused.value.lint.questions[0])


# Whose it is


def test_another_trainer_sees_a_document_only_through_a_shared_set(
    session: Session, mona: Player, igor: Player
) -> None:
    row = brought(session, mona)
    made = quoting(session, mona, row)
    assert documents.listed(session, igor) == []
    with pytest.raises(NotFound):
        document_texts.look_at_new_text(session, igor, row.id, NEW)

    session.add(SetShare(set_id=made.id, trainer_id=igor.id, right=Right.READ))
    session.commit()
    (seen,) = documents.listed(session, igor)
    assert seen.title == {"en": "Fire in the harbour"}
    assert [s.id for s in seen.sets] == [made.id]
    assert not documents.may_edit(session, igor, row)
    with pytest.raises(NotFound):
        document_texts.new_text(session, igor, row.id, NEW, 1, LATER)

    session.get_one(SetShare, (made.id, igor.id)).right = Right.EDIT
    session.commit()
    assert documents.may_edit(session, igor, row)
    document_texts.new_text(session, igor, row.id, NEW, 1, LATER)
    assert now_in(session, row).text == NEW


def test_quotes_of_sets_that_one_does_not_see_are_counted_and_mended_too(
    session: Session, mona: Player, igor: Player
) -> None:
    row = brought(session, mona)
    shared = quoting(session, mona, row)
    session.add(SetShare(set_id=shared.id, trainer_id=igor.id, right=Right.READ))
    session.commit()
    own = quoting(session, igor, row)
    found = document_texts.new_text(session, mona, row.id, NEW, 1, LATER)
    assert [fates.desk_set.id for fates in found.sets] == [shared.id]
    assert found.elsewhere == 3
    assert quotes_of(session, own)[1].prefix


def test_a_document_is_deleted_by_its_owner_when_no_set_uses_it(
    session: Session, mona: Player, igor: Player
) -> None:
    row = brought(session, mona)
    made = quoting(session, mona, row)
    session.add(SetShare(set_id=made.id, trainer_id=igor.id, right=Right.EDIT))
    session.commit()
    for who, words in (
        (mona, documents.DOCUMENT_USED),
        (igor, "Only the trainer who brought the document can delete it."),
    ):
        with pytest.raises(BadInput, match=words):
            documents.delete_document(session, who, row.id)
    sets.delete_set(session, mona, made.id)
    documents.delete_document(session, mona, row.id)
    assert session.query(DeskDocument).count() == 0


def test_a_text_of_thousands_of_lines_is_refused(session: Session, mona: Player) -> None:
    """Each line is an element of every page that shows the document."""
    brought(session, mona, "x\n" * 4_000)
    with pytest.raises(BadInput, match="The text has over 5,000 lines"):
        brought(session, mona, "x\n" * 6_000)
