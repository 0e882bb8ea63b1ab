"""Strings that break programs, through every field and parameter, by every kind of visitor."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes

import pytest

from quiz.domain.answer import Mode
from quiz.domain.merge import field_digest
from quiz.models import Room, Seat
from quiz.services.desk import readings, threads
from tests import factories
from tests.desk import create_question, create_ready_set
from tests.factories import create_answers, create_round
from tests.hostile_strings import THROUGH_PAGES
from tests.views.pages import Visitor, tree
from tests.views.staged import UNREVEALED, stage

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from quiz.models import Player

SECONDS = 2
ESCAPED = '<>"'


@dataclass(frozen=True, slots=True)
class Field:
    """A place where text comes in: `{}` in the address, or a field of a form that is else fine."""

    address: str
    name: str | None = None
    others: tuple[tuple[str, str], ...] = ()


ANSWER = (("look", "final"), ("verdict", "true"), ("confidence", "2"), ("pointer", "none"))
START = (("set", "harbour"), ("mode", "quick"), ("size", "5"))
KEEP = (("name", "Somebody"), ("passphrase", factories.PASSPHRASE))
CLASS = "/classes/{class_id}"
MEMBER = CLASS + "/members/{member_id}"
NEW_CLASS = (("name", "4B"), ("retention", "365"))
CARDS = (("count", "1"), ("key", "k" * 22))
SIT = (("name", "Calm Otter 7"), ("chosen", "Anna"))
MOVE = (("move", "extend"), ("stage", "question-1"), ("screen", "remote"))
SEAT = ("/seats/{seat}/rename", "/seats/{seat}/remove", "/seats/{seat}/restore")
ROOM = (
    *(("sets", "tower"), ("size", "3"), ("room_mode", "quick"), ("timer", "30")),
    *(("scoring", "simple"), ("leaderboard", "full"), ("naming", "chosen"), ("classroom", "")),
)
DOCUMENT = "/desk/documents/{document_id}"
DOCUMENT_TEXTS = tuple(
    f"{n}.{c}" for n in ("title", "kind", "provenance", "date_note") for c in ("fr", "en")
)
DOCUMENT_BASE = (
    *DOCUMENT_TEXTS,
    *("headline", "language", "publisher", "author", "published", "disclosures"),
)
DESCRIBED = (
    *((name, "Words") for name in DOCUMENT_TEXTS),
    *(("headline", "Fire"), ("language", "en"), ("publisher", "x"), ("author", "x")),
    *(("dated", "day"), ("day", "2026-01-09"), ("first", ""), ("last", "")),
    *(("disclosure.0.quote", "crane"), ("disclosure.0.prefix", ""), ("disclosure.0.suffix", "")),
    *(("disclosure.0.fr", ""), ("disclosure.0.en", "x")),
)
MARKED = (("from", "1"), ("to", "2"), ("region", "comments"), ("version", "1"))
EDIT = (
    *(("act", "find"), ("quote", "la cloche")),
    *(("base.claim.fr", field_digest("")), ("theirs.claim.fr", ""), ("claim.fr", "")),
    *(("base.as_of", field_digest("")), ("as_of", ""), ("base.rule", ""), ("rule", "")),
    *(("base.skills", ""), ("skills", ""), ("base.contrast", field_digest("")), ("contrast", "")),
    *(("base.evidence.0a.translation.en", ""), ("evidence.0a.translation.en", "")),
)
SET = "/desk/sets/{set_id}"
TITLED = (
    *((f"{name}.{code}", "Words") for name in ("title", "summary") for code in ("fr", "en")),
    *(("languages", "en"), ("documents", "1")),
)
READING = "/desk/readings/{reading_id}"
READ = (("verdict", "true"), ("note", "Hm."), ("digest", "x"), ("alone", "1"))
THREAD = "/desk/threads/{thread_id}"
SAID = (("text", "Look again."), ("to_learner", "1"), ("state", ""))
FIELDS = [
    *(Field("/rounds", name, START) for name in ("set", "mode", "size", "key")),
    *(
        Field(f"/rounds/{{round}}/{{position}}{path}", name, ANSWER)
        for path in ("/answer", "/answer/part")
        for name in ("look", "verdict", "confidence", "pointer", "key")
    ),
    *(Field("/account/keep", name, KEEP) for name in ("name", "passphrase")),
    *(Field("/account/sign-in", name, KEEP) for name in ("name", "passphrase", "bring", "room")),
    *(Field("/account/passphrase", name) for name in ("old", "passphrase")),
    *(Field("/preferences", name) for name in ("ui", "content", "theme", "next")),
    Field("/account/sign-out", "everywhere"),
    Field("/account/erase", "sure"),
    *(Field(f"/review/?{name}={{}}") for name in ("set", "verdict", "skill", "result", "page")),
    Field("/classes/join", "code"),
    *(
        Field(f"{path}", name, NEW_CLASS)
        for path in ("/classes/", CLASS + "/settings")
        for name in ("name", "retention")
    ),
    *(Field(CLASS + "/cards", name, CARDS) for name in ("count", "key")),
    Field(MEMBER + "/label", "label"),
    *(Field(CLASS + path, "sure") for path in ("/clear", "/delete")),
    Field(MEMBER + "/erase", "sure"),
    *(Field(MEMBER + path, "csrf_token") for path in ("/passphrase", "/remove")),
    *(Field(CLASS + path, "csrf_token") for path in ("/close", "/code", "/leave")),
    *(Field("/setup/{token}", name, KEEP) for name in ("name", "passphrase")),
    Field("/classes/join/{code}", "key"),
    Field("/join", "code"),
    *(Field("/join/{door}", name, SIT) for name in ("name", "chosen")),
    *(
        Field(f"/live/{{room}}/1/answer{part}", name, ANSWER)
        for part in ("", "/part")
        for name in ("look", "verdict", "confidence", "pointer", "key")
    ),
    *(Field("/rooms/", name, ROOM) for name, _ in (*ROOM, ("draw", ""), ("key", ""))),
    *(
        Field(f"/rooms/{{room}}{path}", name, MOVE)
        for path in ("/move", "/projector/move/part")
        for name in ("move", "stage", "screen")
    ),
    *(Field(f"/rooms/{{room}}{path}", "csrf_token") for path in SEAT),
    Field("/rooms/{room}/lock", "locked"),
    Field("/rooms/{room}/erase", "sure"),
    Field("/join/{}"),
    *(Field(f"/{area}/{{}}{path}") for area in ("live", "rooms") for path in ("", "/state")),
    Field("/live/{room}?word={}"),
    Field("/rooms/{room}/{}"),
    Field("/rooms/?classroom={}"),
    Field("/account/sign-in?room={}"),
    Field("/classes/join/{}"),
    Field("/classes/{}"),
    Field("/classes/{class_id}/members/{}"),
    Field("/classes/{class_id}/export/{}"),
    Field("/setup/{}"),
    Field("/rounds/{round}/1?already={}"),
    Field("/rounds/{}"),
    Field("/rounds/{}/1/part"),
    Field("/rounds/{round}/{}"),
    Field("/rounds/{}/summary"),
    Field("/review/{}/h-fir"),
    Field("/review/harbour/{}"),
    Field("/documents/{}"),
    Field("/static/{}"),
    Field("/scripts/{}/base.js"),
    Field("/{}"),
    # the desk: documents
    *(Field("/desk/documents/new", name) for name in ("text", "file", "way")),
    *(Field(DOCUMENT + "/text", name) for name in ("text", "file", "way")),
    *(Field(DOCUMENT + "/text/replace", name, (("version", "1"),)) for name in ("text", "version")),
    *(Field(DOCUMENT + "/describe", name, DESCRIBED) for name, _ in DESCRIBED),
    *(Field(DOCUMENT + "/describe", f"base.{name}", DESCRIBED) for name in DOCUMENT_BASE),
    *(
        Field(DOCUMENT + path, name, MARKED)
        for path in ("/regions", "/regions/part")
        for name, _ in MARKED
    ),
    *(Field(DOCUMENT + "/notes", name) for name in ("start", "version", "note.fr", "note.en")),
    Field(DOCUMENT + "/delete", "sure"),
    Field("/desk/documents/{}"),
    Field("/desk/documents/new?set={}"),
    Field(DOCUMENT + "?set={}"),
    # The desk's editor.
    *(
        Field(f"/desk/questions/{{question_id}}{path}", name, EDIT)
        for path in ("", "/save/part")
        for name, _ in EDIT
    ),
    *(
        Field("/desk/questions/{question_id}/save/part", "act", (("quote", text),))
        for text in ("", "la clohce")
    ),
    *(Field("/desk/questions/new/{set_id}", name) for name in ("passage", "skills")),
    Field("/desk/questions/{}"),
    Field("/desk/questions/{}/history"),
    # the desk: sets
    *(Field("/desk/sets", name, TITLED) for name, _ in TITLED if "summary" not in name),
    *(Field(SET + "/describe", name, TITLED) for name, _ in TITLED if name != "documents"),
    Field(SET + "/documents", "documents"),
    Field(SET + "/documents/{document_id}/drop", "csrf_token"),
    *(Field(f"/desk/questions/{{question_id}}/move{part}", "by") for part in ("", "/part")),
    *(Field(f"{SET}/order{part}", name) for part in ("", "/part") for name in ("order", "moved")),
    *(Field(SET + "/split", name) for name in ("split_title.fr", "split_title.en", "questions")),
    Field(SET + "/merge", "other"),
    *(Field(SET + path, "sure") for path in ("/delete", "/publish")),
    Field(SET + "/duplicate", "csrf_token"),
    Field(SET + "/step", "step"),
    *(Field(SET + "/shares", name, (("right", "read"),)) for name in ("name", "right")),
    Field(SET + "/shares/{member_id}", "right"),
    Field(SET + "/shares/{member_id}/drop", "csrf_token"),
    *(Field(SET + "/preview/1", name, ANSWER) for name, _ in ANSWER),
    Field(SET + "/leave", "csrf_token"),
    Field("/desk/library/{slug}/duplicate", "csrf_token"),
    Field("/desk/questions/{question_id}/delete", "sure"),
    *(Field(f"/desk/{path}") for path in ("library/{}", "sets/{}", "sets/{}/publish")),
    *(Field(SET + path) for path in ("/preview/1?screen={}", "/preview/1?file={}", "/preview/{}")),
    # the desk: readings, conversations, disputes
    Field("/desk/readings/sets/{set_id}", "reader"),
    Field(READING + "/withdraw", "csrf_token"),
    *(
        Field(f"{READING}/{{name}}{part}", name, READ)
        for part in ("", "/part")
        for name in ("verdict", "note", "digest", "alone")
    ),
    Field(READING + "/finish", "sure"),
    *(
        Field(f"{THREAD}{part}", name, SAID)
        for part in ("", "/part")
        for name in ("text", "to_learner", "state")
    ),
    *(Field(f"/desk/questions/{{question_id}}/threads{part}", "text") for part in ("", "/part")),
    Field("/review/harbour/h-fir/dispute", "text"),
    *(Field(f"/desk/{path}") for path in ("readings/{}", "threads/{}", "threads/?page={}")),
    *(Field(path) for path in (READING + "/{}", "/desk/readings/sets/{}")),
    Field(READING + "/decline", "csrf_token"),
    # the desk: files
    *(Field(f"/desk/files/{path}", "file") for path in ("", "sets/{set_id}/table")),
    *(Field("/desk/files/uploads/{upload_id}", name) for name in ("sets", "exact")),
    Field("/desk/files/uploads/{upload_id}/drop", "csrf_token"),
    *(Field(f"/desk/files/{path}") for path in ("{}", "uploads/{}", "shipped/{}.zip")),
    *(Field(f"/desk/files/sets/{path}") for path in ("{}.zip", "{set_id}.{}", "{}/table")),
]


def encoded(text: str) -> str:
    """As a hostile client sends it: surrogates too."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


