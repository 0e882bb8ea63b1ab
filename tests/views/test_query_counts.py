"""How many statements a request costs, and that it does not grow with what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from quiz.domain.answer import Mode
from quiz.storage.db import db
from tests.factories import NOW, SKETCHES, create_answers, create_round, finish
from tests.views.pages import Visitor, form_to, place

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

KEYS = ["harbour/h-fir", "harbour/h-box", "harbour/h-rue"]
PAGES = {
    # address: statements, without BEGIN and COMMIT
    "/": 6,  # player, sets, entries, answers, the latest round, rooms
    "/review/": 5,  # player, answers, sets, entries, disputes
    "/review/?set=harbour&result=wrong&page=2": 5,
    "/review/harbour/h-fir": 3,  # player, answers, disputes
    "/progress/": 4,  # player, answers, set titles, rounds
    "/documents/": 3,  # player, sets, entries
    "/documents/harbour": 4,  # player, sets, entries, answered revisions
    "/guide/": 3,
    "/account/": 2,  # player, classes joined
    "/account/export": 8,
}


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile, without those that begin a transaction."""
    with app.app_context():
        engine = db.engine
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def store(session: Session, visitor: Visitor, rounds: int, day: int = 0) -> None:
    """Finished rounds of ten answers each."""
    assert visitor.player
    for n in range(rounds):
        slug = ("harbour", "tower")[n % 2]
        keys = [f"{slug}/{sketch.id}" for sketch in SKETCHES[slug][2:]]
        at = NOW - timedelta(days=60 - day, minutes=-20 * n)
        played = create_round(session, visitor.player, keys=keys, set_slug=slug, started_at=at)
        create_answers(session, played)
        finish(session, played, points=80)


def statements(app: Flask, visitor: Visitor, address: str) -> list[str]:
    """What getting a page costs, once the questions are in memory."""
    visitor.get(address)
    with counting(app) as seen:
        assert visitor.get(address).status_code == 200
    return seen


def test_no_page_costs_more_when_three_hundred_answers_are_stored(
    app: Flask, session: Session, pupil: Visitor, outsider: Visitor
) -> None:
    store(session, pupil, rounds=1)
    few = {address: len(statements(app, pupil, address)) for address in PAGES}
    store(session, pupil, rounds=29, day=1)
    store(session, outsider, rounds=5)
    many = {address: len(statements(app, pupil, address)) for address in PAGES}

    assert few == many
    assert {a: (n, PAGES[a]) for a, n in many.items() if n > PAGES[a]} == {}


@pytest.mark.parametrize("rounds", [1, 15])
def test_a_question_costs_its_state_and_its_player(
    app: Flask, session: Session, pupil: Visitor, rounds: int
) -> None:
    assert pupil.player
    store(session, pupil, rounds)
    played = create_round(session, pupil.player, keys=KEYS)

    assert len(statements(app, pupil, place(played, 1))) == 2
    assert len(statements(app, pupil, place(played, 1, "/part"))) == 1
    assert len(statements(app, pupil, place(played, 1, "/file/part"))) == 1


@pytest.mark.parametrize("rounds", [1, 15])
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("path", ["/answer", "/answer/part"])
def test_an_answer_costs_its_state_and_itself(
    app: Flask, session: Session, pupil: Visitor, mode: Mode, rounds: int, path: str
) -> None:
    assert pupil.player
    store(session, pupil, rounds)
    warm, played = (create_round(session, pupil.player, keys=KEYS, mode=mode) for _ in range(2))
    for _ in range(1 if mode is Mode.QUICK else 2):
        pupil.answer(warm, 1, pointer="harbour:3")
    session.rollback()
    costs = []

    for _ in range(1 if mode is Mode.QUICK else 2):
        form = form_to(pupil.read(place(played, 1)), "/1/answer")
        fields = {**form.fields, "verdict": "true", "confidence": "2", "pointer": "harbour:3"}
        with counting(app) as seen:
            assert pupil.post(place(played, 1, path), **fields).status_code in (200, 303)
        costs.append(len(seen))

    assert max(costs) <= 2, costs


@pytest.mark.parametrize("rounds", [1, 15])
def test_the_last_answer_of_a_round_costs_four(
    app: Flask, session: Session, pupil: Visitor, rounds: int
) -> None:
    assert pupil.player
    store(session, pupil, rounds)
    played = create_round(session, pupil.player, keys=KEYS[:1])
    form = form_to(pupil.read(place(played, 1)), "/1/answer")

    with counting(app) as seen:
        pupil.post(form.action, **form.fields, verdict="true", confidence="2")

    assert len(seen) == 4  # state, answer, the round's answers, its total


def test_starting_a_round_costs_the_same_however_much_was_played(
    app: Flask, session: Session, pupil: Visitor
) -> None:
    def cost() -> int:
        with counting(app) as seen:
            assert pupil.post("/rounds", set="harbour", mode="quick", size="5").status_code == 303
        return len(seen)

    store(session, pupil, rounds=1)
    cost()
    few = cost()
    store(session, pupil, rounds=14, day=1)

    # player, the key, answers, sets, entries, round, five questions at most, the player's date
    assert cost() == few <= 13
