"""A room tells nobody the verdict before the reveal: not the players, not the host, not a stream.

With the twins of test_never_early: two games that differ in the answers of all that is not revealed
must look the same, byte for byte, to every role.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.orm import Session

from quiz.domain.room import Move
from quiz.services.live import rooms
from quiz.storage.db import db
from tests import world
from tests.factories import NOW
from tests.views.pages import Visitor
from tests.views.staged import REVEALED, UNREVEALED, stage
from tests.views.test_never_early import Twins, change_the_answers, copied, frozen

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["copied", "frozen"]

MOMENT = NOW + timedelta(days=10)
SEAT = ["", "/part", "/state", "/1/answer", "?word=closed"]
HOST = [
    *("", "/remote", "/players", "/questions/1", "/projector/part", "/remote/part", "/state"),
    *("/answers.csv", "/players.csv", "/room.xlsx"),
]
AROUND = ["/", "/join", "/review/", "/progress/", "/account/export", "/documents/tower", "/rooms/"]
CHOSEN = {"verdict": "false", "confidence": "1", "key": "z" * 22, "pointer": "none"}


@pytest.fixture
def staged(
    app: Flask,
    session: Session,
    pupil: Visitor,
    trainer: Visitor,
    copied: Callable[[], str],
    questions: Path,
) -> Iterator[Twins]:
    """The pupil in a room at every stage before a reveal, in both games."""
    assert pupil.player
    assert trainer.player
    ids = stage(session, trainer.player, pupil.player, MOMENT)
    session.close()
    url = copied()
    with world.running(url, QUESTIONS=questions) as twin:
        with twin.app_context():
            assert change_the_answers(db.session()) == 24
            db.session.remove()
        for game in (app, twin):
            game.extensions["streams"].limit = 0  # a stream would not end; it has its own test
        other = Visitor(twin.test_client(), pupil.player)
        teachers = (trainer, Visitor(twin.test_client(), trainer.player))
        yield Twins(pupil, other, ids, teachers)


def leaks(twins: Twins, addresses: list[str]) -> dict[str, list[str]]:
    """In what the twins differ, by address."""
    found = {address: twins.differ(address) for address in addresses}
    return {address: names for address, names in found.items() if names}


def test_every_route_of_rooms_is_looked_at(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    paths = [f"/live/x{rest}" for rest in SEAT] + [f"/rooms/x{rest}" for rest in HOST] + AROUND
    seen = {adapter.match(path.split("?")[0])[0] for path in paths}

    every = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint.split(".")[0] in ("live", "rooms")
    }
    # A door shows no question; streams are below.
    assert every - seen == {"live.door", "live.listen", "rooms.listen"}


def test_no_phone_learns_the_verdict_before_the_reveal(staged: Twins) -> None:
    addresses = [f"/live/{{{name}}}{rest}" for name in UNREVEALED for rest in SEAT]

    assert leaks(staged, addresses) == {}


def test_neither_do_projector_remote_control_and_exports(staged: Twins) -> None:
    addresses = [f"/rooms/{{{name}}}{rest}" for name in UNREVEALED for rest in HOST]
    teachers = staged.of_trainer()

    assert teachers.here.get(teachers.fill("/rooms/{closed}")).status_code == 200
    assert leaks(teachers, addresses) == {}


def test_nor_any_other_page_of_either(staged: Twins) -> None:
    assert leaks(staged, AROUND[:-1]) == {}
    assert leaks(staged.of_trainer(), AROUND) == {}


@pytest.mark.parametrize("path", ["/answer", "/answer/part"])
def test_no_answer_and_no_refusal_tells_it(staged: Twins, path: str) -> None:
    looks: list[dict[str, Any]] = [
        {"look": "final", "verdict": "true"},
        {"look": "first", **CHOSEN},
        {"look": "final", **CHOSEN, "pointer": "tower:99999"},
        {"look": "final", **CHOSEN, "key": "y" * 22},
        {"look": "final", **CHOSEN, "key": "y" * 22},
    ]
    for name in UNREVEALED:
        for fields in looks:
            assert staged.differ(f"/live/{{{name}}}/1{path}", **fields) == [], (name, fields)
        assert leaks(staged, [f"/live/{{{name}}}{rest}" for rest in SEAT]) == {}


def test_no_move_up_to_the_close_tells_it(staged: Twins) -> None:
    teachers = staged.of_trainer()
    for name, move in [("lobby", "next"), ("question", "pause"), ("first", "next")]:
        before = teachers.here.get(teachers.fill(f"/rooms/{{{name}}}")).text
        seen = re.search(r'name="stage" value="([^"]+)"', before)[1]  # type: ignore[index]
        address = f"/rooms/{{{name}}}/projector/move/part"
        assert teachers.differ(address, move=move, stage=seen) == [], name
        assert leaks(staged, [f"/live/{{{name}}}/part"]) == {}


def test_a_stream_begins_with_the_stage_and_the_time_left_only(
    app: Flask, session: Session, pupil: Visitor, trainer: Visitor
) -> None:
    assert pupil.player
    assert trainer.player
    ids = stage(session, trainer.player, pupil.player, MOMENT)
    for name, room_id in ids.items():
        for who, address in ((pupil, f"/live/{room_id}"), (trainer, f"/rooms/{room_id}")):
            response = who.client.open(f"{address}/stream", buffered=False)
            first = next(iter(response.response)).decode()  # type: ignore[union-attr,call-overload]
            response.close()
            lines = [line for line in first.splitlines() if line.startswith("data: ")]
            assert re.fullmatch(r"data: [a-z_]+-\d(-paused)? (-|\d+)", lines[0]), (name, first)
            assert all(re.fullmatch(r"data: count \d+ \d+", line) for line in lines[1:])


def test_after_the_reveal_the_twins_differ(staged: Twins, app: Flask) -> None:
    teachers = staged.of_trainer()
    for game in (staged.here, staged.there):
        with game.client.application.app_context():
            host = teachers.here.player
            assert host
            seen = "closed-1"
            room_id = staged.rounds["closed"]
            assert rooms.move(db.session(), host.id, room_id, Move.NEXT, seen, MOMENT)
            db.session.remove()

    for address in ("/live/{closed}", "/live/{closed}/part", "/review/"):
        assert "body" in staged.differ(address), address
    for rest in ("", "/remote", "/answers.csv", "/room.xlsx"):
        assert "body" in teachers.differ(f"/rooms/{{closed}}{rest}"), rest
    others = [f"/live/{{{name}}}/part" for name in UNREVEALED if name != "closed"]
    assert leaks(staged, others) == {}


def test_what_a_room_has_revealed_is_in_the_players_review(
    session: Session, pupil: Visitor, trainer: Visitor
) -> None:
    assert pupil.player
    assert trainer.player
    for name, one in REVEALED.items():
        before = pupil.get("/account/export").get_json()["answers"]
        stage(session, trainer.player, pupil.player, MOMENT, {name: one})
        after = pupil.get("/account/export").get_json()["answers"]
        assert len(after) == len(before) + 1, name
