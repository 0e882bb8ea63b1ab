"""Who may open what: every route, for every kind of visitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from quiz.config import ROOT
from quiz.content.loader import load_taxonomy
from quiz.domain.answer import Mode
from quiz.models import Player, Right, Room, Seat
from quiz.services.desk import exchange, publishing, readings, sharing, threads, uploads
from quiz.services.desk.contents import rows_of_documents
from quiz.web.assets import read_scripts
from tests import factories
from tests.desk import create_question, create_ready_set, ids_in
from tests.factories import (
    NOW,
    create_answers,
    create_class,
    create_member,
    create_round,
    everything,
    finish,
)
from tests.views.pages import Visitor, without_noise
from tests.views.staged import REVEALED, UNREVEALED, stage

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Row:
    """A route with an address of it that belongs to the pupil, and what each visitor gets.

    Nobody has no record; the guest and the outsider have one of their own. The trainer has the
    class that the pupil is in, the other trainer has none.
    """

    address: str
    nobody: int
    guest: int
    outsider: int
    pupil: int
    trainer: int
    other_trainer: int


def public(address: str, status: int = 200) -> Row:
    """The same for all."""
    return Row(address, status, status, status, status, status, status)


def private(address: str, status: int = 200) -> Row:
    """For its owner; to others it looks as if it were not there."""
    return Row(address, 404, 404, 404, status, 404, 404)


def taught(address: str, status: int = 200) -> Row:
    """For the trainer of the class; to others, other trainers too, as if it were not there."""
    return Row(address, 404, 404, 404, 404, status, 404)


ROUTES = {
    ("static", "GET"): public("/static/css/base.css"),
    ("script", "GET"): public(f"/scripts/{read_scripts(ROOT / 'static' / 'js').version}/base.js"),
    ("home.index", "GET"): public("/"),
    ("home.health", "GET"): public("/healthz"),
    ("solo.start", "POST"): public("/rounds", 303),
    ("solo.resume", "GET"): private("/rounds/{open}", 303),
    ("solo.item", "GET"): private("/rounds/{open}/1"),
    ("solo.item_part", "GET"): private("/rounds/{open}/1/part"),
    ("solo.answered", "GET"): private("/rounds/{open}/1/answer", 303),
    ("solo.file", "GET"): private("/rounds/{open}/1/file"),
    ("solo.file_part", "GET"): private("/rounds/{open}/1/file/part"),
    ("solo.answer", "POST"): private("/rounds/{open}/1/answer", 303),
    ("solo.answer_part", "POST"): private("/rounds/{open}/1/answer/part"),
    ("solo.summary", "GET"): private("/rounds/{done}/summary"),
    ("review.index", "GET"): public("/review/"),
    ("review.question", "GET"): private("/review/harbour/h-fir"),
    ("progress.index", "GET"): public("/progress/"),
    ("documents.index", "GET"): public("/documents/"),
    ("documents.document", "GET"): public("/documents/harbour"),
    ("guide.rubric", "GET"): public("/guide/"),
    ("guide.skills", "GET"): public("/guide/skills"),
    ("guide.points_and_figures", "GET"): public("/guide/points"),
    ("guide.about", "GET"): public("/guide/about"),
    ("guide.writing", "GET"): public("/guide/writing"),
    ("accounts.index", "GET"): Row("/account/", 303, 200, 200, 200, 200, 200),
    ("accounts.keep", "GET"): public("/account/keep"),
    ("accounts.keep_record", "POST"): public("/account/keep", 422),
    ("accounts.sign_in", "GET"): public("/account/sign-in"),
    ("accounts.signed_in", "POST"): public("/account/sign-in", 422),
    ("accounts.sign_out", "POST"): public("/account/sign-out", 303),
    ("accounts.passphrase", "POST"): Row("/account/passphrase", 404, 404, 422, 422, 422, 422),
    ("accounts.export", "GET"): Row("/account/export", 404, 200, 200, 200, 200, 200),
    ("accounts.erase", "POST"): Row("/account/erase", 404, 422, 422, 422, 422, 422),
    ("joining.ask", "GET"): public("/classes/join"),
    ("joining.typed", "POST"): public("/classes/join", 422),
    ("joining.confirm", "GET"): public("/classes/join/{code}"),
    ("joining.join", "POST"): Row("/classes/join/{code}", 422, 303, 303, 303, 303, 303),
    ("classes.index", "GET"): Row("/classes/", 404, 404, 404, 404, 200, 200),
    ("classes.create", "POST"): Row("/classes/", 404, 404, 404, 404, 422, 422),
    ("classes.show", "GET"): taught("/classes/{class}"),
    ("classes.change", "POST"): taught("/classes/{class}/settings", 422),
    ("classes.open_class", "POST"): taught("/classes/{other_class}/code", 303),
    ("classes.close_class", "POST"): taught("/classes/{other_class}/close", 303),
    ("classes.issue", "POST"): taught("/classes/{class}/cards", 422),
    ("classes.report", "GET"): taught("/classes/{class}/report"),
    ("classes.export", "GET"): taught("/classes/{class}/export/class.xlsx"),
    ("classes.clear", "POST"): taught("/classes/{class}/clear", 422),
    ("classes.delete", "POST"): taught("/classes/{class}/delete", 422),
    ("classes.leave", "POST"): Row("/classes/{left_class}/leave", 404, 404, 404, 303, 404, 404),
    ("members.show", "GET"): taught("/classes/{class}/members/{member}"),
    ("members.rename", "POST"): taught("/classes/{class}/members/{member}/label", 422),
    ("members.passphrase", "POST"): taught("/classes/{class}/members/{issued}/passphrase"),
    ("members.record", "GET"): taught("/classes/{class}/members/{member}/record.json"),
    ("members.answers", "GET"): taught("/classes/{class}/members/{member}/answers.csv"),
    ("members.erase", "POST"): taught("/classes/{class}/members/{member}/erase", 422),
    ("members.remove", "POST"): taught("/classes/{class}/members/{gone}/remove", 303),
    ("live.join", "GET"): public("/join"),
    ("live.joined_by_code", "POST"): public("/join", 422),
    ("live.door", "GET"): Row("/join/{door}", 200, 200, 200, 303, 200, 200),
    ("live.take_seat", "POST"): Row("/join/{door}", 422, 422, 422, 303, 422, 422),
    ("live.seat", "GET"): private("/live/{room}"),
    ("live.seat_part", "GET"): private("/live/{room}/part"),
    ("live.state", "GET"): private("/live/{room}/state"),
    ("live.listen", "GET"): private("/live/{room}/stream", 204),
    ("live.answered", "GET"): private("/live/{room}/1/answer", 303),
    ("live.answer", "POST"): private("/live/{room}/1/answer", 303),
    ("live.answer_part", "POST"): private("/live/{room}/1/answer/part"),
    ("rooms.index", "GET"): Row("/rooms/", 404, 404, 404, 404, 200, 200),
    ("rooms.open_room", "POST"): Row("/rooms/", 404, 404, 404, 404, 422, 422),
    ("rooms.projector", "GET"): taught("/rooms/{room}"),
    ("rooms.remote", "GET"): taught("/rooms/{room}/remote"),
    ("rooms.projector_part", "GET"): taught("/rooms/{room}/projector/part"),
    ("rooms.remote_part", "GET"): taught("/rooms/{room}/remote/part"),
    ("rooms.state", "GET"): taught("/rooms/{room}/state"),
    ("rooms.listen", "GET"): taught("/rooms/{room}/stream", 204),
    ("rooms.move", "POST"): taught("/rooms/{room}/move", 303),
    ("rooms.move_part", "POST"): taught("/rooms/{room}/projector/move/part"),
    ("rooms.question", "GET"): taught("/rooms/{revealed}/questions/1"),
    ("rooms.players", "GET"): taught("/rooms/{room}/players"),
    ("rooms.lock", "POST"): taught("/rooms/{room}/lock", 303),
    ("rooms.rename", "POST"): taught("/rooms/{room}/seats/{seat}/rename", 303),
    ("rooms.remove", "POST"): taught("/rooms/{spare}/seats/{spare_seat}/remove", 303),
    ("rooms.restore", "POST"): taught("/rooms/{room}/seats/{seat}/restore", 303),
    ("rooms.erase", "POST"): taught("/rooms/{spare}/erase", 422),
    ("rooms.export", "GET"): taught("/rooms/{room}/answers.csv"),
    ("setup.form", "GET"): public("/setup/a-token", 404),
    ("setup.made", "POST"): public("/setup/a-token", 404),
    ("preferences.save", "POST"): public("/preferences", 303),
    # the desk: documents
    ("desk_documents.index", "GET"): Row("/desk/documents/", 404, 404, 404, 404, 200, 200),
    ("desk_documents.bring", "GET"): Row("/desk/documents/new", 404, 404, 404, 404, 200, 200),
    ("desk_documents.create", "POST"): Row("/desk/documents/new", 404, 404, 404, 404, 422, 422),
    ("desk_documents.show", "GET"): taught("/desk/documents/{document}"),
    ("desk_documents.describe", "POST"): taught("/desk/documents/{document}/describe", 422),
    ("desk_documents.delete", "POST"): taught("/desk/documents/{document}/delete", 422),
    ("desk_documents.mark", "POST"): taught("/desk/documents/{document}/regions", 422),
    ("desk_documents.mark_part", "POST"): taught("/desk/documents/{document}/regions/part", 422),
    ("desk_documents.note", "POST"): taught("/desk/documents/{document}/notes", 409),
    ("desk_documents.new_text", "GET"): taught("/desk/documents/{document}/text"),
    ("desk_documents.look_at_text", "POST"): taught("/desk/documents/{document}/text", 422),
    ("desk_documents.replace_text", "POST"): taught("/desk/documents/{document}/text/replace", 422),
    # The desk's editor.
    ("desk_questions.show", "GET"): taught("/desk/questions/{desk_question}"),
    ("desk_questions.save", "POST"): taught("/desk/questions/{desk_question}", 303),
    ("desk_questions.save_part", "POST"): taught("/desk/questions/{desk_question}/save/part"),
    ("desk_questions.history", "GET"): taught("/desk/questions/{desk_question}/history"),
    ("desk_questions.start", "POST"): taught("/desk/questions/new/{desk_set}", 303),
    # the desk: sets
    ("desk.index", "GET"): Row("/desk/", 404, 404, 404, 404, 200, 200),
    ("desk.create", "POST"): Row("/desk/sets", 404, 404, 404, 404, 422, 422),
    ("desk.shipped", "GET"): Row("/desk/library/harbour", 404, 404, 404, 404, 200, 200),
    ("desk.adopt", "POST"): Row("/desk/library/harbour/duplicate", 404, 404, 404, 404, 303, 303),
    ("desk.show", "GET"): taught("/desk/sets/{kept}"),
    ("desk.describe", "POST"): taught("/desk/sets/{kept}/describe", 422),
    ("desk.add_documents", "POST"): taught("/desk/sets/{kept}/documents", 303),
    ("desk.drop_document", "POST"): taught("/desk/sets/{kept}/documents/{kept_document}/drop", 422),
    ("desk.move", "POST"): taught("/desk/questions/{kept_question}/move", 303),
    ("desk.move_part", "POST"): taught("/desk/questions/{kept_question}/move/part"),
    ("desk.order", "POST"): taught("/desk/sets/{kept}/order", 303),
    ("desk.order_part", "POST"): taught("/desk/sets/{kept}/order/part"),
    ("desk.split", "POST"): taught("/desk/sets/{kept}/split", 422),
    ("desk.merge", "POST"): taught("/desk/sets/{kept}/merge", 422),
    ("desk.duplicate", "POST"): taught("/desk/sets/{kept}/duplicate", 303),
    ("desk.delete", "POST"): taught("/desk/sets/{kept}/delete", 422),
    ("desk.preview_set", "GET"): taught("/desk/sets/{kept}/preview", 303),
    ("desk.preview", "GET"): taught("/desk/sets/{kept}/preview/1"),
    ("desk.preview_reveal", "POST"): taught("/desk/sets/{kept}/preview/1"),
    ("desk.ask_publish", "GET"): taught("/desk/sets/{kept}/publish"),
    ("desk.publish", "POST"): taught("/desk/sets/{kept}/publish", 303),
    ("desk.step", "POST"): taught("/desk/sets/{kept}/step", 303),
    ("desk.show_history", "GET"): taught("/desk/sets/{kept}/history"),
    ("desk.share", "POST"): taught("/desk/sets/{kept}/shares", 422),
    ("desk.change_right", "POST"): taught("/desk/sets/{kept}/shares/{colleague}", 303),
    ("desk.take_back", "POST"): taught("/desk/sets/{kept}/shares/{colleague}/drop", 303),
    ("desk.leave", "POST"): taught("/desk/sets/{borrowed}/leave", 303),
    ("desk.drop_question", "POST"): taught("/desk/questions/{kept_question}/delete", 303),
    # the desk: readings, conversations, disputes
    ("desk_readings.index", "GET"): Row("/desk/readings/", 404, 404, 404, 404, 200, 200),
    ("desk_readings.of_set", "GET"): taught("/desk/readings/sets/{read}"),
    ("desk_readings.ask", "POST"): taught("/desk/readings/sets/{read}", 422),
    ("desk_readings.show", "GET"): taught("/desk/readings/{to_read}"),
    ("desk_readings.claim", "GET"): taught("/desk/readings/{to_read}/{blind}"),
    ("desk_readings.answer", "POST"): taught("/desk/readings/{to_read}/{blind}", 422),
    ("desk_readings.answer_part", "POST"): taught("/desk/readings/{to_read}/{blind}/part", 422),
    ("desk_readings.finish", "POST"): taught("/desk/readings/{to_read}/finish", 422),
    ("desk_readings.decline", "POST"): taught("/desk/readings/{to_read}/decline", 303),
    ("desk_readings.withdraw", "POST"): taught("/desk/readings/{lent}/withdraw", 303),
    ("desk_readings.inbox", "GET"): Row("/desk/threads/", 404, 404, 404, 404, 200, 200),
    ("desk_readings.thread", "GET"): taught("/desk/threads/{thread}"),
    ("desk_readings.reply", "POST"): taught("/desk/threads/{thread}", 422),
    ("desk_readings.reply_part", "POST"): taught("/desk/threads/{thread}/part", 422),
    ("desk_readings.on_question", "GET"): taught("/desk/questions/{remarked}/threads"),
    ("desk_readings.on_question_part", "GET"): taught("/desk/questions/{remarked}/threads/part"),
    ("desk_readings.remark", "POST"): taught("/desk/questions/{remarked}/threads", 422),
    ("desk_readings.remark_part", "POST"): taught("/desk/questions/{remarked}/threads/part", 422),
    ("review.dispute", "POST"): private("/review/harbour/h-fir/dispute", 422),
    # the desk: files
    ("desk_files.index", "GET"): Row("/desk/files/", 404, 404, 404, 404, 200, 200),
    ("desk_files.bring", "POST"): Row("/desk/files/", 404, 404, 404, 404, 422, 422),
    ("desk_files.ask_table", "GET"): taught("/desk/files/sets/{file_set}/table"),
    ("desk_files.bring_table", "POST"): taught("/desk/files/sets/{file_set}/table", 422),
    ("desk_files.look", "GET"): taught("/desk/files/uploads/{upload}"),
    ("desk_files.confirm", "POST"): taught("/desk/files/uploads/{upload}", 422),
    ("desk_files.archive", "GET"): taught("/desk/files/sets/{file_set}.zip"),
    ("desk_files.edition", "GET"): taught("/desk/files/sets/{file_set}/editions/1.zip"),
    ("desk_files.table", "GET"): taught("/desk/files/sets/{file_set}.xlsx"),
    ("desk_files.empty_table", "GET"): Row(
        "/desk/files/template.csv", 404, 404, 404, 404, 200, 200
    ),
    ("desk_files.shipped", "GET"): Row(
        "/desk/files/shipped/harbour.zip", 404, 404, 404, 404, 200, 200
    ),
    ("desk_files.drop", "POST"): taught("/desk/files/uploads/{upload}/drop", 303),
}
"""A POST carries the fields below; forms of an account are sent empty, which nobody accepts."""
FIELDS = {
    "solo.start": {"set": "harbour", "mode": "quick", "size": "5"},
    "solo.answer": {"look": "final", "verdict": "true", "confidence": "1"},
    "solo.answer_part": {"look": "final", "verdict": "true", "confidence": "1"},
    "live.answer": {"look": "final", "verdict": "true", "confidence": "1"},
    "live.answer_part": {"look": "final", "verdict": "true", "confidence": "1"},
    "rooms.move": {"move": "next", "stage": "lobby-0"},
    "rooms.move_part": {"move": "next", "stage": "lobby-0"},
    "desk.move": {"by": "down"},
    "desk.move_part": {"by": "down"},
    "desk.preview_reveal": {"look": "final", "verdict": "true", "confidence": "1"},
    "desk.step": {"step": "archive"},
    "desk.change_right": {"right": "edit"},
}


PEOPLE = ["nobody", "guest", "outsider", "pupil", "trainer", "other_trainer"]


ABSENT = {"open": "x" * 22, "done": "y" * 22, "code": "ZZZZZZ", "door": "ZZZZZZ"} | dict.fromkeys(
    ("class", "other_class", "left_class", "member", "issued", "gone", "seat", "spare_seat"),
    "987654",
)
ABSENT |= {"room": "z" * 22, "spare": "w" * 22, "revealed": "v" * 22}
ABSENT |= {"document": "987654"}
ABSENT |= {"desk_question": "987654", "desk_set": "987654"}
ABSENT |= dict.fromkeys(("read", "to_read", "lent", "thread", "remarked"), "987654")
ABSENT |= {"blind": "f" * 12}
ABSENT |= dict.fromkeys(
    ("kept", "kept_question", "kept_document", "colleague", "borrowed"), "987654"
)
ABSENT |= {"file_set": "987654", "upload": "u" * 22}
"""What stands in the addresses of things that do not exist."""


@pytest.fixture
def places(
    rounds: dict[str, str],
    classes: dict[str, str],
    live: dict[str, str],
    desk_documents: dict[str, str],
    edited: dict[str, str],
    kept: dict[str, str],
    read_blind: dict[str, str],
    files: dict[str, str],
) -> dict[str, str]:
    """What stands in the addresses."""
    return rounds | classes | live | desk_documents | edited | kept | read_blind | files


@pytest.fixture
def read_blind(session: Session, trainer: Visitor) -> dict[str, str]:
    """A set of the trainer's with a reader and a remark, and one that the trainer is to read."""
    assert trainer.player
    reader = factories.create_trainer(session, "Reader")
    own = create_ready_set(session, trainer.player, "Third bridge")
    theirs = create_ready_set(session, reader, "Fourth bridge")
    to_read = readings.ask_reader(session, reader, theirs.id, "Teacher", NOW)
    shown = readings.blind_reading(session, trainer.player, to_read.id)
    assert shown
    question = ids_in(session, own)[0]
    return {
        "read": str(own.id),
        "lent": str(readings.ask_reader(session, trainer.player, own.id, "Reader", NOW).id),
        "to_read": str(to_read.id),
        "blind": shown.claims[0].name,
        "remarked": str(question),
        "thread": str(threads.remark(session, trainer.player, question, "Hm.", NOW).id),
    }


