"""Sets out of the desk as files, and files into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from quiz.content.format.library import Library
from quiz.content.format.spreadsheet_writing import to_csv, to_xlsx
from quiz.content.intake.archive import read_archive
from quiz.content.intake.question_table import read_table
from quiz.content.loader import load_taxonomy
from quiz.domain.errors import BadInput, NotFound
from quiz.domain.taxonomy import Taxonomy
from quiz.models import DeskDocument, DeskEdit, DeskQuestion, DeskSet, DeskUpload, Right, SetShare
from quiz.services.accounts.retention import forget_uploads
from quiz.services.desk import exchange, publishing, question_tables, sets, uploads
from quiz.services.desk.contents import documents_in, draft_set, questions_in
from quiz.services.desk.exchange import ImportEffect, ImportPlan, NotWhole
from quiz.services.library.catalogue import catalogue_of
from quiz.services.library.published import files_of, sets_on_offer
from quiz.storage.db import db
from tests import world
from tests.desk import a_draft, create_document, create_ready_set, create_set, rewrite
from tests.factories import NOW, create_trainer, everything

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from quiz.models import Player


@pytest.fixture
def taxonomy(questions: Path) -> Taxonomy:
    return load_taxonomy(questions)


def opened(data: bytes) -> Library:
    """What an archive holds; every set in it is fit to be served."""
    library = read_archive(data, Taxonomy())
    assert not library.withheld, library.problems
    return library


def plans(session: Session, trainer: Player, library: Library) -> list[ImportPlan]:
    return exchange.dry_run(session, trainer, list(library.sets.values()), library.documents)


def bring(session: Session, trainer: Player, library: Library, **how: Any) -> list[DeskSet]:
    upload = uploads.keep(session, trainer, "sets.zip", b"of no matter here", NOW)
    found = list(library.sets.values())
    return exchange.bring_in(session, trainer, upload.id, found, library.documents, NOW, **how)


def exported(session: Session, trainer: Player, row: DeskSet) -> Library:
    return opened(exchange.archive_of(session, trainer, row.id)[1])


def edited(library: Library, **changes: Any) -> Library:
    """The library with another version of its one set."""
    ((slug, found),) = library.sets.items()
    return replace(library, sets={slug: replace(found, **changes)})


def redocumented(library: Library) -> Library:
    """The library with another provenance of its one document."""
    ((slug, document),) = library.documents.items()
    return replace(library, documents={slug: replace(document, provenance={"en": "Told twice."})})


# Out


def test_a_set_comes_out_with_its_documents(session: Session, mona: Player) -> None:
    made = create_ready_set(session, mona)

    slug, data = exchange.archive_of(session, mona, made.id)

    library = opened(data)
    assert (slug, list(library.sets), list(library.documents)) == (
        "the-bridge",
        ["the-bridge"],
        ["the-bridge"],
    )
    assert len(library.sets["the-bridge"].questions) == 3


def test_unfinished_questions_keep_a_set_from_coming_out_and_are_named(
    session: Session, mona: Player
) -> None:
    made = create_ready_set(session, mona)
    second = questions_in(session, made)[1]
    rewrite(session, second, a_draft(1, "the-bridge", verdict=None))

    with pytest.raises(NotWhole) as caught:
        exchange.archive_of(session, mona, made.id)

    assert (
        caught.value.message
        == "A ZIP file holds finished questions only. These are not finished yet:"
    )
    assert caught.value.questions == (second.id,)


def test_an_empty_set_does_not_come_out(session: Session, mona: Player) -> None:
    made = create_set(session, mona, documents=[create_document(session, mona)], questions=0)

    with pytest.raises(NotWhole) as caught:
        exchange.archive_of(session, mona, made.id)

    assert caught.value.message == "The set needs a document and a question first."
    assert caught.value.questions == ()


def test_a_text_that_no_file_may_hold_keeps_a_set_from_coming_out(
    session: Session, mona: Player
) -> None:
    made = create_ready_set(session, mona)
    rewrite(session, questions_in(session, made)[0], a_draft(0, "the-bridge", claim={"en": "\x07"}))

    with pytest.raises(NotWhole) as caught:
        exchange.archive_of(session, mona, made.id)

    assert caught.value.message.startswith(
        "Some text of the set cannot be written to a file: look for odd signs"
    )


def test_an_edition_comes_out_as_it_was_published(
    session: Session, mona: Player, taxonomy: Taxonomy
) -> None:
    made = create_ready_set(session, mona)
    publishing.publish(session, mona, made.id, taxonomy, NOW)
    before = exchange.archive_of(session, mona, made.id)
    sets.drop_question(session, mona, questions_in(session, made)[0].id, NOW)

    assert exchange.edition_archive(session, mona, made.id, 1) == before
    with pytest.raises(NotFound):
        exchange.edition_archive(session, mona, made.id, 2)


def test_what_is_somebody_elses_does_not_come_out(
    session: Session, mona: Player, igor: Player
) -> None:
    made = create_ready_set(session, mona)

    for take in (exchange.archive_of, question_tables.table_of_set):
        with pytest.raises(NotFound):
            take(session, igor, made.id)
    with pytest.raises(NotFound):
        exchange.edition_archive(session, igor, made.id, 1)


# In again, elsewhere


def test_a_set_goes_to_an_empty_game_is_published_and_comes_back_the_same(
    session: Session, mona: Player, taxonomy: Taxonomy, tmp_path: Path
) -> None:
    made = create_ready_set(session, mona)
    publishing.publish(session, mona, made.id, taxonomy, NOW)
    slug, data = exchange.archive_of(session, mona, made.id)
    played = [r.question for r in catalogue_of(session).set(session, slug).revisions]

    address = f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
    world.migrate(address)
    with world.running(address) as elsewhere, elsewhere.app_context():
        there = db.session()
        nadia = create_trainer(there, "Nadia")
        (brought,) = bring(there, nadia, opened(data))
        publishing.publish(there, nadia, brought.id, taxonomy, NOW)

        assert exchange.archive_of(there, nadia, brought.id) == (slug, data)
        assert exchange.edition_archive(there, nadia, brought.id, 1) == (slug, data)
        stored = catalogue_of(there).set(there, slug)
        assert [revision.question for revision in stored.revisions] == played
        db.session.remove()


def test_all_that_is_on_offer_can_be_brought_in_and_comes_out_the_same(
    session: Session, mona: Player, questions: Path, tmp_path: Path
) -> None:
    found = [stored for stored in sets_on_offer(session) if not stored.is_examples]
    files = files_of(found)

    address = f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
    world.migrate(address)
    with world.running(address, QUESTIONS=questions) as elsewhere, elsewhere.app_context():
        from quiz.content.format.archive import zipped
        from quiz.content.intake.archive import from_zip

        there = db.session()
        nadia = create_trainer(there, "Nadia")
        made = bring(there, nadia, opened(zipped(files)))

        again: dict[str, bytes] = {}
        for row in made:
            again |= from_zip(exchange.archive_of(there, nadia, row.id)[1])[0]
        assert again == files
        db.session.remove()


def test_a_new_set_keeps_its_name_and_one_whose_name_is_taken_gets_a_number(
    session: Session, mona: Player, igor: Player
) -> None:
    library = exported(session, mona, create_ready_set(session, mona))

    (plan,) = plans(session, igor, library)
    (made,) = bring(session, igor, library)

    assert plan.fate is ImportEffect.RENAMED
    assert (made.slug, made.owner_id) == ("the-bridge-2", igor.id)
    assert list(documents_in(session, made)) == ["the-bridge-2"]
    assert {e.document for q in draft_set(session, made).questions for e in q.evidence} == {
        "the-bridge-2"
    }


def test_the_dry_run_changes_nothing(session: Session, mona: Player, igor: Player) -> None:
    library = exported(session, mona, create_ready_set(session, mona))
    before = everything(session)

    plans(session, mona, edited(library, title={"en": "Another"}))
    plans(session, igor, library)

    assert everything(session) == before


def test_two_documents_with_the_same_words_stay_two(session: Session, mona: Player) -> None:
    documents = [create_document(session, mona, slug) for slug in ("one", "two")]
    made = create_set(session, mona, documents=documents)
    library = exported(session, mona, made)
    sets.delete_set(session, mona, made.id)

    (back,) = bring(session, mona, library)

    assert list(documents_in(session, back)) == ["one", "two"]
    assert session.scalar(select(func.count()).select_from(DeskDocument)) == 2


def test_a_long_name_that_is_taken_still_fits(session: Session, mona: Player, igor: Player) -> None:
    library = exported(session, mona, create_ready_set(session, mona))
    slug = "a" * 39 + "-" + "b" * 40
    long = replace(library, sets={slug: replace(library.sets["the-bridge"], slug=slug)})
    rows = [*bring(session, mona, long), *bring(session, igor, long)]

    assert [row.slug for row in rows] == [slug, slug[:78] + "-2"]


# In again, where it came from


def test_what_comes_back_unchanged_changes_nothing(session: Session, mona: Player) -> None:
    made = create_ready_set(session, mona)
    library = exported(session, mona, made)
    edits = session.scalar(select(func.count()).select_from(DeskEdit))

    (plan,) = plans(session, mona, library)
    bring(session, mona, library)

    assert (plan.fate, plan.missing) == (ImportEffect.UNCHANGED, ())
    assert exported(session, mona, made).sets == library.sets
    assert session.scalar(select(func.count()).select_from(DeskEdit)) == edits
    assert session.scalar(select(func.count()).select_from(DeskSet)) == 1


def test_a_set_of_ones_own_is_changed_question_by_question(session: Session, mona: Player) -> None:
    made = create_ready_set(session, mona)
    library = exported(session, mona, made)
    first, second, third = library.sets["the-bridge"].questions
    other = replace(second, claim={"en": "Trams used the bridge for half a century."})
    new = replace(third, id="a-new-one")
    library = edited(library, title={"en": "Bridges"}, questions=(first, other, new))

    (plan,) = plans(session, mona, library)
    (row,) = bring(session, mona, library)

    assert plan.changes is not None
    assert plan.fate is ImportEffect.CHANGED
    assert [c.kind.value for c in plan.changes.of_questions] == ["changed", "added"]
    assert [question.id for question in plan.missing] == ["question-2"]
    now = draft_set(session, row)
    assert row.id == made.id
    assert (row.slug, now.title) == ("the-bridge", {"en": "Bridges"})
    assert [q.id for q in now.questions] == ["question-0", "question-1", "a-new-one", "question-2"]
    assert now.questions[1].claim == other.claim


def test_the_state_before_can_be_gone_back_to(session: Session, mona: Player) -> None:
    from quiz.services.desk import editing

    made = create_ready_set(session, mona)
    library = exported(session, mona, made)
    (first, *rest) = library.sets["the-bridge"].questions
    other = replace(first, difficulty=3)
    bring(session, mona, edited(library, questions=(other, *rest)))

    back = editing.undo(session, mona, questions_in(session, made)[0].id, NOW)

    assert back.draft.difficulty == first.difficulty


def test_questions_that_the_file_has_not_go_when_that_is_wanted(
    session: Session, mona: Player
) -> None:
    made = create_ready_set(session, mona)
    library = exported(session, mona, made)
    first, _second, third = library.sets["the-bridge"].questions

    bring(session, mona, edited(library, questions=(third, first)), is_exact=True)

    assert [q.id for q in draft_set(session, made).questions] == ["question-2", "question-0"]


def test_a_question_that_was_deleted_comes_back_as_the_one_it_was(
    session: Session, mona: Player, taxonomy: Taxonomy
) -> None:
    made = create_ready_set(session, mona)
    publishing.publish(session, mona, made.id, taxonomy, NOW)
    library = exported(session, mona, made)
    sets.drop_question(session, mona, questions_in(session, made)[0].id, NOW)

    bring(session, mona, library)

    assert exported(session, mona, made).sets == library.sets


def test_a_document_of_ones_own_changes_with_its_set(session: Session, mona: Player) -> None:
    made = create_ready_set(session, mona)
    library = redocumented(exported(session, mona, made))

    (plan,) = plans(session, mona, library)
    bring(session, mona, library)

    assert plan.changes is not None
    assert [d.field for d in plan.changes.of_set] == ["document"]
    assert documents_in(session, made) == dict(library.documents)


def test_a_document_that_another_set_quotes_is_left_alone_and_copied(
    session: Session, mona: Player
) -> None:
    made = create_ready_set(session, mona)
    document = session.scalars(select(DeskDocument)).one()
    other = create_set(session, mona, "Other", [document])
    before = documents_in(session, other)
    library = redocumented(exported(session, mona, made))

    bring(session, mona, library)

    assert documents_in(session, other) == before
    now = documents_in(session, made)
    assert now["the-bridge-2"].provenance == {"en": "Told twice."}
    assert all(
        e.document == "the-bridge-2" for q in draft_set(session, made).questions for e in q.evidence
    )


def test_a_set_that_is_only_shared_is_not_changed(
    session: Session, mona: Player, igor: Player
) -> None:
    made = create_ready_set(session, mona)
    session.add(SetShare(set_id=made.id, trainer_id=igor.id, right=Right.EDIT))
    session.commit()
    library = exported(session, mona, made)

    (row,) = bring(session, igor, edited(library, title={"en": "Mine"}))

    assert row.id != made.id
    assert draft_set(session, made).title == {"en": "The bridge"}


def test_what_fails_in_the_middle_leaves_nothing(
    session: Session, mona: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = exported(session, mona, create_ready_set(session, mona))
    ((_, found),) = library.sets.items()
    other = replace(found, slug="another", title={"en": "Another"})
    library = replace(library, sets={"another": other, found.slug: found})
    upload = uploads.keep(session, mona, "sets.zip", b"PK", NOW)
    before = everything(session)
    monkeypatch.setattr(sets, "MOST_QUESTIONS", 2)

    with pytest.raises(BadInput) as caught:
        exchange.bring_in(
            session, mona, upload.id, list(library.sets.values()), library.documents, NOW
        )

    assert caught.value.message == "A set has at most 300 questions."
    assert everything(session) == before


def test_a_file_is_brought_in_once(session: Session, mona: Player, igor: Player) -> None:
    library = exported(session, mona, create_ready_set(session, mona))
    upload = uploads.keep(session, igor, "sets.zip", b"PK", NOW)
    found = list(library.sets.values())
    exchange.bring_in(session, igor, upload.id, found, library.documents, NOW)

    with pytest.raises(NotFound):
        exchange.bring_in(session, igor, upload.id, found, library.documents, NOW)

    assert session.scalar(select(func.count()).select_from(DeskSet)) == 2


# Tables


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_out_and_in_again_changes_nothing(
    session: Session, mona: Player, kind: str
) -> None:
    made = create_ready_set(session, mona)
    rewrite(session, questions_in(session, made)[1], a_draft(1, "the-bridge", verdict=None))
    _slug, table = question_tables.table_of_set(session, mona, made.id)
    data = to_csv(table) if kind == "csv" else to_xlsx([table])

    drafts, problems = read_table(data, f"questions.{kind}", ["the-bridge"])
    plan = question_tables.dry_run_table(session, mona, made.id, drafts)

    assert problems == ()
    assert (plan.fate, plan.missing) == (ImportEffect.UNCHANGED, ())


def test_a_table_changes_and_adds_questions_and_keeps_the_others(
    session: Session, mona: Player
) -> None:
    made = create_ready_set(session, mona)
    drafts = [a_draft(1, "the-bridge", difficulty=3), a_draft(3, "the-bridge")]
    upload = uploads.keep(session, mona, "q.csv", b"id", NOW, made.id)

    plan = question_tables.dry_run_table(session, mona, made.id, drafts)
    question_tables.import_table(session, mona, upload.id, made.id, drafts, NOW)

    assert [question.id for question in plan.missing] == ["question-0", "question-2"]
    now = draft_set(session, made).questions
    ids = ["question-1", "question-3", "question-0", "question-2"]
    assert [question.id for question in now] == ids
    assert now[0].difficulty == 3


def test_a_table_is_for_those_who_may_edit(session: Session, mona: Player, igor: Player) -> None:
    made = create_ready_set(session, mona)
    session.add(SetShare(set_id=made.id, trainer_id=igor.id, right=Right.READ))
    session.commit()

    assert question_tables.table_of_set(session, igor, made.id)[0] == "the-bridge"
    with pytest.raises(NotFound):
        question_tables.dry_run_table(session, igor, made.id, [a_draft(3)])


# Files that wait


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.zip", b"", "Choose a file first; an empty one holds nothing."),
        ("a.zip", b"x" * 20_000_001, uploads.UPLOAD_SIZE),
        ("a.csv", b"x", "Choose a ZIP file."),
        ("", b"x", "Choose a ZIP file."),
    ],
)
def test_a_file_that_cannot_be_one_is_not_kept(
    session: Session, mona: Player, name: str, data: bytes, words: str
) -> None:
    with pytest.raises(BadInput) as caught:
        uploads.keep(session, mona, name, data, NOW)

    assert (caught.value.field, caught.value.message) == ("file", words)
    assert session.scalar(select(func.count()).select_from(DeskUpload)) == 0


def test_a_trainer_has_one_file_waiting_and_nobody_else_sees_it(
    session: Session, mona: Player, igor: Player
) -> None:
    first = uploads.keep(session, mona, "a.zip", b"first", NOW)
    second = uploads.keep(session, mona, "b.zip", b"second", NOW)

    assert uploads.waiting(session, mona, second.id).data == b"second"
    for who, which in ((mona, first), (igor, second)):
        with pytest.raises(NotFound):
            uploads.waiting(session, who, which.id)
        with pytest.raises(NotFound):
            uploads.drop(session, who, which.id)


def test_a_file_is_forgotten_after_a_day(session: Session, mona: Player, igor: Player) -> None:
    uploads.keep(session, mona, "old.zip", b"x", NOW - timedelta(days=1, seconds=1))
    kept = uploads.keep(session, igor, "new.zip", b"x", NOW - timedelta(hours=23))

    forget_uploads(session, NOW)

    assert list(session.scalars(select(DeskUpload.id))) == [kept.id]


def test_what_is_deleted_takes_its_file_along(session: Session, mona: Player) -> None:
    made = create_ready_set(session, mona)
    uploads.keep(session, mona, "q.csv", b"x", NOW, made.id)

    sets.delete_set(session, mona, made.id)

    assert session.scalar(select(func.count()).select_from(DeskUpload)) == 0
    assert session.scalar(select(func.count()).select_from(DeskQuestion)) == 0
