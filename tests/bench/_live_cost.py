"""What a room's requests cost in processor time, in one process: the least noisy figures.

Each call takes its turn with a hello, so that both meet the same machine.
"""

from __future__ import annotations

import random
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tests.bench._hello import app as hello_app
from tests.bench._players import FORM, Guest, new_guest
from tests.bench._report import Figure, Report, middle_ratio

if TYPE_CHECKING:
    from flask import Flask

KINDS = {
    "question": "the page as a question opens",
    "answer": "an answer",
    "second_look": "the page as the files open",
    "reload": "the whole page, loaded anew",
    "closed": "the page as a look closes",
    "reveal": "the page of the reveal",
    "debrief": "the page of the debrief",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A room with its host and its players."""

    app: Flask
    room_id: str
    host_id: int
    guests: Sequence[Guest]

    def move(self, seen: str) -> None:
        """The host's next move, from the stage seen."""
        from quiz.domain.room import Move
        from quiz.services.live import rooms
        from quiz.storage.db import db

        with self.app.app_context():
            now = datetime.now(UTC)
            assert rooms.move(db.session(), self.host_id, self.room_id, Move.NEXT, seen, now)
            db.session.remove()


def measure_cost(app: Flask, host: str, phones: int, blocks: int, report: Report) -> None:
    """Processor time of each kind of request over that of a hello."""
    table = _table(app, host, phones, blocks)
    times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    seen = "lobby-0"
    for block in range(blocks + 1):
        number = block + 1

        def to(stage: str) -> None:
            nonlocal seen
            table.move(seen)
            seen = f"{stage}-{number}"  # noqa: B023 - called before the next block

        taken = {}
        to("question")
        taken["question"] = _part(table)
        to("second_look")
        taken["second_look"] = _part(table)
        taken["answer"] = _answers(table)
        taken["reload"] = _pages(table, "")
        to("closed")
        taken["closed"] = _part(table)
        to("reveal")
        taken["reveal"] = _part(table)
        if block:  # the first one fills the caches
            for kind, pair in taken.items():
                times[kind].append(pair)
    table.move(seen)
    _part(table)
    times["debrief"] = [_part(table) for _ in range(blocks)]
    for kind, words in KINDS.items():
        ours, hellos = zip(*times[kind], strict=True)
        report.raw.setdefault("cost", {})[kind] = {"ours": ours, "hello": hellos}
        report.add(
            Figure(f"cost: {words}", 1000 * median(ours), "ms"),
            Figure(f"cost: {words} / hello", middle_ratio(ours, hellos)),
        )


def _table(app: Flask, host: str, phones: int, blocks: int) -> Table:
    from quiz.domain.room import Naming, RoomMode
    from quiz.models import Player, QuestionSetRow, Room
    from quiz.services.live import rooms, seats
    from quiz.storage.db import db

    guests = [new_guest(app) for _ in range(phones)]
    with app.app_context():
        session, now, rng = db.session(), datetime.now(UTC), random.Random(1)
        host_id = session.query(Player.id).filter_by(name=host).scalar()
        offered = session.query(QuestionSetRow.slug).filter_by(is_examples=False)
        plan = rooms.RoomPlan(
            tuple(slug for (slug,) in offered),
            blocks + 1,
            RoomMode.TWO_LOOKS,
            naming=Naming.CHOSEN,
        )
        room_id = rooms.open_room(session, host_id, plan, secrets.token_urlsafe(8), now, rng)
        room = session.get_one(Room, room_id)
        for number, guest in enumerate(guests):
            seats.take_seat(session, room, guest.id, f"Player {number}", now)
        db.session.remove()
    return Table(app, room_id, host_id, guests)


def _part(table: Table) -> tuple[float, float]:
    return _pages(table, "/part")


def _pages(table: Table, which: str) -> tuple[float, float]:
    client = table.app.test_client(use_cookies=False)

    def get(guest: Guest) -> int:
        return client.get(f"/live/{table.room_id}{which}", headers=guest.headers).status_code

    return _paired(get, table.guests)


def _answers(table: Table) -> tuple[float, float]:
    client = table.app.test_client(use_cookies=False)
    forms = []
    for guest in table.guests:
        page = client.get(f"/live/{table.room_id}/part", headers=_plain(guest)).text
        path = re.search(r'hx-post="([^"]*)"', page)
        key = re.search(r'name="key" value="([^"]*)"', page)
        assert path
        assert key
        form = {
            "csrf_token": guest.csrf_token,
            "key": key[1],
            "look": "final",
            "verdict": "false",
            "confidence": "2",
        }
        forms.append((path[1], urlencode(form)))
    ready = iter(forms)

    def answer(guest: Guest) -> int:
        path, form = next(ready)
        made = client.post(path, data=form, content_type=FORM, headers=guest.headers)
        return made.status_code

    return _paired(answer, table.guests)


def _plain(guest: Guest) -> dict[str, str]:
    return guest.headers | {"Accept-Encoding": "identity"}


def _paired(call: Callable[[Guest], int], guests: Sequence[Guest]) -> tuple[float, float]:
    hello = hello_app.test_client(use_cookies=False)
    ours = others = 0.0
    for guest in guests:
        began = time.process_time()
        hello.get("/", headers=guest.headers)
        between = time.process_time()
        status = call(guest)
        ours += time.process_time() - between
        others += between - began
        if status != 200:
            raise RuntimeError(f"status {status}")
    return ours / len(guests), others / len(guests)
