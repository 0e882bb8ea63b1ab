"""The verdict and all that goes with it reach nobody before the answer.

The proof is a twin: a copy of the database in which every question not answered yet has another
verdict, rule, stance, explanation, skills and difficulty. Whatever the player sees before the
answer must be the same, byte for byte, in both.
"""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select
from sqlalchemy.orm import Session

from quiz.domain.answer import Look, Mode
from quiz.domain.verdict import Verdict
from quiz.models import QuestionRevision, Response
from quiz.storage.db import db
from quiz.web.assets import ASSETS
from tests import factories, world
from tests.factories import (
    NOW,
    create_answers,
    create_class,
    create_member,
    create_round,
    finish,
)
from tests.views.pages import Visitor, without_noise

if TYPE_CHECKING:
    from flask import Flask

    from quiz.models import Player
    from quiz.services.play.solo import Item

# Of a question's body, what the answer is made of; claim, quotes and documents stay.
ANSWER = ("verdict", "rule", "explanation", "skills", "difficulty")


@dataclass(frozen=True, slots=True)
class Twins:
    """The same game twice, with other answers, and the same player in both.

    `trainers` are the two of that player's trainer.
    """

    here: Visitor
    there: Visitor
    rounds: dict[str, str]
    trainers: tuple[Visitor, Visitor]

    def of_trainer(self) -> Twins:
        """The twins as the trainer sees them."""
        return replace(self, here=self.trainers[0], there=self.trainers[1])

    def differ(self, address: str, **fields: Any) -> list[str]:
        """In what a request to both is answered differently."""
        seen = [observe(visitor, self.fill(address), fields) for visitor in (self.here, self.there)]
        return [name for name in seen[0] if seen[0][name] != seen[1].get(name)] + [
            name for name in seen[1] if name not in seen[0]
        ]

    def fill(self, address: str) -> str:
        """An address with the ids of the rounds."""
        return address.format(**self.rounds)


def observe(visitor: Visitor, address: str, fields: dict[str, Any]) -> dict[str, object]:
    """All that a client learns from one request: status, headers, body, the cookie's content."""
    response = visitor.post(address, **fields) if fields else visitor.get(address)
    body = without_noise(response.get_data().decode(errors="replace"))  # a workbook is no text
    seen: dict[str, object] = {"status": response.status_code, "body": body}
    seen |= {
        f"header {name}": value for name, value in response.headers if name not in ("Set-Cookie",)
    }
    with visitor.client.session_transaction() as cookie:
        seen["cookie"] = {k: v for k, v in cookie.items() if k != "csrf_token"}
    return seen


def change_the_answers(session: Session) -> int:
    """Give each question without a final answer the answer of another one of its set.

    Gives their number. The examples stay: the guide shows them with their answers by design.
    """
    answered = select(Response.revision_id).where(Response.look == Look.FINAL)
    changed = 0
    for slug in ("harbour", "tower"):
        rows = list(
            session.scalars(
                select(QuestionRevision)
                .where(QuestionRevision.set_slug == slug, QuestionRevision.id.not_in(answered))
                .order_by(QuestionRevision.verdict, QuestionRevision.id)
            )
        )
        shift = max(sum(row.verdict is verdict for row in rows) for verdict in Verdict)
        donors = [dict(row.body) for row in rows[shift:] + rows[:shift]]
        for row, donor in zip(rows, donors, strict=True):
            assert donor["verdict"] != row.body["verdict"]
            stances = [evidence["stance"] for evidence in donor["evidence"]]
            row.verdict = Verdict(donor["verdict"])
            row.body = {
                **row.body,
                **{name: donor[name] for name in ANSWER},
                "evidence": [
                    {**evidence, "stance": stance}
                    for evidence, stance in zip(row.body["evidence"], stances, strict=True)
                ],
            }
            changed += 1
    session.commit()
    return changed


