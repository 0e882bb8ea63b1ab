"""A whole room of fifty-two on the real questions; its server dies in mid-question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from faker import Faker
from playwright.sync_api import Browser, Page, expect

import run
from quiz.content.format.library import Library
from quiz.content.loader import load
from quiz.domain.quote import locate
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.services.accounts import trainers
from quiz.storage.db import db
from tests import world
from tests.browser import hosting, playing
from tests.browser.conftest import Learners, Site
from tests.browser.crowd import Pupil, Sent, all_at_once
from tests.browser.hands import PHONE
from tests.browser.playing import Tapped
from tests.browser.serving import Served
from tests.redis_server import RedisServer

if TYPE_CHECKING:
    from concurrent.futures import Future

    from tests.browser.crowd import Sheet

CROWD = 50
SIZE = 3
# By hand: 100 − 225 (1 − p)² for a right verdict, 25 − 225 p² for a wrong one, p = 1/3, .5, .7, .9.
RIGHT = {"guess": 0, "leaning": 44, "fairly_sure": 80, "sure": 98}
WRONG = {"guess": 0, "leaning": -31, "fairly_sure": -85, "sure": -157}
BONUS = 20
SURENESS = list(RIGHT)
WHILE_DOWN = "ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|ERR_NETWORK|Failed to fetch|502|503|204"
pytestmark = pytest.mark.timeout(400)


CHOSEN = Tapped(Verdict.FALSE, Confidence.FAIRLY_SURE)


class Class:
    """A trainer and two phones in browsers, fifty players without, and what was tapped."""

    def __init__(self, served: Served, browser: Browser, crowd: int = CROWD) -> None:
        self.served = served
        self.learners = Learners(Site(served.url, None), browser)  # type: ignore[arg-type]
        self.host = self.learners(width=1920, height=1080)
        self.phones = [self.learners(**PHONE, has_touch=True) for _ in range(2)]
        self.names: list[str] = []
        Faker.seed(20240612)
        fake = Faker("fr_FR")
        self.pupils = [Pupil(fake.unique.first_name()[:20], served) for _ in range(crowd)]
        self.room_id = ""
        self.tapped: list[Sent] = []

    @property
    def size(self) -> int:
        """How many play."""
        return len(self.pupils) + len(self.phones)

    def come_in(self) -> None:
        """Open a room, and everybody joins."""
        self.room_id = hosting.open_room(
            self.host, "evidence", size=SIZE, naming="chosen", leaderboard="full"
        )
        code = hosting.code_on(self.host)
        self.names = [hosting.join(phone, code) for phone in self.phones]
        all_at_once(self.pupils, lambda pupil: pupil.join(code))
        seated = self.host.locator(".lobby [data-seated]")
        expect(seated).to_have_text(str(self.size), timeout=30_000)

    def press(self, stage: str) -> None:
        """Move the room on, and see it on both phones."""
        self.host.locator(".moves button[value=next]").click()
        self.all_at(stage)

    def all_at(self, stage: str) -> None:
        """See the stage in every browser."""
        for page in (self.host, *self.phones):
            hosting.at(page, stage, timeout=30_000)

    def tap(self, number: int, stage: str, verdict: int, confidence: int) -> None:
        """Answer on a phone; in a second look with the first passage, or none."""
        phone = self.phones[number]
        verdicts = ("true", "false", "unverified")
        playing.choice(phone, "verdict", verdicts[verdict % 3]).tap()
        playing.choice(phone, "confidence", confidence % 4).tap()
        pointer = None
        if stage == "second_look":
            radio = phone.locator("input[name=pointer]").nth(verdict)
            pointer = radio.get_attribute("value") or ""
            if pointer != "none":
                words = radio.locator("xpath=following-sibling::span").text_content()
                pointer = f"{pointer.rpartition(':')[0]}:{words}"
            radio.evaluate("radio => { radio.closest('details')?.setAttribute('open', '') }")
            radio.check(force=True)
        playing.send(phone)
        hosting.is_in(phone)
        position = int((phone.locator("#room").get_attribute("data-stage") or "").split("-")[1])
        look = "final" if stage == "second_look" else "first"
        self.tapped.append(
            Sent(
                self.names[number],
                position,
                look,
                verdicts[verdict % 3],
                confidence % 4,
                pointer,
            )
        )

    def answer_all(self, stage: str, pupils: list[Pupil]) -> list[Sheet]:
        """So many players see the stage and answer, all at once."""
        return all_at_once(pupils, lambda pupil: pupil.answer(pupil.await_stage(stage)))

    def counted(self, number: int) -> None:
        """Wait until the projector counts so many answers."""
        expect(self.host.locator("[data-answered]")).to_have_text(str(number), timeout=30_000)

    def close(self) -> None:
        """Let everybody go."""
        for pupil in self.pupils:
            pupil.given_up.set()
            pupil.browser.close()
        self.learners.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """The game as `python -m quiz` serves it, with the real questions."""
    served = Served(tmp_path)
    yield served
    served.kill()


def test_a_server_killed_in_mid_question_loses_nothing_and_nobody(
    served: Served, browser: Browser
) -> None:
    room = Class(served, browser)
    room.learners.expect_problem(WHILE_DOWN)
    try:
        set_up(room.host, served.setup_path())
        room.come_in()
        play_a_question(room, 1)
        room.press("question-2")
        room.tap(0, "question", 2, 3)
        early, late = room.pupils[:20], room.pupils[20:]
        room.answer_all("question-2", early)
        room.counted(21)
        playing.choose(room.phones[1], CHOSEN)
        with ThreadPoolExecutor(1) as pool:
            under_way = pool.submit(room.answer_all, "question-2", late)
            expect(room.host.locator("[data-answered]")).not_to_have_text("21")
            served.kill()
            hosting.connected(room.phones[1], "lost")
            served.start()
            see_everybody_back(room, under_way)
        room.tap(1, "question", 1, 2)
        room.counted(room.size)
        second_look_to_standings(room, 2)
        play_a_question(room, 3)
        room.press("debrief-3")
        see_exports(room)
    finally:
        room.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_school_without_redis_for_a_while_loses_nothing(
    tmp_path: Path, database_url: str, redis: RedisServer, browser: Browser
) -> None:
    name = first_trainer(database_url)
    environ = {"QUIZ_DATABASE_URL": database_url, "QUIZ_REDIS_URL": redis.url}
    served = Served(tmp_path, "gunicorn", **environ, WEB_CONCURRENCY="2")
    room = Class(served, browser, crowd=20)
    try:
        hosting.sign_in(room.host, name)
        room.come_in()
        for page in (room.host, *room.phones):
            hosting.connected(page)
        play_a_question(room, 1)
        room.press("question-2")
        early, late = room.pupils[:8], room.pupils[8:]
        room.answer_all("question-2", early)
        room.counted(8)
        redis.stop()
        for page in (room.host, *room.phones):
            hosting.connected(page, "polling")
        room.answer_all("question-2", late)
        for number in range(2):
            room.tap(number, "question", number, 3)
        room.counted(room.size)
        second_look_to_standings(room, 2)
        redis.start()
        for page in (room.host, *room.phones):
            expect(page.locator("#connection")).to_have_attribute(
                "data-state", "live", timeout=60_000
            )
        play_a_question(room, 3)
        room.press("debrief-3")
        see_exports(room)
    finally:
        room.close()
        served.kill()


def first_trainer(database_url: str) -> str:
    """Make a trainer by the service; gives the name."""
    with world.running(database_url) as app, app.app_context():
        trainers.add_trainer(db.session(), "Ms Ahmadi", hosting.PASSPHRASE, datetime.now(UTC))
    return "Ms Ahmadi"


@pytest.fixture
def redis(run_folder: Path) -> Iterator[RedisServer]:
    """A Redis of this test's own."""
    server = RedisServer(run_folder)
    yield server
    server.stop()


