"""Live rooms in every state, brought about by the services; the page only opens them."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from quiz.domain.answer import Look, Submission
from quiz.domain.room import Leaderboard, Move, Naming, RoomMode
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.models import Player, Room, RoomQuestion
from quiz.services.accounts import trainers
from quiz.services.library.catalogue import catalogue_of
from quiz.services.live import rooms, seats
from quiz.services.live.rooms import RoomPlan
from quiz.services.play.answers import Caller
from tests.browser import playing
from tests.browser.conftest import Site

State = Callable[[Page, Site], None]

QUICK = RoomPlan(sets=("five-files",), size=3, leaderboard=Leaderboard.FULL, timer=300)
EVIDENCE = replace(QUICK, mode=RoomMode.EVIDENCE, leaderboard=Leaderboard.TIERS)
CHOSEN = replace(QUICK, naming=Naming.CHOSEN, leaderboard=Leaderboard.OFF, timer=None)
OTHERS = ("Bao", "Chidi", "Dolores", "Wolfeschlegelstein", "Élodie")
REVEALED = "next answer next next"
"""What brings a quick room to its first reveal."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A room, its host and the player whose phone is looked at."""

    site: Site
    room_id: str
    host: int
    player: int
    seat_id: int
    code: str

    def phone(self, page: Page) -> None:
        """Open the player's page."""
        playing.seat(page, self.site, self.player)
        page.goto(f"/live/{self.room_id}")

    def screen(self, page: Page, name: str = "") -> None:
        """Open a screen of the host: the projector, or "/remote"."""
        playing.seat(page, self.site, self.host)
        page.goto(f"/rooms/{self.room_id}{name}")


def staged(site: Site, plan: RoomPlan, script: str = "", *, right: bool = True) -> Staged:
    """A room of six, played so far: "answer" and "first" are everybody's, the rest is moves.

    The player whose phone is looked at answers rightly or wrongly, as told; "skip-own" lets
    the others answer without.
    """
    player = playing.newcomer(site)
    others = [playing.newcomer(site) for _ in OTHERS]
    now = datetime.now(UTC) - timedelta(seconds=30)
    with playing.store(site) as session:
        name = f"Ms Ahmadi {secrets.token_hex(6)}"
        host = trainers.add_trainer(session, name, "three plain words", now).id
        key = secrets.token_urlsafe(16)
        room_id = rooms.open_room(session, host, plan, key, now, random.Random(1))
        room = session.get_one(Room, room_id)
        code = room.code or ""
        seat_id = seats.take_seat(session, room, player, "Brave Otter", now).id
        for other, called in zip(others, OTHERS, strict=True):
            seats.take_seat(session, room, other, called, now)
        for word in script.split():
            now += timedelta(seconds=1)
            if word in ("answer", "first", "others"):
                look = Look.FIRST if word == "first" else Look.FINAL
                for number, who in enumerate([player, *others]):
                    if word != "others" or who != player:
                        judged = right if who == player else number % 3 == 0
                        _answer(site, room_id, who, look, judged, number, now)
            else:
                seen = rooms.hosted(session, host, room_id, now).state.stage
                assert rooms.move(session, host, room_id, Move(word), seen, now)
    return Staged(site, room_id, host, player, seat_id, code)


def _answer(
    site: Site, room_id: str, who: int, look: Look, right: bool, number: int, now: datetime
) -> None:
    with playing.store(site) as session:
        room = session.get_one(Room, room_id)
        asked = session.get_one(RoomQuestion, (room_id, room.position))
        revision = catalogue_of(session).revision(session, asked.revision_id)
        truth = revision.question.verdict
        verdict = truth if right else playing.another(truth)
        player = session.get_one(Player, who)
        submit = Submission(
            look, verdict, Confidence(number % 4), "none", secrets.token_urlsafe(16)
        )
        caller = Caller(player.id, player.session_token)
        taken = seats.answer(session, caller, room_id, room.position, submit, now)
        assert taken.counts


def phone(plan: RoomPlan, script: str = "", *, right: bool = True) -> State:
    """A phone in a room played so far."""

    def bring(page: Page, site: Site) -> None:
        staged(site, plan, script, right=right).phone(page)
        expect(page.locator("#room")).to_be_visible()

    return bring


def screen(plan: RoomPlan, script: str = "", name: str = "") -> State:
    """A screen of the host in a room played so far."""

    def bring(page: Page, site: Site) -> None:
        staged(site, plan, script).screen(page, name)
        expect(page.locator("#room")).to_be_visible()

    return bring


