"""The desk's files in the browser: looked at, brought in, taken along."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from sqlalchemy import select

from quiz.content.format.archive import zipped
from quiz.content.intake import untrusted
from quiz.content.intake.archive import from_zip
from quiz.content.intake.import_errors import TookTooLong
from quiz.content.loader import load_taxonomy
from quiz.models import DeskSet, DeskUpload, Player
from quiz.services.desk import exchange, publishing, sets
from quiz.services.desk.contents import draft_set, questions_in
from quiz.web import labels
from tests.desk import a_draft, add_question, rewrite
from tests.factories import NOW, everything
from tests.views.pages import Visitor, form_to, tree, words

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

Sent = tuple[io.BytesIO, str]


@pytest.fixture
def who(trainer: Visitor) -> Player:
    assert trainer.player
    return trainer.player


@pytest.fixture
def archive(session: Session, who: Player, made: DeskSet) -> bytes:
    """That set as a file."""
    return exchange.archive_of(session, who, made.id)[1]


def send(visitor: Visitor, data: bytes, name: str = "sets.zip", into: str = "") -> TestResponse:
    """Send a file with the form of the page for it."""
    # By hand: for a large file the test client leaves one of its own open.
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return visitor.open(
        f"/desk/files/{into}",
        method="POST",
        data=head.encode() + data + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


def look(visitor: Visitor, data: bytes, name: str = "sets.zip", into: str = "") -> Any:
    """The page on what is in a file, as a tree, and its address."""
    sent = send(visitor, data, name, into)
    assert sent.status_code == 303, sent.text
    address = urlsplit(sent.location).path
    return visitor.read(address), address


def table_of(made: DeskSet) -> str:
    return f"sets/{made.id}/table"


def changed(archive: bytes, **replaced: tuple[str, str]) -> bytes:
    """The archive with words replaced in its set's file."""
    found = dict(from_zip(archive)[0])
    text = found["sets/the-bridge.yaml"].decode()
    for old, new in replaced.values():
        assert old in text
        text = text.replace(old, new)
    return zipped({**found, "sets/the-bridge.yaml": text.encode()})


# An archive


def test_a_new_set_is_looked_at_and_brought_in(
    session: Session, archive: bytes, made: DeskSet, other_trainer: Visitor
) -> None:
    page, address = look(other_trainer, archive)
    assert "Nothing has been changed yet." in words(page)
    assert "the-bridge is taken" in words(page)

    done = other_trainer.send(form_to(page, address), sets="the-bridge")

    assert done.status_code == 303
    new = session.scalars(select(DeskSet).where(DeskSet.id != made.id)).one()
    assert urlsplit(done.location).path == f"/desk/sets/{new.id}"
    assert draft_set(session, new).title == {"en": "The bridge"}
    assert other_trainer.get(address).status_code == 404


def test_what_would_change_is_told_in_words(archive: bytes, trainer: Visitor) -> None:
    other = changed(archive, a=("more than forty years", "half a century"))

    page, address = look(trainer, other)

    assert "Changes your set" in words(page)
    (gone,) = [words(e) for e in page.iter("del")]
    (come,) = [words(e) for e in page.iter("ins")]
    assert (gone, come) == ("more than forty years", "half a century")
    assert form_to(page, address).fields["sets"] == "the-bridge"


def test_what_is_the_same_need_not_be_brought_in(archive: bytes, trainer: Visitor) -> None:
    page, address = look(trainer, archive)

    assert "you have all of it already" in words(page)
    assert "sets" not in form_to(page, address).fields


def test_questions_that_the_file_has_not_are_named_and_stay_unless_ticked(
    session: Session, archive: bytes, made: DeskSet, who: Player, trainer: Visitor
) -> None:
    add_question(session, who, made.id, a_draft(3, "the-bridge"), NOW)
    page, address = look(trainer, archive)
    assert "1 question of your set is not in the file:" in words(page)
    assert "The woman who drew the bridge" in words(page)

    trainer.send(form_to(page, address), sets="the-bridge")
    session.rollback()
    assert len(questions_in(session, made)) == 4

    page, address = look(trainer, archive)
    trainer.send(form_to(page, address), sets="the-bridge", exact="1")
    session.rollback()
    assert len(questions_in(session, made)) == 3


def test_what_is_wrong_is_told_with_its_file_line_and_column(
    archive: bytes, trainer: Visitor
) -> None:
    page, _address = look(trainer, changed(archive, a=("difficulty: 1", "difficulty: 9")))

    (line,) = [words(li) for li in page.iter("li") if li.get("class") == "error"]
    assert line.startswith("sets/the-bridge.yaml:")
    _file, row, rest = line.split(":", 2)
    assert int(row) > 1
    assert int(rest.split()[0]) > 1
    assert "Nothing in this file can be brought in." in words(page)


def test_what_is_wrong_is_told_in_the_readers_language(
    trainer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "gettext", lambda template: f"«{template}»")

    page, _address = look(trainer, b"no zip file")

    (line,) = [words(li) for li in page.iter("li") if li.get("class") == "error"]
    assert line == (
        "archive.zip:1:1 «the file is no zip file, or a broken one» "
        "«make it again and send it again»"
    )