@pytest.fixture
def files(app: Flask, session: Session, trainer: Visitor) -> dict[str, str]:
    """A published set of the trainer's, and a file that waits to be brought in."""
    assert trainer.player
    made = create_ready_set(session, trainer.player, "A third bridge")
    taxonomy = load_taxonomy(app.config["QUESTIONS"])
    publishing.publish(session, trainer.player, made.id, taxonomy, factories.NOW)
    data = exchange.archive_of(session, trainer.player, made.id)[1]
    upload = uploads.keep(session, trainer.player, "sets.zip", data, factories.NOW)
    return {"file_set": str(made.id), "upload": upload.id}


@pytest.fixture
def desk_documents(session: Session, trainer: Visitor) -> dict[str, str]:
    """A document of the trainer's."""
    assert trainer.player
    return {"document": str(factories.create_document(session, trainer.player).id)}


@pytest.fixture
def edited(session: Session, trainer: Visitor) -> dict[str, str]:
    """A question of the trainer's at the desk."""
    assert trainer.player
    question = create_question(session, trainer.player)
    return {"desk_question": str(question.id), "desk_set": str(question.set_id)}


@pytest.fixture
def kept(session: Session, trainer: Visitor) -> dict[str, str]:
    """A set of the trainer's that a colleague has too, and one of the colleague's."""
    assert trainer.player
    colleague = factories.create_trainer(session, "Colleague")
    own = create_ready_set(session, trainer.player)
    theirs = create_ready_set(session, colleague, "Another bridge")
    sharing.share(session, trainer.player, own.id, "Colleague", Right.READ)
    sharing.share(session, colleague, theirs.id, "Teacher", Right.READ)
    return {
        "kept": str(own.id),
        "kept_question": str(ids_in(session, own)[0]),
        "kept_document": str(rows_of_documents(session, own)[0].id),
        "colleague": str(colleague.id),
        "borrowed": str(theirs.id),
    }