def filled(field: Field, places: dict[str, str]) -> str:
    """The field's address, with a place in it for each of its names."""
    address = field.address
    for name, value in places.items():
        address = address.replace(f"{{{name}}}", value)
    return address


def send(visitor: Visitor, field: Field, places: dict[str, str], text: str) -> str:
    """Send one string through one field; gives what is wrong with the answer, "" if nothing."""
    address = filled(field, places)
    began = time.thread_time()  # what others do on this machine does not count
    try:
        response = _respond(visitor, field, address, text)
    except Exception as error:  # the page that tells of an error failed itself
        return f"crashed: {type(error).__name__}"
    took = time.thread_time() - began
    problems = []
    if response.status_code >= 500:
        problems.append(f"status {response.status_code}")
    if "Traceback" in response.text:
        problems.append("a traceback")
    if any(sign in text for sign in ESCAPED) and text in response.text:
        problems.append("an unescaped echo")
    if "\n" in response.headers.get("Location", "") or "Set-Cookie: x=y" in str(response.headers):
        problems.append("a header of the client's making")
    if took > SECONDS:
        problems.append(f"{took:.1f} s")
    return ", ".join(problems)


def _respond(visitor: Visitor, field: Field, address: str, text: str) -> TestResponse:
    if field.name is None:
        return visitor.get(address.replace("{}", encoded(text)))
    values = {**dict(field.others), field.name: text}
    return visitor.open(
        address,
        method="POST",
        data="&".join(f"{name}={encoded(value)}" for name, value in values.items()),
        content_type="application/x-www-form-urlencoded",
    )