def test_nothing_ticked_changes_nothing_and_the_page_says_so(
    session: Session, archive: bytes, other_trainer: Visitor
) -> None:
    page, address = look(other_trainer, archive)
    before = everything(session)

    form = form_to(page, address)
    fields = {name: value for name, value in form.fields.items() if name != "sets"}
    refused = other_trainer.post(form.action, **fields)

    assert refused.status_code == 422
    assert "Tick at least one set" in refused.text
    assert everything(session) == before


@pytest.mark.parametrize("text", ["<script>x</script>", "../..", "é" * 5000, "the-bridge\u202e"])
def test_what_is_ticked_by_hand_is_not_believed(
    session: Session, archive: bytes, trainer: Visitor, text: str
) -> None:
    page, address = look(trainer, archive)
    before = everything(session)

    refused = trainer.send(form_to(page, address), sets=text, exact=text)

    assert refused.status_code == 422
    assert "<script>x" not in refused.text
    assert everything(session) == before


def test_what_fails_in_the_middle_leaves_all_as_it_was_and_the_form_as_ticked(
    session: Session,
    archive: bytes,
    trainer: Visitor,
    made: DeskSet,
    who: Player,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sets.drop_question(session, who, questions_in(session, made)[0].id, NOW)
    page, address = look(trainer, archive)
    monkeypatch.setattr(sets, "MOST_QUESTIONS", 2)
    before = everything(session)

    refused = trainer.send(form_to(page, address), sets="the-bridge")

    assert refused.status_code == 422
    assert "A set has at most 300 questions." in refused.text
    assert form_to(tree(refused.text), address).fields["sets"] == "the-bridge"
    assert everything(session) == before


def test_the_rules_of_the_moment_of_the_confirmation_count(
    session: Session, archive: bytes, other_trainer: Visitor
) -> None:
    page, address = look(other_trainer, archive)
    session.execute(DeskUpload.__table__.update().values(data=b"something else"))
    session.commit()
    before = everything(session)

    assert other_trainer.send(form_to(page, address), sets="the-bridge").status_code == 422
    assert everything(session) == before


def test_a_file_that_takes_too_long_is_told_so(
    archive: bytes, trainer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object, **__: object) -> None:
        raise TookTooLong

    monkeypatch.setattr(untrusted, "run_in_sandbox", slow)
    page, address = look(trainer, archive)

    assert "took too long, so it was stopped" in words(page)
    assert trainer.post(address, sets="the-bridge").status_code == 422


def test_a_hostile_archive_that_is_slow_to_read_is_stopped(
    archive: bytes, trainer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(untrusted, "_SECONDS", 0.05)

    page, _address = look(trainer, archive)

    assert "took too long, so it was stopped" in words(page)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("sets.zip", b"", "Choose a file first"),
        ("sets.txt", b"x", "Choose a ZIP file."),
        ("sets.zip", b"x" * 20_000_001, "larger than 20 MB"),
    ],
)
def test_a_file_that_cannot_be_one_is_refused_at_once(
    session: Session, trainer: Visitor, name: str, data: bytes, told: str
) -> None:
    refused = send(trainer, data, name)

    assert refused.status_code == 422
    assert told in refused.text
    assert session.scalar(select(DeskUpload.id)) is None


def test_a_request_beyond_all_limits_is_refused_in_the_same_words(
    trainer: Visitor, made: DeskSet
) -> None:
    for into in ("", table_of(made)):
        refused = send(trainer, b"x" * 21_500_000, into=into)

        assert refused.status_code == 413
        assert "larger than 20 MB" in refused.text


def test_nobody_but_a_trainer_may_send_more_than_a_form(pupil: Visitor) -> None:
    for size in (1, 1_000_000, 22_000_000):
        assert send(pupil, b"x" * size).status_code == 404
        assert send(pupil, b"x" * size, into="sets/1/table").status_code == 404


def test_a_file_can_be_let_go(session: Session, archive: bytes, trainer: Visitor) -> None:
    page, address = look(trainer, archive)

    done = trainer.send(form_to(page, "/drop"))

    assert urlsplit(done.location).path == "/desk/"
    assert trainer.get(address).status_code == 404
    assert session.scalar(select(DeskUpload.id)) is None


def test_hostile_names_are_only_shown(trainer: Visitor, archive: bytes) -> None:
    sent = send(trainer, archive, "<img src=x onerror=alert(1)>.zip")

    page = trainer.get(sent.location)

    assert "<img src=x" not in page.text
    assert "&lt;img src=x" in page.text


# A table


