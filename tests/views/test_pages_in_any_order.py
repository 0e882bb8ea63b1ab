"""A page is the same whichever pages were shown before it: no piece of one gets into another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from quiz.domain.answer import Mode
from quiz.domain.room import Phase, RoomMode
from quiz.models import Player
from quiz.web.fragments import Pieces
from tests import desk, factories, rooms
from tests.factories import create_answers, create_round, finish
from tests.views.pages import Visitor, place, without_noise

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

KEY = "tower/t-ash"
"""The question that every page is about."""
NOW = datetime.now(UTC)


Page = tuple[Player, str, dict[str, str]]
"""Who opens it, its address, and the form that is sent there, if one is."""


@pytest.fixture
def pages(session: Session) -> list[Page]:
    """Pages of one question, each with other things around it."""
    return [
        (player, address, form)
        for player, addresses in _addresses(session).items()
        for address, form in addresses
    ]


def _addresses(session: Session) -> dict[Player, list[tuple[str, dict[str, str]]]]:
    host = factories.create_trainer(session, "Teacher")
    pupil = factories.create_learner(session, "Pupil")
    silent = factories.create_learner(session, "Silent")
    solo = _alone(session, pupil)
    told, asked, over = _rooms(session, host, pupil, silent)
    drafted = desk.create_ready_set(session, host)
    preview = f"/desk/sets/{drafted.id}/preview/1"
    answer = {"verdict": "true", "confidence": "2", "look": "final", "key": "k" * 22}
    own = [f"/live/{room}" for room in (told, asked, over)]
    hosted = [f"/rooms/{told}", f"/rooms/{told}/questions/1", "/desk/library/tower"]
    return {
        pupil: [(a, {}) for a in (*solo, *own, f"/review/{KEY}")],
        silent: [(f"/live/{told}", {})],
        host: [
            *((address, {}) for address in hosted),
            (preview, answer),
            (f"{preview}?screen=projector", answer),
        ],
    }


def _alone(session: Session, pupil: Player) -> list[str]:
    """The addresses of two finished rounds, a quick one and an investigation."""
    quick, looked = (
        create_round(session, pupil, set_slug="tower", keys=[KEY], mode=mode, started_at=NOW)
        for mode in (Mode.QUICK, Mode.INVESTIGATION)
    )
    for played in (quick, looked):
        create_answers(session, played)
        finish(session, played)
    return [place(quick, 1), f"/rounds/{quick.id}/summary", place(looked, 1)]


def _rooms(session: Session, host: Player, pupil: Player, silent: Player) -> list[int]:
    """Rooms with the reveal, with an open question and at the end; the silent sit in the first."""
    told, asked, over = (
        rooms.open_room(session, host, keys=[KEY], sets=("tower",), mode=mode, now=NOW)
        for mode in (RoomMode.EVIDENCE, RoomMode.QUICK, RoomMode.TWO_LOOKS)
    )
    rooms.join(session, told, "Silent", player=silent, now=NOW)
    for room in (told, asked, over):
        seat = rooms.join(session, room, player=pupil, now=NOW)
        rooms.ask(session, host, room, NOW)
        if room == asked:
            continue
        rooms.answer(session, seat, now=NOW)
        rooms.go(session, host, room, now=NOW)
        rooms.answer(session, seat, now=NOW)
        rooms.reveal(session, host, room, NOW)
    rooms.go_to(session, host, over, Phase.DEBRIEF, NOW)
    return [told, asked, over]


def forget(app: Flask) -> None:
    """Empty the cache, as a restart does."""
    app.jinja_env.globals["cached"] = Pieces(app.jinja_env).cached


def read(app: Flask, page: Page, language: str) -> str:
    """A page in an interface language, without what differs each time by design."""
    player, address, form = page
    visitor = Visitor(app.test_client(), player)
    with visitor.client.session_transaction() as cookie:
        cookie["ui"] = language
    response = visitor.post(address, **form) if form else visitor.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return without_noise(response.text)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_is_the_same_after_any_other(app: Flask, pages: list[Page], language: str) -> None:
    expected = []
    for page in pages:
        forget(app)
        expected.append(read(app, page, language))

    # Who comes first leaves its pieces to all that follow.
    for first in pages:
        forget(app)
        read(app, first, language)
        for page, alone in zip(pages, expected, strict=True):
            if read(app, page, language) != alone:
                pytest.fail(f"{page[1]} is another page once {first[1]} was shown")


def test_a_page_is_the_same_after_itself_in_another_language(app: Flask, pages: list[Page]) -> None:
    for page in pages:
        forget(app)
        there = read(app, page, "en")
        forget(app)
        assert read(app, page, "fr") != there
        assert read(app, page, "en") == there