SECOND = "next first next"
STATES: dict[str, State] = {
    "phone, lobby": phone(QUICK),
    "phone, question": phone(QUICK, "next"),
    "phone, first look": phone(EVIDENCE, "next"),
    "phone, second look": phone(EVIDENCE, SECOND),
    "phone, answered": phone(QUICK, "next answer"),
    "phone, pause": phone(QUICK, "next answer pause"),
    "phone, closed": phone(EVIDENCE, f"{SECOND} answer next"),
    "phone, reveal, right": phone(EVIDENCE, f"{SECOND} answer next next"),
    "phone, reveal, wrong": phone(QUICK, REVEALED, right=False),
    "phone, reveal, no answer": phone(QUICK, "next others next next"),
    "phone, rank": phone(QUICK, f"{REVEALED} next"),
    "phone, third": phone(EVIDENCE, f"{SECOND} answer next next next"),
    "phone, lobby again": phone(QUICK, f"{REVEALED} lobby"),
    "phone, debrief": phone(QUICK, f"{REVEALED} end"),
    "phone, finished": phone(QUICK, f"{REVEALED} end next"),
    "projector, lobby": screen(CHOSEN),
    "projector, question": screen(QUICK, "next answer"),
    "projector, first look": screen(EVIDENCE, "next"),
    "projector, second look": screen(EVIDENCE, SECOND),
    "projector, pause": screen(QUICK, "next answer pause"),
    "projector, closed": screen(EVIDENCE, f"{SECOND} answer next"),
    "projector, closed, no answer": screen(QUICK, "next next"),
    "projector, reveal": screen(QUICK, REVEALED),
    "projector, reveal of two looks": screen(EVIDENCE, f"{SECOND} answer next next"),
    "projector, ranks": screen(QUICK, f"{REVEALED} next"),
    "projector, thirds": screen(EVIDENCE, f"{SECOND} answer next next next"),
    "projector, debrief": screen(EVIDENCE, f"{SECOND} answer next next end"),
    "projector, debrief of nothing": screen(QUICK, "next end"),
    "remote, lobby": screen(QUICK, "", "/remote"),
    "remote, question": screen(QUICK, "next answer", "/remote"),
    "remote, reveal": screen(EVIDENCE, f"{SECOND} answer next next", "/remote"),
    "remote, debrief": screen(QUICK, f"{REVEALED} end", "/remote"),
}


def state(name: str) -> Callable[[State], State]:
    """Enter a state under its name."""

    def enter(bring: State) -> State:
        STATES[name] = bring
        return bring

    return enter


@state("join")
def join(page: Page, site: Site) -> None:
    page.goto("/join")


@state("join, a room goes on")
def join_again(page: Page, site: Site) -> None:
    playing.seat(page, site, staged(site, QUICK).player)
    page.goto("/join")
    expect(page.locator(".resume")).to_be_visible()


@state("join, no such code")
def join_refused(page: Page, site: Site) -> None:
    page.goto("/join")
    page.locator("input[name=code]").fill("no")
    page.locator("main .button.primary").click()
    expect(page.locator(".error")).to_be_visible()


@state("door")
def door(page: Page, site: Site) -> None:
    page.goto(f"/join/{staged(site, QUICK).code}")


@state("door, own name")
def door_chosen(page: Page, site: Site) -> None:
    page.goto(f"/join/{staged(site, CHOSEN).code}")
    expect(page.locator("input[name=chosen]")).to_be_visible()


@state("door, locked")
def door_locked(page: Page, site: Site) -> None:
    room = staged(site, QUICK)
    with playing.store(site) as session:
        rooms.lock(session, room.host, room.room_id, True)
    page.goto(f"/join/{room.code}")


@state("phone, nothing chosen")
def phone_refused(page: Page, site: Site) -> None:
    phone(QUICK, "next")(page, site)
    playing.send(page)
    expect(page.locator(".error")).to_be_visible()


@state("phone, chosen")
def phone_chosen(page: Page, site: Site) -> None:
    phone(EVIDENCE, SECOND)(page, site)
    playing.choose(page, playing.Tapped(Verdict.FALSE, Confidence.LEANING, 3))


@state("phone, too late")
def phone_late_answer(page: Page, site: Site) -> None:
    room = staged(site, QUICK, "next others next")
    room.phone(page)
    page.goto(f"/live/{room.room_id}?word=closed")
    expect(page.locator(".notice")).to_be_visible()


@state("phone, came too late")
def phone_latecomer(page: Page, site: Site) -> None:
    room = staged(site, QUICK, "next answer")
    late = playing.newcomer(site)
    with playing.store(site) as session:
        stored = session.get_one(Room, room.room_id)
        seats.take_seat(session, stored, late, "Late Heron", datetime.now(UTC))
    replace(room, player=late).phone(page)


@state("phone, sent out")
def phone_sent_out(page: Page, site: Site) -> None:
    room = staged(site, QUICK, "next")
    with playing.store(site) as session:
        rooms.remove_seat(session, room.host, room.room_id, room.seat_id, datetime.now(UTC))
    room.phone(page)


@state("players")
def players(page: Page, site: Site) -> None:
    staged(site, CHOSEN, "next answer").screen(page, "/players")
    expect(page.locator(".seat-list li").first).to_be_visible()


@state("new room")
def index_empty(page: Page, site: Site) -> None:
    with playing.store(site) as session:
        name = f"Ms Ahmadi {secrets.token_hex(6)}"
        host = trainers.add_trainer(session, name, "three plain words", datetime.now(UTC)).id
    playing.seat(page, site, host)
    page.goto("/rooms/")


@state("new room refused")
def index_refused(page: Page, site: Site) -> None:
    index_empty(page, site)
    page.locator("input[name=sets]:checked").uncheck()
    page.locator(".room-form .primary").click()
    expect(page.locator(".error")).to_be_visible()


@state("rooms")
def index_used(page: Page, site: Site) -> None:
    room = staged(site, QUICK, f"{REVEALED} end next")
    with playing.store(site) as session:
        key = secrets.token_urlsafe(16)
        rooms.open_room(session, room.host, QUICK, key, datetime.now(UTC), random.Random(2))
    playing.seat(page, site, room.host)
    page.goto("/rooms/")
    expect(page.locator(".past-rooms li")).to_have_count(1)