def rounds_of(session: Session, visitor: Visitor) -> dict[str, str]:
    """A round of the visitor's with a question that waits for its second look."""
    classes = class_of(session, visitor)
    if visitor.player is None:
        return {"round": "x" * 22, "position": "1"} | classes
    played = create_round(session, visitor.player, mode=Mode.INVESTIGATION)
    create_answers(session, create_round(session, visitor.player, keys=["harbour/h-fir"]))
    visitor.answer(played, 1)
    return {"round": played.id, "position": "1"} | classes


def class_of(session: Session, visitor: Visitor) -> dict[str, str]:
    """A class of the trainer's own, or of another trainer, with a card, and the set-up link."""
    number = secrets.token_hex(4)
    own = visitor.player if visitor.player and visitor.player.is_trainer else None
    trainer = own or factories.create_trainer(session, f"Teacher {number}")
    classroom = factories.create_class(session, trainer)
    pupil = factories.create_learner(session, f"Card {number}")
    member = factories.create_member(session, classroom, pupil, is_issued=True)
    question = create_question(session, trainer)
    return {
        "question_id": str(question.id),
        "set_id": str(question.set_id),
        "class_id": str(classroom.id),
        "member_id": str(member.id),
        "code": str(classroom.code),
        "token": "a-token",
        "slug": "nowhere",
        "upload_id": "nowhere",
        "document_id": str(factories.create_document(session, trainer).id),
        **reading_of(session, trainer, own),
    } | room_of(session, trainer, visitor.player or pupil)