@pytest.fixture
def copied(app: Flask, database_url: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    """`copied()` copies the database as it is now and gives the address of the copy."""
    names: list[str] = []

    def copy() -> str:
        with app.app_context():
            db.engine.dispose()
        if database_url.startswith("sqlite"):
            file = Path(database_url.removeprefix("sqlite:///"))
            with sqlite3.connect(file) as connection:
                connection.execute("VACUUM INTO ?", [str(file.with_name("twin.sqlite3"))])
            connection.close()
            return f"sqlite:///{file.with_name('twin.sqlite3')}"
        cluster = request.getfixturevalue("cluster")
        original = re.search(r"/(test_\w+)", database_url)[1]  # type: ignore[index]
        names.append(f"twin_{uuid.uuid4().hex}")
        cluster.execute(f"CREATE DATABASE {names[-1]} TEMPLATE {original}")
        return str(cluster.url(names[-1]))

    yield copy
    for name in names:
        request.getfixturevalue("cluster").execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(autouse=True)
def frozen() -> Iterator[None]:
    """One moment for both games: signed tokens hold the time."""
    with time_machine.travel(NOW + timedelta(days=10), tick=False):
        yield


@pytest.fixture
def twins(
    app: Flask,
    session: Session,
    pupil: Visitor,
    trainer: Visitor,
    copied: Callable[[], str],
    questions: Path,
) -> Iterator[Twins]:
    """A pupil with a finished round, and with rounds under way at every stage, in both games."""
    assert pupil.player
    assert trainer.player
    rounds = build_rounds(session, pupil.player)
    classroom = create_class(session, trainer.player)
    member = create_member(session, classroom, pupil.player, joined_at=NOW - timedelta(days=1))
    rounds |= {"class": str(classroom.id), "member": str(member.id), "code": str(classroom.code)}
    session.close()
    url = copied()
    with world.running(url, QUESTIONS=questions) as twin:
        with twin.app_context():
            assert change_the_answers(db.session()) == 24 - 3
            db.session.remove()
        other = Visitor(twin.test_client(), pupil.player)
        teachers = (trainer, Visitor(twin.test_client(), trainer.player))
        yield Twins(pupil, other, rounds, teachers)


def build_rounds(session: Session, player: Player) -> dict[str, str]:
    """Rounds by name, and their ids."""
    done = create_round(session, player, keys=["harbour/h-ash", "harbour/h-may", "tower/t-bay"])
    create_answers(session, done, [None, Verdict.TRUE, None])
    finish(session, done, points=75)
    quick = create_round(
        session, player, keys=["harbour/h-fir", "harbour/h-box", "tower/t-ivy", "harbour/h-rue"]
    )
    keys = ["tower/t-fir", "tower/t-box", "tower/t-elm"]
    first = create_round(session, player, keys=keys, mode=Mode.INVESTIGATION, set_slug="tower")
    second = create_round(session, player, keys=keys, mode=Mode.INVESTIGATION, set_slug="tower")
    create_answers(session, second, [Verdict.TRUE])
    session.query(Response).filter_by(look=Look.FINAL).filter(
        Response.item_id.in_([item.id for item in factories.items_of(session, second)])
    ).delete()
    session.commit()
    names = {"done": done, "quick": quick, "first": first, "second": second}
    return {name: played.id for name, played in names.items()}


ITEMS = [
    f"/rounds/{{{name}}}{rest}"
    for name in ("quick", "first", "second")
    for rest in (
        "",
        *("/1", "/1/part", "/1/file", "/1/file/part", "/1?already=1"),
        *("/1/answer", "/2", "/3/part", "/9", "/summary"),
    )
]
PAGES = [
    "/",
    "/documents/",
    "/documents/harbour",
    "/documents/tower",
    "/guide/",
    "/guide/skills",
    "/guide/points",
    "/guide/about",
    "/guide/writing",
    "/review/",
    "/review/?verdict=true",
    "/review/?set=tower&result=wrong",
    "/review/?skill=allegation",
    "/review/harbour/h-ash",
    "/review/harbour/h-fir",
    "/review/tower/t-fir",
    "/progress/",
    "/account/",
    "/account/keep",
    "/account/sign-in",
    "/account/export",
    "/classes/join",
    "/classes/join/{code}",
    "/setup/a-token",
    "/rounds/{done}",
    "/rounds/{done}/summary",
    "/rounds/{done}/1",
    "/rounds/{done}/1/part",
    "/healthz",
]
TRAINER_PAGES = [
    "/classes/",
    "/classes/{class}",
    "/classes/{class}/report",
    *(f"/classes/{{class}}/export/{f}" for f in ("answers.csv", "learners.csv", "class.xlsx")),
    "/classes/{class}/members/{member}",
    "/classes/{class}/members/{member}/record.json",
    "/classes/{class}/members/{member}/answers.csv",
]
CHOSEN = {"verdict": "true", "confidence": "2", "key": "k" * 22}


def test_every_page_route_is_looked_at(app: Flask) -> None:
    seen = set()
    adapter = app.url_map.bind("localhost")
    for address in ITEMS + PAGES + TRAINER_PAGES:
        filled = re.sub(r"\{\w+\}", "1", address).split("?")[0]
        seen.add(adapter.match(filled)[0])

    every = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    live = {name for name in every if name.split(".")[0] in ("live", "rooms")}
    # Who writes at the desk sees the keys: test_access.py lets nobody else in. Who reads blind does
    # not: desk/test_reading_pages.py.
    desk = {name for name in every if name.split(".")[0].startswith("desk")}
    assert seen == every - live - desk - ASSETS  # rooms have test_rooms_never_early.py


def test_no_page_tells_the_verdict_before_the_answer(twins: Twins) -> None:
    leaks = {address: twins.differ(address) for address in PAGES + ITEMS}

    assert {address: names for address, names in leaks.items() if names} == {}


def test_no_page_of_the_trainer_tells_it_either(twins: Twins) -> None:
    trainers = twins.of_trainer()

    assert trainers.here.get(trainers.fill("/classes/{class}/report")).status_code == 200
    assert {a: trainers.differ(a) for a in TRAINER_PAGES if trainers.differ(a)} == {}


@pytest.mark.parametrize("path", ["/answer", "/answer/part"])
def test_no_refusal_and_no_first_look_tells_the_verdict(twins: Twins, path: str) -> None:
    for name in ("quick", "first", "second"):
        twins.differ(f"/rounds/{{{name}}}/1")  # show it
    steps = [
        ("quick", {"look": "final", "verdict": "true"}),
        ("quick", {"look": "final", "confidence": "2"}),
        ("quick", {"look": "first", **CHOSEN}),
        ("first", {"look": "first", "confidence": "2"}),
        ("first", {"look": "final", **CHOSEN, "pointer": "none"}),
        ("first", {"look": "first", **CHOSEN}),  # stored: the second look opens
        ("first", {"look": "first", **CHOSEN}),
        ("first", {"look": "final", **CHOSEN, "pointer": "tower:99999"}),
        ("second", {"look": "final", **CHOSEN}),
    ]

    for name, fields in steps:
        assert twins.differ(f"/rounds/{{{name}}}/1{path}", **fields) == [], (name, fields)
    for address in ITEMS:
        assert twins.differ(address) == []


def test_after_the_answer_the_twins_differ(twins: Twins) -> None:
    for name, pointer in (("quick", ""), ("second", "none")):
        address = f"/rounds/{{{name}}}/1"
        assert twins.differ(address) == []
        chosen = {**CHOSEN, "key": name * 4, "pointer": pointer}
        twins.differ(f"{address}/answer", look="final", **chosen)
        assert "body" in twins.differ(address)
        assert "body" in twins.differ(f"{address}/part")
    for address in ("/", "/review/", "/review/harbour/h-fir", "/progress/", "/documents/harbour"):
        assert "body" in twins.differ(address), address
    for address in TRAINER_PAGES[2:4]:
        assert "body" in twins.of_trainer().differ(address), address
    assert twins.differ("/rounds/{quick}/2") == []  # the next question is as silent as before


# The test must be able to fail: games that leak, and are caught


def leak_markup(app: Flask, secret: Callable[[Item], str]) -> None:
    """A template that writes the stance into an attribute."""
    _template(app, '<i data-s="{{ secret(item) }}"></i>', secret)


def leak_length(app: Flask, secret: Callable[[Item], str]) -> None:
    """A template whose white space depends on the stance."""
    _template(app, "{{ ' ' * secret(item)|length }}", secret)


def leak_header(app: Flask, secret: Callable[[Item], str]) -> None:
    """A header that depends on the stance."""
    _template(app, "{{ note(secret(item)) }}", secret)
    from flask import g

    def note(value: str) -> str:
        g.noted = value
        return ""

    def send(response: Response) -> Response:
        response.headers["X-Rule"] = g.get("noted", "")
        return response

    app.jinja_env.globals["note"] = note
    app.after_request_funcs.setdefault(None, []).append(send)


def leak_cookie(app: Flask, secret: Callable[[Item], str]) -> None:
    """A cookie that remembers the stance."""
    from flask import session as cookie

    def remember(value: str) -> str:
        cookie["hint"] = value
        return ""

    _template(app, "{{ remember(secret(item)) }}", secret)
    app.jinja_env.globals["remember"] = remember


def _template(app: Flask, addition: str, secret: Callable[[Item], str]) -> None:
    loader = app.jinja_env.loader
    assert loader is not None
    source = loader.get_source(app.jinja_env, "play/_ask.html")[0]
    app.jinja_env.loader = ChoiceLoader([DictLoader({"play/_ask.html": source + addition}), loader])
    app.jinja_env.globals["secret"] = secret


@pytest.mark.parametrize("leak", [leak_markup, leak_length, leak_header, leak_cookie])
def test_a_game_that_leaks_is_caught(
    twins: Twins, leak: Callable[[Flask, Callable[[Item], str]], None]
) -> None:
    def secret(item: Item) -> str:
        revision = db.session.get_one(QuestionRevision, item.revision_id)
        return str(revision.body["evidence"][0]["stance"])

    for visitor in (twins.here, twins.there):
        leak(visitor.client.application, secret)

    for address in ("/rounds/{quick}/1", "/rounds/{first}/1/part", "/rounds/{second}/1"):
        assert twins.differ(address), address