def test_a_table_is_looked_at_and_brought_in(
    session: Session, made: DeskSet, trainer: Visitor
) -> None:
    data = trainer.get(f"/desk/files/sets/{made.id}.csv").data
    other = data.replace(b"more than forty years", b"half a century")

    page, address = look(trainer, other, "questions.csv", table_of(made))
    assert [words(e) for e in page.iter("ins")] == ["half a century"]
    done = trainer.send(form_to(page, address))

    assert urlsplit(done.location).path == f"/desk/sets/{made.id}"
    session.rollback()
    claim = draft_set(session, made).questions[1].claim["en"]
    assert claim == "Trams used the bridge over the Lave for half a century."


def test_a_table_with_errors_is_refused_whole_with_rows_and_columns(
    session: Session, made: DeskSet, trainer: Visitor
) -> None:
    data = trainer.get(f"/desk/files/sets/{made.id}.csv").data
    wrong = data.replace(b",F1,", b",F99,").replace(b",the-bridge,", b",the-brigde,", 1)
    page, address = look(trainer, wrong, "questions.csv", table_of(made))
    lines = [words(li) for li in page.iter("li") if li.get("class") == "error"]
    before = everything(session)

    assert [line.split(":")[0] for line in lines] == [
        "row 2, column document_1",
        "row 3, column rule",
    ]
    assert "the set has no document the-brigde" in lines[0]
    assert trainer.post(address).status_code == 422
    assert everything(session) == before


def test_rows_without_an_id_are_new_questions_whatever_the_others_are_called(
    session: Session, made: DeskSet, trainer: Visitor
) -> None:
    page, address = look(
        trainer, b"claim_en\nA claim of a new question.\n", "q.csv", table_of(made)
    )
    trainer.send(form_to(page, address))

    session.rollback()
    ids = [question.id for question in draft_set(session, made).questions]
    assert sorted(ids) == ["question-0", "question-1", "question-2", "question-2-x"]


def test_a_table_goes_to_a_set_that_one_may_edit(made: DeskSet, other_trainer: Visitor) -> None:
    assert send(other_trainer, b"id\n", "q.csv", table_of(made)).status_code == 404


# Downloads


def test_a_set_is_taken_along_byte_for_byte(
    app: Flask, session: Session, made: DeskSet, who: Player, trainer: Visitor, archive: bytes
) -> None:
    publishing.publish(session, who, made.id, load_taxonomy(app.config["QUESTIONS"]), NOW)

    now = trainer.get(f"/desk/files/sets/{made.id}.zip")
    published = trainer.get(f"/desk/files/sets/{made.id}/editions/1.zip")

    assert now.data == published.data == archive
    for response, name in ((now, "the-bridge.zip"), (published, "the-bridge-edition-1.zip")):
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response.headers["Content-Type"] == "application/zip"
        assert "no-store" in response.headers["Cache-Control"]


def test_unfinished_questions_are_named_with_the_way_to_them(
    session: Session, made: DeskSet, trainer: Visitor
) -> None:
    second = questions_in(session, made)[1]
    rewrite(session, second, a_draft(1, "the-bridge", verdict=None))

    refused = trainer.get(f"/desk/files/sets/{made.id}.zip")

    page = tree(refused.text)
    links = {a.get("href") for a in page.iter("a")}
    assert refused.status_code == 409
    assert f"/desk/questions/{second.id}" in links
    assert f"/desk/files/sets/{made.id}.xlsx" in links
    assert "Question 2" in words(page)


def test_a_shipped_set_is_taken_along(trainer: Visitor) -> None:
    data = trainer.get("/desk/files/shipped/tower.zip").data

    assert sorted(zipfile.ZipFile(io.BytesIO(data)).namelist()) == [
        "documents/harbour.txt",
        "documents/harbour.yaml",
        "documents/tower.txt",
        "documents/tower.yaml",
        "sets/tower.yaml",
    ]
    assert trainer.get("/desk/files/shipped/nowhere.zip").status_code == 404


def test_a_trainers_set_is_not_taken_for_a_shipped_one(
    app: Flask, session: Session, made: DeskSet, who: Player, other_trainer: Visitor
) -> None:
    publishing.publish(session, who, made.id, load_taxonomy(app.config["QUESTIONS"]), NOW)

    assert other_trainer.get("/desk/files/shipped/the-bridge.zip").status_code == 404


@pytest.mark.parametrize("address", ["/desk/files/template.{}", "/desk/files/sets/{id}.{}"])
def test_tables_come_as_csv_and_as_a_workbook_with_help(
    made: DeskSet, trainer: Visitor, address: str
) -> None:
    plain = trainer.get(address.format("csv", id=made.id)).data.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(trainer.get(address.format("xlsx", id=made.id)).data))

    (head, *rows) = csv.reader(io.StringIO(plain))
    assert head[:2] == ["id", "claim_fr"]
    assert len(rows) >= 2
    assert book.sheetnames == ["Questions", "Help"]


def test_the_pages_say_what_is_allowed(made: DeskSet, trainer: Visitor) -> None:
    assert "up to 20 MB, 200 files and 1000 questions" in words(trainer.read("/desk/files/"))
    table = words(trainer.read(f"/desk/files/{table_of(made)}"))
    assert "CSV or XLSX, up to 20 MB and 500 rows." in table
