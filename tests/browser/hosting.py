"""Live rooms in a browser: opening one, moving it on, joining; and what the database has of it."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from quiz.domain.answer import Look
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.models import Room, RoomQuestion, RoomResponse, Seat
from quiz.services.accounts import trainers
from quiz.services.library.catalogue import Revision, catalogue_of
from quiz.storage.db import writing
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.hands import PHONE
from tests.browser.playing import Tapped

PASSPHRASE = "three plain words"
STAGES_OF = {
    "quick": ("question", "closed", "reveal"),
    "two_looks": ("question", "second_look", "closed", "reveal"),
    "evidence": ("question", "second_look", "closed", "reveal"),
}
"""The stages of a question, by the room's mode."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as stored; `pointed` is the text at the stored place, "none", or None."""

    name: str
    position: int
    look: Look
    verdict: Verdict
    confidence: Confidence
    pointed: str | None = None

    @staticmethod
    def of(name: str, position: int, tapped: Tapped, look: Look = Look.FINAL) -> Answer:
        """The answer that taps without a sentence make."""
        return Answer(name, position, look, tapped.verdict, tapped.confidence)


# The host.


def trainer(site: Site) -> str:
    """Make a trainer by the service; gives the name."""
    name = f"Ms Ahmadi {secrets.token_hex(6)}"
    with playing.store(site) as session:
        trainers.add_trainer(session, name, PASSPHRASE, datetime.now(UTC))
    return name


def sign_in(page: Page, name: str) -> None:
    """Sign in through the form."""
    page.goto("/account/sign-in")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=passphrase]").fill(PASSPHRASE)
    page.locator("main .button.primary").click()
    expect(page.get_by_role("link", name="Teach")).to_be_visible()


def open_room(
    page: Page,
    mode: str = "quick",
    *,
    size: int = 3,
    timer: int | None = None,
    leaderboard: str = "off",
    naming: str = "generated",
    sets: Sequence[str] = (),
) -> str:
    """Open a room through the form; gives its id."""
    page.goto("/rooms/")
    chosen: dict[str, object] = {"room_mode": mode, "size": size, "timer": timer or "off"}
    chosen |= {"leaderboard": leaderboard, "naming": naming}
    for name, value in chosen.items():
        playing.choice(page, name, value).click()
    if sets:
        for box in page.locator("input[name=sets]").all():
            box.set_checked(box.get_attribute("value") in sets)
    page.get_by_role("button", name="Open the room").click()
    at(page, "lobby-0")
    return room_of(page)


def hosted(site: Site, page: Page, mode: str = "quick", **chosen: object) -> str:
    """Make a trainer, sign in and open a room; gives its id."""
    sign_in(page, trainer(site))
    return open_room(page, mode, **chosen)  # type: ignore[arg-type]


def room_of(page: Page) -> str:
    """The id of the room whose page is shown."""
    return urlsplit(page.url).path.split("/")[2]


def code_on(page: Page) -> str:
    """The code that the lobby shows."""
    return page.locator(".join-code").inner_text().replace(" ", "")


def press(page: Page, stage: str, move: str = "next") -> None:
    """Press a button of the host and wait for the stage that it leads to."""
    if move == "end":
        page.locator(".ending summary").click()  # it asks first
    page.locator(f".moves button[value={move}]").click()
    at(page, stage)


def at(page: Page, stage: str, timeout: float | None = None) -> None:
    """Wait until the page shows the stage, as "question-1"."""
    expect(page.locator("#room")).to_have_attribute("data-stage", stage, timeout=timeout)
    playing.arrived(page)


def connected(page: Page, how: str = "live") -> None:
    """Wait until the page says how it hears of news."""
    expect(page.locator("#connection")).to_have_attribute("data-state", how)


def stage_of(page: Page) -> str:
    """The stage that the page shows."""
    return page.locator("#room").get_attribute("data-stage") or ""


def act_on_player(host: Page, button: str) -> None:
    """Press a button on the page of players, which the host opens beside the projector."""
    with host.context.expect_page() as opened:
        host.get_by_role("link", name="Players").click()
    players = opened.value
    with players.expect_navigation():
        players.get_by_role("button", name=button).first.click()
    players.close()


# A phone.


def phone_in(learner: Learners, host: Page) -> tuple[Page, str]:
    """A phone that has joined the room on the projector, and the name it got."""
    phone = learner(**PHONE)
    return phone, join(phone, code_on(host))


def name_on(phone: Page) -> Locator:
    """Where a phone shows its player's name."""
    return phone.locator("#room .room-head .seat-name")


def join(page: Page, code: str) -> str:
    """Join by the form under the first name offered; gives the name."""
    page.goto("/join")
    page.locator("input[name=code]").fill(code.lower())
    page.get_by_role("button", name="Go on").click()
    name = page.locator(".offers .choice").first.inner_text()
    page.get_by_role("button", name="Come in").click()
    expect(page.locator("#room .room-head .seat-name")).to_have_text(name)
    return name


def tap(page: Page, tapped: Tapped) -> None:
    """Answer on a phone and wait until the answer is in."""
    playing.choose(page, tapped)
    playing.send(page)
    is_in(page)


def is_in(page: Page) -> None:
    """Wait until the phone says that it has answered."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answer is in")


# In the database.


def answers(site: Site, room_id: str) -> list[Answer]:
    """The answers stored for a room, by question, look and name."""
    with playing.store(site) as session:
        found = session.execute(
            select(RoomResponse, Seat.name, RoomQuestion.revision_id)
            .join(Seat, Seat.id == RoomResponse.seat_id)
            .join(
                RoomQuestion,
                (RoomQuestion.room_id == RoomResponse.room_id)
                & (RoomQuestion.position == RoomResponse.position),
            )
            .where(RoomResponse.room_id == room_id)
            .order_by(RoomResponse.position, RoomResponse.look, Seat.name)
        ).all()
        catalogue = catalogue_of(session)
        stored = []
        for row, name, revision_id in found:
            pointed = row.pointer
            if pointed not in (None, "none"):
                revision = catalogue.revision(session, revision_id)
                words = catalogue.pointed(session, revision, pointed)
                pointed = words and words[1]
            level = Confidence(row.confidence)
            stored.append(Answer(name, row.position, row.look, row.verdict, level, pointed))
        return stored


def questions(site: Site, room_id: str) -> list[Revision]:
    """The questions of a room, in order."""
    with playing.store(site) as session:
        ids = session.scalars(
            select(RoomQuestion.revision_id)
            .where(RoomQuestion.room_id == room_id)
            .order_by(RoomQuestion.position)
        ).all()
        found = catalogue_of(session).revisions(session, ids)
        return [found[i] for i in ids]


def seated(site: Site, room_id: str) -> int:
    """How many seats the room has, those sent out included."""
    with playing.store(site) as session:
        count = select(func.count()).select_from(Seat).where(Seat.room_id == room_id)
        return int(session.scalar(count) or 0)


def pass_time(site: Site, room_id: str, seconds: float) -> None:
    """Let so much time have gone by for the room: since when it is where it is, and its close."""
    earlier = timedelta(seconds=seconds)
    with playing.store(site) as session, writing(session):
        room = session.get_one(Room, room_id)
        room.since -= earlier
        if room.deadline is not None:
            room.deadline -= earlier


# What can be taken along.


def exported(host: Page, room_id: str, file: str) -> list[dict[str, str]]:
    """The rows of a CSV file, as the host's browser gets them."""
    answer = host.request.get(f"/rooms/{room_id}/{file}")
    assert answer.ok
    return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))