@pytest.fixture
def live(app: Flask, session: Session, pupil: Visitor, trainer: Visitor) -> dict[str, str]:
    """Two rooms of the trainer's in which the pupil sits, one of them with its question open."""
    assert pupil.player
    assert trainer.player
    app.extensions["streams"].limit = 0  # a stream would not end
    both = {name: UNREVEALED[name] for name in ("question", "lobby")}
    both["reveal"] = REVEALED["reveal"]
    ids = stage(session, trainer.player, pupil.player, datetime.now(UTC), both)
    room = session.get_one(Room, ids["question"])
    seat = {s.room_id: s.id for s in session.query(Seat)}
    return {
        "room": room.id,
        "door": str(room.code),
        "seat": str(seat[room.id]),
        "revealed": ids["reveal"],
        "spare": ids["lobby"],
        "spare_seat": str(seat[ids["lobby"]]),
    }


@pytest.fixture
def classes(session: Session, pupil: Visitor, trainer: Visitor) -> dict[str, str]:
    """The trainer's classes: one with the pupil, a card and somebody about to go; two others."""
    assert pupil.player
    assert trainer.player
    own, other, left = (create_class(session, trainer.player, name=name) for name in "ABC")
    create_member(session, left, pupil.player)
    gone = create_member(session, own, factories.create_learner(session, "Gone"))
    issued = factories.create_learner(session, "Issued")
    return {
        "class": str(own.id),
        "code": str(own.code),
        "other_class": str(other.id),
        "left_class": str(left.id),
        "member": str(create_member(session, own, pupil.player).id),
        "issued": str(create_member(session, own, issued, is_issued=True).id),
        "gone": str(gone.id),
    }


