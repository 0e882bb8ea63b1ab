"""The commands that write what is on offer as files, and read it again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

import run
from quiz.content.checks.check import check
from quiz.content.format.problems import Severity
from quiz.content.intake.archive import from_zip
from quiz.content.loader import load, load_taxonomy
from quiz.domain.taxonomy import Taxonomy
from quiz.models import DeskDocument, QuestionRevision, QuestionSetRow, SetEntry
from quiz.services.desk import documents, publishing
from quiz.services.desk.contents import source
from quiz.services.library.catalogue import catalogue_of
from quiz.services.library.sync import sync
from quiz.storage.db import db
from tests import world
from tests.desk import create_document, create_ready_set, create_set
from tests.factories import NOW

if TYPE_CHECKING:
    from click.testing import Result
    from flask import Flask
    from sqlalchemy.orm import Session

    from quiz.models import DeskSet, Player


@pytest.fixture
def taxonomy(questions: Path) -> Taxonomy:
    return load_taxonomy(questions)


@pytest.fixture
def published(session: Session, mona: Player, taxonomy: Taxonomy) -> DeskSet:
    """A trainer's set that players have."""
    made = create_ready_set(session, mona)
    publishing.publish(session, mona, made.id, taxonomy, NOW)
    return made


def export(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=["questions", "export", *map(str, words)])


def files_in(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def on_offer(session: Session) -> set[tuple[Any, ...]]:
    """Every set on offer, with the identities of its questions, in order."""
    query = (
        select(SetEntry.set_slug, SetEntry.position, QuestionRevision.digest)
        .join(QuestionRevision, QuestionRevision.id == SetEntry.revision_id)
        .join(QuestionSetRow, QuestionSetRow.slug == SetEntry.set_slug)
        .where(QuestionSetRow.is_retired.is_(False))
    )
    return {tuple(row) for row in session.execute(query)}


@pytest.mark.usefixtures("published")
def test_all_that_is_on_offer_becomes_a_folder_that_passes_and_loads_as_the_same(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    folder = tmp_path / "out"

    done = export(app, folder)

    assert (done.exit_code, done.output) == (0, f"4 sets in {folder}.\n")
    library = load(folder)
    assert not [p for p in library.problems if p.severity is Severity.ERROR], library.problems
    assert set(library.sets) == {"harbour", "tower", "examples", "the-bridge"}
    wanted = on_offer(session)
    address = f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
    world.migrate(address)
    with world.running(address) as elsewhere, elsewhere.app_context():
        command = elsewhere.test_cli_runner().invoke(args=["questions", "sync", str(folder)])
        assert command.exit_code == 0, command.output
        assert on_offer(db.session()) == wanted
        db.session.remove()


def test_the_shipped_questions_come_out_without_an_error(tmp_path: Path) -> None:
    shipped = run.ROOT / "questions"
    address = f"sqlite:///{tmp_path / 'shipped.sqlite3'}"
    world.migrate(address)
    with world.running(address, QUESTIONS=shipped) as app, app.app_context():
        sync(db.session(), load(shipped), NOW)
        done = export(app, tmp_path / "out")
        assert done.exit_code == 0, done.output
        db.session.remove()

    library = load(tmp_path / "out")
    assert library.sets == load(shipped).sets
    assert [p for p in check(library) if p.severity is Severity.ERROR] == []


@pytest.mark.usefixtures("published")
def test_chosen_sets_become_a_zip_file_the_same_every_time(app: Flask, tmp_path: Path) -> None:
    targets = [tmp_path / "one.zip", tmp_path / "two.zip"]

    for target in targets:
        done = export(app, target, "--set", "the-bridge", "--set", "tower")
        assert done.exit_code == 0, done.output

    one, two = (target.read_bytes() for target in targets)
    assert one == two
    assert {name for name in from_zip(one)[0] if name.startswith("sets/")} == {
        "sets/the-bridge.yaml",
        "sets/tower.yaml",
    }


@pytest.mark.usefixtures("session")
def test_nothing_is_written_where_something_is(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine", "utf-8")
    (folder / "mine.zip").write_bytes(b"mine")
    before = files_in(folder)

    for target in (folder, folder / "mine.zip", folder / "mine.txt"):
        done = export(app, target)
        assert done.exit_code == 1
        assert "--force" in done.output
    assert files_in(folder) == before

    assert export(app, folder, "--force").exit_code == 0
    assert files_in(folder).items() >= before.items()


@pytest.mark.usefixtures("session")
def test_a_set_that_is_not_on_offer_is_named(app: Flask, tmp_path: Path) -> None:
    done = export(app, tmp_path / "out", "--set", "tower", "--set", "nowhere")

    assert (done.exit_code, done.output) == (1, "Error: No set on offer is called nowhere.\n")
    assert not (tmp_path / "out").exists()


def test_two_versions_of_a_document_cannot_lie_in_one_folder(
    app: Flask, session: Session, mona: Player, taxonomy: Taxonomy, tmp_path: Path
) -> None:
    document = create_document(session, mona)
    for title in ("First", "Second"):
        made = create_set(session, mona, title, [document])
        publishing.publish(session, mona, made.id, taxonomy, NOW)
        row = session.get_one(DeskDocument, document.id)
        documents.store(row, replace(source(row), provenance={"en": "Told by another."}), NOW)
        session.commit()

    done = export(app, tmp_path / "out")

    assert done.exit_code == 1
    assert "first and second quote different versions of the document bridge" in done.output
    assert export(app, tmp_path / "out", "--set", "first").exit_code == 0


@pytest.mark.usefixtures("published")
def test_a_sync_says_what_it_left_out_to_a_trainers_set(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    export(app, tmp_path / "out")
    before = on_offer(session)

    done = app.test_cli_runner().invoke(args=["questions", "sync", str(tmp_path / "out")])

    assert done.exit_code == 0
    assert "Left out: the-bridge." in done.output
    assert on_offer(session) == before
    assert catalogue_of(session).set(session, "the-bridge").is_from_desk


@pytest.mark.usefixtures("session")
def test_a_folder_that_cannot_be_written_is_told_in_a_line(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")

    done = export(app, tmp_path / "file" / "below")

    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