def see_everybody_back(room: Class, under_way: Future[list[Sheet]]) -> None:
    """All browsers are at the stage with their answers, still signed in; so are the others."""
    for page in (room.host, *room.phones):
        expect(page.locator("#connection")).to_have_attribute("data-state", "live", timeout=15_000)
    room.all_at("question-2")
    hosting.is_in(room.phones[0])
    chosen = room.phones[1].locator("input[name=verdict]:checked")
    expect(chosen).to_have_value(CHOSEN.verdict.value)
    assert all(sheet.has_answered for sheet in under_way.result())
    for sheet, pupil in zip(all_at_once(room.pupils, Pupil.look), room.pupils, strict=True):
        assert (sheet.stage, sheet.has_answered) == ("question-2", True)
        assert sheet.seat_name == pupil.name
    room.host.reload()
    room.counted(room.size - 1)


def set_up(page: Page, path: str) -> None:
    """Make the first trainer by the link that the server printed."""
    page.goto(path)
    page.locator("input[name=name]").fill("Ms Ahmadi")
    page.locator("input[name=passphrase]").fill(hosting.PASSPHRASE)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("link", name="Teach")).to_be_visible()


def play_a_question(room: Class, position: int) -> None:
    """Both looks of everybody, and the rest to the standings."""
    room.press(f"question-{position}")
    room.answer_all(f"question-{position}", room.pupils)
    for number in range(2):
        room.tap(number, "question", position + number, 2 * position + number)
    room.counted(room.size)
    second_look_to_standings(room, position)