@pytest.fixture
def rounds(session: Session, pupil: Visitor) -> dict[str, str]:
    """The pupil's rounds: one under way whose first question is shown, one played."""
    assert pupil.player
    under_way = create_round(session, pupil.player, keys=["harbour/h-ash", "harbour/h-may"])
    done = create_round(session, pupil.player, keys=["harbour/h-fir"])
    create_answers(session, done)
    finish(session, done)
    assert pupil.get(f"/rounds/{under_way.id}/1").status_code == 200
    return {"open": under_way.id, "done": done.id}


def routes(app: Flask) -> set[tuple[str, str]]:
    """Every route of the game with its method."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_in_the_table(app: Flask) -> None:
    assert routes(app) == set(ROUTES)


@pytest.mark.parametrize("name", PEOPLE)
def test_what_each_visitor_gets(
    request: pytest.FixtureRequest, places: dict[str, str], name: str
) -> None:
    visitor: Visitor = request.getfixturevalue(name)
    with visitor.client.session_transaction() as cookie:
        arrived = dict(cookie)
    got = {}
    for (endpoint, method), row in ROUTES.items():
        with visitor.client.session_transaction() as cookie:  # whatever the last route changed
            cookie.clear()
            cookie.update(arrived)
        address = row.address.format(**places)
        fields = FIELDS.get(endpoint) if method == "POST" else None
        got[endpoint] = visitor.open(address, method=method, data=fields).status_code

    assert got == {endpoint: getattr(row, name) for (endpoint, _), row in ROUTES.items()}


@pytest.mark.parametrize("name", ["nobody", "guest", "outsider", "pupil", "other_trainer"])
def test_what_is_not_yours_looks_like_what_is_not_there(
    request: pytest.FixtureRequest, places: dict[str, str], name: str
) -> None:
    visitor: Visitor = request.getfixturevalue(name)

    for (_, method), row in ROUTES.items():
        owner = row.pupil if row.pupil != 404 else row.trainer
        if method == "GET" and (row.nobody, getattr(row, name), owner) == (404, 404, 200):
            address = row.address.format(**places)
            absent = row.address.format(**ABSENT).replace("h-fir", "h-xxx")
            theirs, nothing = visitor.get(address), visitor.get(absent)
            assert theirs.status_code == nothing.status_code == 404
            assert without_noise(theirs.text).replace(address, "") == (
                without_noise(nothing.text).replace(absent, "")
            )


@pytest.mark.parametrize("name", ["outsider", "other_trainer"])
def test_an_outsider_changes_nothing(
    request: pytest.FixtureRequest, session: Session, places: dict[str, str], name: str
) -> None:
    outsider: Visitor = request.getfixturevalue(name)
    before = everything(session)
    for (endpoint, method), row in ROUTES.items():
        if getattr(row, name) == 404:
            address = row.address.format(**places)
            outsider.open(address, method=method, data=FIELDS.get(endpoint))

    assert everything(session) == before


def test_methods_that_no_route_takes_are_refused_with_those_it_does(nobody: Visitor) -> None:
    refused = nobody.open("/account/keep", method="DELETE")

    assert refused.status_code == 405
    assert set(refused.headers.get("Allow", "").replace(",", " ").split()) >= {"GET", "POST"}


def test_getting_a_page_as_nobody_stores_nothing(session: Session, nobody: Visitor) -> None:
    before = everything(session)
    for (_, method), row in ROUTES.items():
        if method == "GET":
            nobody.get(row.address.format(**ABSENT))

    assert everything(session) == before


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"set": "harbour", "mode": "slow"}, 422),
        ({"set": "harbour", "mode": "quick", "size": "7"}, 422),
        ({"set": "nowhere", "mode": "quick"}, 404),
        ({"set": "examples", "mode": "quick"}, 404),
        ({"mode": "quick"}, 422),  # practice, with nothing to practise
    ],
    ids=["mode", "size", "unknown set", "examples", "practice"],
)
def test_a_round_that_cannot_start_leaves_no_guest_behind(
    session: Session, nobody: Visitor, fields: dict[str, str], status: int
) -> None:
    assert nobody.post("/rounds", **fields).status_code == status
    assert session.scalar(select(func.count(Player.id))) == 0


def test_signing_out_everywhere_ends_every_other_browser_in_the_middle_of_a_round(
    app: Flask, session: Session, pupil: Visitor
) -> None:
    assert pupil.player
    played = create_round(session, pupil.player, mode=Mode.QUICK)
    other = Visitor(app.test_client(), pupil.player)
    assert other.get(f"/rounds/{played.id}/1").status_code == 200

    assert pupil.post("/account/sign-out", everywhere="1").status_code == 303

    answer = {"look": "final", "verdict": "true", "confidence": "1"}
    for visitor in (pupil, other):
        assert visitor.get(f"/rounds/{played.id}/1").status_code == 404
        assert visitor.post(f"/rounds/{played.id}/1/answer", **answer).status_code == 404
        assert visitor.post(f"/rounds/{played.id}/1/answer/part", **answer).status_code == 404
        assert visitor.get("/account/export").status_code == 404
