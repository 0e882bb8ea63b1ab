"""Live rooms in pages: the way in, the host's screens, what each phase shows, what is refused."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import pytest

from quiz.domain.room import Move, Naming, Phase
from quiz.models import Player, Room, RoomResponse, Seat
from quiz.storage.db import Base
from tests import factories, rooms
from tests.views.pages import Visitor, by_id, form_to, forms, part, tree, words

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

T = TypeVar("T", bound=Base)
ANSWER = {"verdict": "true", "confidence": "2"}


@pytest.fixture
def host(trainer: Visitor) -> Player:
    """The trainer's player."""
    assert trainer.player
    return trainer.player


@pytest.fixture
def room_id(session: Session, host: Player) -> str:
    """A room for anyone, in its lobby."""
    return rooms.open_room(session, host, keys=["harbour/h-ash", "harbour/h-bay"])


@pytest.fixture
def code(session: Session, room_id: str) -> str:
    """The room's code."""
    return str(rooms.room_row(session, room_id).code)


def come_in(visitor: Visitor, code: str) -> str:
    """Type the code and take a name that is offered and free; gives the address of the room."""
    door = visitor.send(form_to(visitor.read("/join"), "/join"), code=code.lower())
    for _ in range(9):  # all names on the page may have been given to others, by chance
        page = visitor.read(door.location)
        form = form_to(page, f"/join/{code}")
        radios = [field for field in page.iter("input") if field.get("type") == "radio"]
        sent = visitor.send(
            form, name=radios[0].get("value") if radios else form.fields.get("name", "")
        )
        if sent.status_code != 422:
            break
    assert sent.status_code == 303
    return str(sent.location)


def text(visitor: Visitor, address: str) -> str:
    """The words of the page there."""
    return words(by_id(visitor.read(address), "main"))


def number(session: Session, table: type[Base]) -> int:
    """How many rows the table has now."""
    session.rollback()  # SQLite reads on from what it saw first, until the transaction ends
    return session.query(table).count()


def only(session: Session, table: type[T]) -> T:
    """The one row of the table, as it is now."""
    session.rollback()
    return session.query(table).populate_existing().one()


def ask(session: Session, host: Player, room_id: str) -> str:
    """Open the next question, now."""
    return rooms.ask(session, host, room_id, datetime.now(UTC))


def reveal(session: Session, host: Player, room_id: str) -> str:
    """Tell the verdict, now."""
    return rooms.reveal(session, host, room_id, datetime.now(UTC))


def go_to(session: Session, host: Player, room_id: str, phase: Phase) -> str:
    """Go on to a phase, now."""
    return rooms.go_to(session, host, room_id, phase, datetime.now(UTC))


def go(session: Session, host: Player, room_id: str, move: Move) -> str:
    """Make a move, now."""
    return rooms.go(session, host, room_id, move, datetime.now(UTC))


# The way in


def test_somebody_without_a_record_joins_in_two_steps(
    session: Session, nobody: Visitor, code: str
) -> None:
    address = come_in(nobody, code)

    seat = only(session, Seat)
    assert seat.name in text(nobody, address)
    assert session.get_one(Player, seat.player_id).pseudonym == seat.name


def test_three_names_are_offered_and_no_other_is_taken(
    session: Session, nobody: Visitor, code: str
) -> None:
    page = nobody.read(f"/join/{code}")
    names = [e.get("value", "") for e in page.iter("input") if e.get("name") == "name"]
    assert len(set(names)) == 3
    assert [e.get("value") for e in nobody.read(f"/join/{code}").iter("input")][1:4] == names

    refused = nobody.post(f"/join/{code}", name="Rude Name")
    assert refused.status_code == 422
    assert "Choose one of the three names." in refused.text
    assert number(session, Seat) == number(session, Player) - 1 == 0