def second_look_to_standings(room: Class, position: int) -> None:
    """The second look of everybody, and the rest to the standings."""
    room.press(f"second_look-{position}")
    room.answer_all(f"second_look-{position}", room.pupils)
    for number in range(2):
        room.tap(number, "second_look", position - 1 + number, position + number)
    room.counted(room.size)
    for stage in ("closed", "reveal", "standings"):
        room.press(f"{stage}-{position}")
        all_at_once(room.pupils[::5], lambda pupil, s=stage: pupil.await_stage(f"{s}-{position}"))


def see_exports(room: Class) -> None:
    """The files have what everybody tapped, and the points that it is worth."""
    tapped = room.tapped + [sent for pupil in room.pupils for sent in pupil.sent]
    assert len(tapped) == room.size * SIZE * 2
    library = load(run.ROOT / "questions")
    rows = hosting.exported(room.host, room.room_id, "answers.csv")
    found = [
        Sent(
            row["player"],
            int(row["question_number"]),
            row["look"],
            row["answer"],
            SURENESS.index(row["confidence"]),
            words_at(row["sentence"], library),
        )
        for row in rows
    ]
    assert Counter(found) == Counter(tapped)
    asked = {int(row["question_number"]): row["question"] for row in rows}
    expected = recount(tapped, asked, library)
    players = hosting.exported(room.host, room.room_id, "players.csv")
    assert {row["player"]: int(row["points"]) for row in players} == expected
    assert len(expected) == room.size


def words_at(place: str, library: Library) -> str | None:
    """The words at the place of a sentence in the file for spreadsheets, "slug:start-end"."""
    if place in ("", "none"):
        return place or None
    slug, _, span = place.rpartition(":")
    start, _, end = span.partition("-")
    return f"{slug}:{library.documents[slug].text[int(start) : int(end)]}"


def recount(tapped: list[Sent], asked: dict[int, str], library: Library) -> dict[str, int]:
    """What everybody has, from the question files and the table above."""
    total: dict[str, int] = defaultdict(int)
    for sent in tapped:
        if sent.look != "final":
            continue
        slug, _, question_id = asked[sent.position].partition("/")
        (question,) = (q for q in library.sets[slug].questions if q.id == question_id)
        is_right = sent.verdict == question.verdict.value
        total[sent.player] += (RIGHT if is_right else WRONG)[SURENESS[sent.confidence]]
        if not is_right or sent.pointer is None:
            continue
        if sent.pointer == "none":
            total[sent.player] += BONUS * question.is_silent
            continue
        slug, _, words = sent.pointer.partition(":")
        text = library.documents[slug].text
        assert text.count(words) == 1, "which of the two was meant?"
        start = text.index(words)
        for evidence in question.evidence:
            span = locate(evidence.quote, library.documents[evidence.document].text)
            assert span is not None
            meets = start < span.end and span.start < start + len(words)
            if evidence.document == slug and meets and evidence.stance != "nearest":
                total[sent.player] += BONUS
                break
    return dict(total)