def reading_of(session: Session, trainer: Player, own: Player | None) -> dict[str, str]:
    """A set that a trainer, the visitor if they are one, reads blind, and a conversation."""
    number = secrets.token_hex(4)
    author = factories.create_trainer(session, f"Author {number}")
    made = create_ready_set(session, author, f"Bridge {number}")
    asked = readings.ask_reader(session, author, made.id, trainer.name or "", factories.NOW)
    shown = readings.blind_reading(session, trainer, asked.id)
    assert shown
    question = create_question(session, own or author)
    begun = threads.remark(session, own or author, question.id, "Hm.", factories.NOW)
    return {
        "reading_id": str(asked.id),
        "name": shown.claims[0].name,
        "thread_id": str(begun.id),
    }


def room_of(session: Session, host: Player, player: Player) -> dict[str, str]:
    """A room of the trainer's in which the player sits, its question open and the lobby too."""
    now = datetime.now(UTC)
    names = {name: UNREVEALED[name] for name in ("question", "lobby")}
    ids = stage(session, host, player, now, names)
    seat = session.query(Seat).filter_by(room_id=ids["question"]).one()
    door = session.get_one(Room, ids["lobby"]).code
    return {"room": ids["question"], "seat": str(seat.id), "door": str(door)}


TEACHING = ("/desk", "/rooms", "/classes/{class_id}")
ENTRANCES = ("/account", "/join", "/classes/", "/preferences", "/rounds", "/setup", "/{}")
CLOSED = {
    "nobody": (*TEACHING, "/classes/{}", "/rounds/", "/live", "/account/passphrase"),
    "pupil": (*TEACHING, "/classes/{}"),
    "trainer": (),
}
"""Beginnings of the addresses that are closed to a visitor, whatever is sent there."""


