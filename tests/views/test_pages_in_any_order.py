"""A page is the same whichever pages were shown before it: no piece of one gets into another."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from quiz.domain.room import Phase, RoomMode
from quiz.models import Mode, Player
from quiz.storage.db import db
from tests import desk, factories, rooms
from tests.factories import create_answers, create_round, finish
from tests.views.pages import Visitor, place, without_noise

KEY = "tower/t-ash"
"""The question that every page is about."""
LANGUAGES = ("en", "fr")


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """SQLite alone: what is kept of a page has nothing to do with the database."""
    file = tmp_path / "quiz.sqlite3"
    shutil.copyfile(migrated_sqlite, file)
    return f"sqlite:///{file}"


class Reader:
    """Opens pages in an app: what it gives is the page without what differs by design."""

    def __init__(self, database_url: str, questions: Path) -> None:
        self._playing = factories.playing(database_url, questions)

    def __enter__(self) -> Callable[[Page, str], str]:
        self.app = self._playing.__enter__()
        return self.read

    def __exit__(self, *error: object) -> None:
        self._playing.__exit__(None, None, None)

    def read(self, page: Page, language: str) -> str:
        """The page in an interface language."""
        player, address, form = page
        visitor = Visitor(self.app.test_client(), player)
        with visitor.client.session_transaction() as cookie:
            cookie["ui"] = language
        response = visitor.post(address, **form) if form else visitor.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return without_noise(response.text)


Page = tuple[Player, str, dict[str, str]]


@pytest.fixture
def pages(database_url: str, questions: Path) -> Iterator[list[Page]]:
    """Who opens which address: pages of one question, each with other things around it."""
    with factories.playing(database_url, questions) as app:
        with app.app_context():
            engine = db.engine
        with Session(engine, expire_on_commit=False) as session:
            yield [
                (player, address, form)
                for player, addresses in _addresses(session).items()
                for address, form in addresses
            ]


def _addresses(session: Session) -> dict[Player, list[tuple[str, dict[str, str]]]]:
    now = datetime.now(UTC)
    host = factories.create_trainer(session, "Teacher")
    pupil = factories.create_learner(session, "Pupil")
    silent = factories.create_learner(session, "Silent")
    quick = create_round(session, pupil, set_slug="tower", keys=[KEY])
    looked = create_round(
        session, pupil, set_slug="tower", keys=[KEY], mode=Mode.INVESTIGATION, started_at=now
    )
    for played in (quick, looked):
        create_answers(session, played)
        finish(session, played)
    solo = [place(quick, 1), f"/rounds/{quick.id}/summary", place(looked, 1)]
    told, asked, over = (
        rooms.open_room(session, host, keys=[KEY], sets=("tower",), mode=mode, now=now)
        for mode in (RoomMode.EVIDENCE, RoomMode.QUICK, RoomMode.TWO_LOOKS)
    )
    seats = [rooms.join(session, room, player=pupil, now=now) for room in (told, asked, over)]
    rooms.join(session, told, "Silent", player=silent, now=now)
    for room, seat in zip((told, asked, over), seats, strict=True):
        rooms.ask(session, host, room, now)
        if room == asked:
            continue
        rooms.answer(session, seat, now=now)
        rooms.go(session, host, room, now=now)
        rooms.answer(session, seat, now=now)
        rooms.reveal(session, host, room, now)
    rooms.go_to(session, host, over, Phase.DEBRIEF, now)
    drafted = desk.create_ready_set(session, host)
    preview = f"/desk/sets/{drafted.id}/preview/1"
    answer = {"verdict": "true", "confidence": "2", "look": "final", "key": "k" * 22}
    own = [f"/live/{room}" for room in (told, asked, over)]
    hosted = [f"/rooms/{told}", f"/rooms/{told}/remote", f"/rooms/{told}/questions/1"]
    hosted += [f"/rooms/{asked}", f"/rooms/{over}", "/desk/library/tower", preview]
    return {
        pupil: [(a, {}) for a in (*solo, *own, "/review/", f"/review/{KEY}")],
        silent: [(f"/live/{told}", {})],
        host: [
            *((address, {}) for address in hosted),
            (preview, answer),
            (f"{preview}?screen=projector", answer),
        ],
    }


def test_a_page_is_the_same_after_any_other(
    database_url: str, questions: Path, pages: list[Page]
) -> None:
    def alone(page: Page, language: str) -> str:
        with Reader(database_url, questions) as read:
            return read(page, language)

    expected = {
        (page[1], language, n): alone(page, language)
        for n, page in enumerate(pages)
        for language in LANGUAGES
    }

    # Who comes first leaves its pieces to all the others.
    for n, first in enumerate(pages):
        with Reader(database_url, questions) as read:
            read(first, LANGUAGES[n % 2])
            for language in LANGUAGES:
                for number, page in enumerate(pages):
                    assert read(page, language) == expected[page[1], language, number], (
                        f"{page[1]} after {first[1]}"
                    )