def test_where_names_are_chosen_one_can_be_typed(
    session: Session, host: Player, nobody: Visitor, pupil: Visitor
) -> None:
    room_id = rooms.open_room(session, host, naming=Naming.CHOSEN)
    code = rooms.room_row(session, room_id).code

    assert nobody.post(f"/join/{code}", chosen="Zoé").status_code == 303
    taken = pupil.post(f"/join/{code}", chosen=" zoé ")

    assert taken.status_code == 422
    assert "Somebody in this room has this name already." in taken.text
    assert ' value=" zoé "' in taken.text  # what was typed is still there


def test_coming_again_asks_nothing(nobody: Visitor, session: Session, code: str) -> None:
    address = come_in(nobody, code)

    assert nobody.get(f"/join/{code}").location == address
    assert nobody.post(f"/join/{code}", name="x").location == address
    assert number(session, Seat) == 1
    assert "Back to the room" in text(nobody, "/join")


@pytest.mark.parametrize("typed", ["", "ABC", "hello world", "7!7!7!"])
def test_what_cannot_be_a_code_is_said_so(nobody: Visitor, typed: str) -> None:
    refused = nobody.post("/join", code=typed)

    assert refused.status_code == 422
    assert "A code has six letters and digits." in refused.text
    assert f'value="{typed}"' in refused.text


def test_a_code_of_no_room_is_not_found(nobody: Visitor) -> None:
    assert nobody.post("/join", code="ZZZZZZ").status_code == 422
    assert nobody.get("/join/ZZZZZZ").status_code == 404
    assert "No room has this code now." in nobody.get("/join/ZZZZZZ").text


def test_the_code_of_a_class_typed_here_leads_to_the_class(
    session: Session, host: Player, nobody: Visitor
) -> None:
    classroom = factories.create_class(session, host)

    sent = nobody.post("/join", code=str(classroom.code))
    assert sent.location == f"/classes/join/{classroom.code}"


def test_guessing_codes_ends_soon_and_joins_nothing(
    app: Flask, session: Session, nobody: Visitor, code: str
) -> None:
    tried = [nobody.get(f"/join/{n:06d}".replace("0", "Z")).status_code for n in range(100, 200)]

    assert set(tried) == {404, 429}
    assert tried.count(404) == 60
    assert nobody.get(f"/join/{code}").status_code == 429
    assert number(session, Seat) == 0


def test_guessing_ends_for_codes_of_classes_too(
    session: Session, host: Player, nobody: Visitor
) -> None:
    classroom = factories.create_class(session, host)
    for n in range(100, 160):
        nobody.post("/join", code=f"{n:06d}".replace("0", "Z"))

    assert nobody.post("/join", code=str(classroom.code)).status_code == 429


def test_a_class_behind_one_address_is_not_taken_for_a_guesser(
    app: Flask, session: Session, code: str
) -> None:
    for _ in range(70):
        come_in(Visitor(app.test_client(), None), code)

    assert number(session, Seat) == 70