def is_open(who: str, field: Field) -> bool:
    """Whether the visitor's text is read there. A guest is told from a pupil at entrances only."""
    if who == "guest":
        return field.address.startswith(ENTRANCES) and is_open("pupil", field)
    return not field.address.startswith(CLOSED[who])


def visitors(app: Flask, session: Session) -> dict[str, Visitor]:
    """One of each kind."""
    players = {
        "nobody": None,
        "guest": factories.create_player(session),
        "pupil": factories.create_learner(session, "Pupil"),
        "trainer": factories.create_trainer(session, "Teacher"),
    }
    app.config["SETUP_TOKEN"] = "a-token"
    return {who: Visitor(app.test_client(), player) for who, player in players.items()}


def broken_by(
    app: Flask, session: Session, who: str, visitor: Visitor, texts: list[str]
) -> dict[tuple[str, str, str | None, int], str]:
    """What is wrong with the answers to these texts in all fields that the visitor can reach."""
    broken = {}
    places = rounds_of(session, visitor)
    for field in (field for field in FIELDS if is_open(who, field)):
        for n, text in enumerate(texts):
            browser = visitor
            if visitor.player and field.name in ("sure", "everywhere"):
                # These end the record or its sessions: somebody new each time. SQLite gives
                # the number of somebody erased to the next one.
                session.expunge_all()
                browser = Visitor(app.test_client(), factories.create_player(session))
            problem = send(browser, field, places, text)
            if problem:
                broken[who, field.address, field.name, n] = problem
    return broken


@pytest.mark.parametrize("kind", THROUGH_PAGES)
def test_no_string_breaks_anything(app: Flask, session: Session, kind: str) -> None:
    broken = {}
    for who, visitor in visitors(app, session).items():
        broken |= broken_by(app, session, who, visitor, THROUGH_PAGES[kind])

    assert broken == {}
    assert Visitor(app.test_client(), None).get("/").status_code == 200


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("kind", ["NUL", "lone surrogates", "a megabyte", "format and SQL"])
def test_no_string_breaks_postgresql(app: Flask, session: Session, kind: str) -> None:
    visitor = visitors(app, session)["trainer"]

    assert broken_by(app, session, "trainer", visitor, THROUGH_PAGES[kind]) == {}


@pytest.mark.parametrize("who", ["nobody", "guest", "pupil"])
def test_what_is_sent_to_a_closed_door_is_not_read(app: Flask, session: Session, who: str) -> None:
    visitor = visitors(app, session)[who]
    places = rounds_of(session, visitor)
    shut = [field for field in FIELDS if not is_open("pupil" if who == "guest" else who, field)]
    text = "".join(THROUGH_PAGES["markup"])
    answers = {}
    for field in shut:
        assert send(visitor, field, places, text) == "", field
        answers[field] = _respond(visitor, field, filled(field, places), text).status_code

    assert len(shut) > 100
    # A choice that no form offers may be refused before the door is found closed.
    assert set(answers.values()) <= {303, 404, 422}


def test_every_form_of_the_game_is_tried(app: Flask) -> None:
    posts = {
        re.sub(r"<(?:[^>]*:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set())
    }
    tried = {field.address for field in FIELDS if field.name}
    routes = {
        **{"{round}": "{round_id}", "{room}": "{room_id}", "{seat}": "{seat_id}"},
        **{"{door}": "{code}", "/projector/": "/{screen}/", "}/1/answer": "}/{position}/answer"},
        "/review/harbour/h-fir/": "/review/{set_slug}/{question_id}/",
        **{"/shares/{member_id}": "/shares/{other_id}", "/preview/1": "/preview/{position}"},
    }
    for ours, theirs in routes.items():
        tried = {address.replace(ours, theirs) for address in tried}
    assert tried == posts


def test_every_field_of_every_form_is_tried(session: Session, trainer: Visitor) -> None:
    assert trainer.player
    pupil, places = trainer, rounds_of(session, trainer)
    known = {field.name for field in FIELDS if field.name}
    known |= {field.address.split("?")[1].split("=")[0] for field in FIELDS if "?" in field.address}
    known |= {"csrf_token", "username"}  # tested apart; never read
    pages = ["/", "/review/", "/progress/", "/account/", "/account/keep", "/account/sign-in"]
    pages += ["/classes/", "/classes/join", "/classes/join/{code}", CLASS, MEMBER]
    pages += [
        "/join",
        "/join/{door}",
        "/live/{room}",
        "/rooms/",
        "/rooms/{room}",
        "/rooms/{room}/players",
    ]
    pages += ["/desk/documents/", "/desk/documents/new", DOCUMENT, DOCUMENT + "/text"]
    pages += ["/desk/", SET, f"{SET}/publish", f"{SET}/preview/1", "/desk/library/harbour"]
    pages += ["/desk/readings/", READING, READING + "/{name}", "/desk/readings/sets/{set_id}"]
    pages += ["/desk/threads/", THREAD, "/desk/questions/{question_id}/threads"]
    pages += ["/review/harbour/h-fir"]
    pages += ["/desk/files/", "/desk/files/sets/{set_id}/table"]
    pages = [page.format(**places) for page in pages]
    pages += [f"/rounds/{places['round']}/1", f"/rounds/{places['round']}/2"]

    found = {
        element.get("name")
        for address in pages
        for element in tree(pupil.get(address).text).iter()
        if element.tag in ("input", "select", "textarea", "button") and element.get("name")
    }

    assert len(found) > 12
    assert found <= known


@pytest.mark.parametrize("address", ["/account/keep", "/account/sign-in"])
def test_a_refused_name_stays_in_the_form(nobody: Visitor, address: str) -> None:
    for name in ("Ann\u202e<b>", "=1+1", "<script>x</script>", "a" * 41, "é'\""):
        refused = nobody.post(address, name=name, passphrase="short")

        assert refused.status_code == 422
        (field,) = [f for f in tree(refused.text).iter("input") if f.get("name") == "name"]
        assert field.get("value") == name


def test_passphrases_are_never_sent_back(nobody: Visitor) -> None:
    for address in ("/account/keep", "/account/sign-in"):
        refused = nobody.post(address, name="x" * 41, passphrase="do not echo this")
        assert refused.status_code == 422
        assert "do not echo this" not in refused.text


@pytest.mark.parametrize("value", ["fr;q=x,,;;q=9,*;q=-1", "é" * 500, "<script>", "x" * 20_000])
def test_no_header_breaks_anything(nobody: Visitor, value: str) -> None:
    for header in ("Accept-Language", "Referer", "User-Agent", "X-Forwarded-For"):
        response = nobody.get("/", headers={header: value.encode().decode("latin-1")})

        assert response.status_code == 200, header
        assert value not in response.text


def test_a_cookie_of_ones_own_making_is_nobodys(nobody: Visitor) -> None:
    for value in ("", "x", "a.b.c", "eyJfdXNlcl9pZCI6IjEuMSJ9.x.y", "." * 4000, "\u00e9"):
        nobody.client.set_cookie("session", value)

        assert nobody.get("/account/").status_code == 303
        assert nobody.get("/rounds/x").status_code == 404

    nobody.client.set_cookie("remember_token", "a|\u00e9")
    assert nobody.get("/").status_code == 200