def test_a_locked_room_lets_those_in_who_sit_there(
    session: Session, trainer: Visitor, nobody: Visitor, pupil: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    trainer.send(form_to(trainer.read(f"/rooms/{room_id}/players"), "/lock"), locked="1")

    assert "This room is locked" in text(pupil, f"/join/{code}")
    assert pupil.post(f"/join/{code}", name="x").status_code == 422
    assert nobody.get(f"/join/{code}").location == address


def test_a_room_of_a_class_is_for_its_members(
    session: Session, host: Player, pupil: Visitor, nobody: Visitor, outsider: Visitor
) -> None:
    assert pupil.player
    classroom = factories.create_class(session, host)
    factories.create_member(session, classroom, pupil.player, label="Private note")
    room_id = rooms.open_room(session, host, classroom_id=classroom.id)
    code = str(rooms.room_row(session, room_id).code)

    shown = text(pupil, come_in(pupil, code))
    assert "Pupil" in shown
    assert "Private note" not in shown  # what the trainer calls somebody stays with the trainer
    for visitor in (nobody, outsider):
        assert "This room is for a class" in text(visitor, f"/join/{code}")
        assert visitor.post(f"/join/{code}", name="x").status_code == 422
    assert number(session, Seat) == 1


def test_signing_in_on_the_way_to_a_room_leads_back_to_its_door(
    app: Flask, session: Session, host: Player, code: str
) -> None:
    factories.create_learner(session, "Ada")
    phone = Visitor(app.test_client(), None)
    page = phone.read(f"/account/sign-in?room={code}")

    fields = {"name": "Ada", "passphrase": factories.PASSPHRASE}
    sent = phone.send(form_to(page, "/sign-in"), **fields)
    assert sent.location == f"/join/{code}"


@pytest.mark.parametrize("room", ["//evil.example", "https://evil.example", "../x", ""])
def test_no_other_place_can_be_named_there(app: Flask, session: Session, room: str) -> None:
    factories.create_learner(session, "Ada")
    phone = Visitor(app.test_client(), None)

    fields = {"name": "Ada", "passphrase": factories.PASSPHRASE, "room": room}
    assert phone.post("/account/sign-in", **fields).location == "/"


def test_the_same_learner_on_another_phone_has_the_same_seat(
    app: Flask, session: Session, pupil: Visitor, code: str
) -> None:
    address = come_in(pupil, code)
    other_phone = Visitor(app.test_client(), pupil.player)

    assert other_phone.get(f"/join/{code}").location == address
    assert number(session, Seat) == 1


# The phone


def test_a_phone_follows_the_room(
    session: Session, host: Player, nobody: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    assert "You are in" in text(nobody, address)

    ask(session, host, room_id)
    assert "Claim harbour h-ash." in text(nobody, address)
    sent = nobody.send(form_to(nobody.read(address), "/1/answer"), **ANSWER)
    assert sent.location == address
    assert "Your answer is in" in text(nobody, address)

    go_to(session, host, room_id, Phase.CLOSED)
    assert "What do the others think?" in text(nobody, address)
    assert "Because of" not in text(nobody, address)

    reveal(session, host, room_id)
    shown = text(nobody, address)
    assert "Well judged:" in shown
    assert "+80" in shown
    assert "Because of harbour h-ash: true." in shown

    go_to(session, host, room_id, Phase.DEBRIEF)
    assert "That was it" in text(nobody, address)
    assert "Claim harbour h-ash." in text(nobody, "/review/")


def test_the_part_is_the_same_room_without_the_page(
    session: Session, host: Player, nobody: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    for phase in (Phase.QUESTION, Phase.CLOSED, Phase.REVEAL):
        go_to(session, host, room_id, phase)
        whole = by_id(nobody.read(address), "room")
        alone = part(nobody.get(f"{address}/part").text)
        assert words(whole) == words(alone)
        assert whole.get("data-stage") == alone.get("data-stage") == f"{phase}-1"


@pytest.mark.parametrize("missing", ["verdict", "confidence", "look"])
def test_an_answer_that_lacks_something_says_what_and_keeps_the_rest(
    session: Session, host: Player, nobody: Visitor, room_id: str, code: str, missing: str
) -> None:
    address = come_in(nobody, code)
    ask(session, host, room_id)
    form = form_to(nobody.read(address), "/1/answer")

    refused = nobody.send(form, **{**ANSWER, missing: ""})

    assert refused.status_code == 422
    assert number(session, RoomResponse) == 0
    kept = {e.get("value") for e in tree(refused.text).iter("input") if "checked" in e.attrib}
    assert kept == {value for name, value in ANSWER.items() if name != missing}


def test_what_comes_too_late_is_told(
    session: Session, host: Player, nobody: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    ask(session, host, room_id)
    form = form_to(nobody.read(address), "/1/answer")
    go_to(session, host, room_id, Phase.CLOSED)

    sent = nobody.send(form, **ANSWER)

    assert "That was too late" in text(nobody, sent.location)
    assert number(session, RoomResponse) == 0
    part_sent = nobody.post(form.action + "/part", **{**form.fields, **ANSWER})
    assert "That was too late" in part_sent.text


def test_what_comes_during_a_pause_is_told_so(
    session: Session, host: Player, nobody: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    ask(session, host, room_id)
    form = form_to(nobody.read(address), "/1/answer")
    go(session, host, room_id, Move.PAUSE)

    assert "Nothing is taken during the pause" in text(nobody, nobody.send(form, **ANSWER).location)
    assert number(session, RoomResponse) == 0


def test_a_second_answer_changes_nothing_and_is_told(
    session: Session, host: Player, nobody: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    ask(session, host, room_id)
    first, second = (form_to(nobody.read(address), "/1/answer") for _ in range(2))

    assert nobody.send(first, **ANSWER).location == address
    assert nobody.send(first, **ANSWER).location == address  # a double tap, quietly
    told = nobody.send(second, verdict="false", confidence="3")
    assert "already had your answer" in text(nobody, told.location)
    assert nobody.send(first, verdict="false", confidence="2").status_code == 409
    assert [r.verdict.value for r in rooms.stored(session)] == ["true"]


def test_the_clock_is_told_as_time_left(session: Session, host: Player, nobody: Visitor) -> None:
    now = datetime.now(UTC)
    room_id = rooms.open_room(session, host, timer=60, now=now)
    address = come_in(nobody, str(rooms.room_row(session, room_id).code))
    ask(session, host, room_id)

    stage, left = nobody.get(f"{address}/state").text.split()
    assert stage == "question-1"
    assert 0 < int(left) <= 60_000
    room = by_id(nobody.read(address), "room")
    assert 0 < int(room.get("data-left", "")) <= 60_000


def test_who_is_sent_out_is_told_and_cannot_answer(
    session: Session, trainer: Visitor, host: Player, nobody: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    ask(session, host, room_id)
    form = form_to(nobody.read(address), "/1/answer")
    trainer.send(form_to(trainer.read(f"/rooms/{room_id}/players"), "/remove"))

    assert "no longer in this room" in text(nobody, address)
    assert nobody.get(f"{address}/state").text == "look"
    nobody.send(form, **ANSWER)
    assert number(session, RoomResponse) == 0
    assert nobody.get(f"/join/{code}").location == address


def test_a_renamed_player_reads_the_new_name(
    session: Session, trainer: Visitor, nobody: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    old = only(session, Seat).name
    trainer.send(form_to(trainer.read(f"/rooms/{room_id}/players"), "/rename"))

    new = only(session, Seat).name
    assert new != old
    assert new in text(nobody, address)


# The host


def test_a_room_is_opened_from_its_form(session: Session, trainer: Visitor) -> None:
    form = form_to(trainer.read("/rooms/"), "/rooms/")
    twice = [trainer.send(form, size="3") for _ in range(2)]

    room = only(session, Room)
    assert {sent.location for sent in twice} == {f"/rooms/{room.id}"}
    assert (room.size, room.timer, room.phase) == (3, None, Phase.LOBBY)
    lobby = text(trainer, f"/rooms/{room.id}")
    assert f"{room.code[:3]} {room.code[3:]}" in lobby  # type: ignore[index]
    assert "localhost/join" in lobby


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"sets": ""}, "404"),
        ({"size": "99"}, "Choose how many questions"),
        ({"timer": "29"}, "30 to 300 seconds"),
        ({"timer": "301"}, "30 to 300 seconds"),
        ({"draw": "weak"}, "Choose at least one set"),
        ({"room_mode": "x"}, "Choose how it is played."),
        ({"classroom": "9" * 5000}, "Choose one of your classes"),
    ],
    ids=["set", "size", "short", "long", "weak skills of nobody", "mode", "class"],
)
def test_a_room_that_cannot_be_says_why_and_keeps_the_choices(
    session: Session, trainer: Visitor, fields: dict[str, str], said: str
) -> None:
    form = form_to(trainer.read("/rooms/"), "/rooms/")
    refused = trainer.send(form, **{"leaderboard": "full", **fields})

    assert number(session, Room) == 0
    if said == "404":
        assert refused.status_code == 404
        return
    assert refused.status_code == 422
    assert said in refused.text
    assert re.search(r'name="leaderboard" value="full" checked', refused.text)


def test_each_phase_has_its_one_next_step(
    session: Session, trainer: Visitor, host: Player, room_id: str
) -> None:
    seen = []
    for _ in range(9):
        page = trainer.read(f"/rooms/{room_id}")
        steps = [e for e in page.iter("button") if "primary" in e.get("class", "")]
        if not steps:
            break
        seen.append(words(steps[0]))
        form = form_to(page, "/move")
        assert trainer.send(form, move="next").location == f"/rooms/{room_id}"
    question = ["Close", "Reveal"]
    assert seen == [
        *("Start", *question, "Next question", *question, "Debrief", "Close the room"),
    ]


def test_a_press_on_a_stage_that_is_over_does_nothing(
    session: Session, trainer: Visitor, room_id: str
) -> None:
    form = form_to(trainer.read(f"/rooms/{room_id}"), "/move")
    for screen in ("projector", "remote"):
        sent = trainer.send(form, move="next", screen=screen)
        assert sent.location.endswith(room_id if screen == "projector" else "/remote")

    assert rooms.room_row(session, room_id).phase is Phase.QUESTION


def test_a_move_that_the_phase_does_not_know_is_refused(trainer: Visitor, room_id: str) -> None:
    refused = trainer.post(f"/rooms/{room_id}/move", move="resume", stage="lobby-0")

    assert refused.status_code == 409
    assert "The room cannot do that now." in refused.text


def test_projector_and_remote_control_count_answers(
    session: Session, trainer: Visitor, host: Player, nobody: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    assert trainer.get(f"/rooms/{room_id}/state").text.splitlines()[1] == "count 0 1"
    ask(session, host, room_id)
    nobody.send(form_to(nobody.read(address), "/1/answer"), **ANSWER)

    assert trainer.get(f"/rooms/{room_id}/state").text.splitlines()[1] == "count 1 1"
    assert "1 / 1" in text(trainer, f"/rooms/{room_id}")
    assert "1 / 1" in text(trainer, f"/rooms/{room_id}/remote")


def test_the_debrief_offers_what_was_answered_as_files(
    session: Session, trainer: Visitor, host: Player, nobody: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    ask(session, host, room_id)
    nobody.send(form_to(nobody.read(address), "/1/answer"), **ANSWER)
    go_to(session, host, room_id, Phase.DEBRIEF)
    assert "What the class thought" in text(trainer, f"/rooms/{room_id}")

    answers = trainer.get(f"/rooms/{room_id}/answers.csv")
    rows = list(csv.DictReader(io.StringIO(answers.get_data().decode("utf-8-sig"))))
    assert [(r["question"], r["look"], r["answer"], r["points"]) for r in rows] == [
        ("harbour/h-ash", "final", "true", "80")
    ]
    players = trainer.get(f"/rooms/{room_id}/players.csv").get_data().decode("utf-8-sig")
    assert players.count("\r\n") == 2
    book = trainer.get(f"/rooms/{room_id}/room.xlsx")
    assert zipfile.is_zipfile(io.BytesIO(book.get_data()))
    for file in (answers, book):
        assert file.headers["Content-Disposition"].startswith("attachment; filename=")


def test_erasing_a_room_needs_the_box_and_takes_its_answers(
    session: Session, trainer: Visitor, host: Player, nobody: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    for move in (Move.NEXT, Move.END, Move.NEXT):
        go(session, host, room_id, move)
    form = next(f for f in forms(trainer.read("/rooms/")) if f.action.endswith("/erase"))

    assert trainer.send(form).status_code == 422
    assert trainer.send(form, sure="1").status_code == 303
    assert number(session, Room) == number(session, Seat) == 0
    assert nobody.get(address).status_code == 404


def test_a_room_is_in_the_players_progress(
    session: Session, host: Player, nobody: Visitor, room_id: str, code: str
) -> None:
    address = come_in(nobody, code)
    ask(session, host, room_id)
    nobody.send(form_to(nobody.read(address), "/1/answer"), **ANSWER)
    reveal(session, host, room_id)

    page = nobody.read("/progress/")
    assert address in {a.get("href") for a in page.iter("a")}
