"""A live room by mouse, touch, keyboard and without scripts: what is tapped is what counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page, expect

from quiz.domain.answer import Look
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.services.library.catalogue import Revision
from tests.browser import hosting, playing
from tests.browser.conftest import Learners, Site
from tests.browser.hands import PHONE, Hand, Keyboard, Plain, Touch, said, signed, worth
from tests.browser.hosting import STAGES_OF, Answer
from tests.browser.playing import Tapped

PROJECTOR = {"width": 1920, "height": 1080}
HANDS: dict[str, tuple[Hand, dict[str, object]]] = {
    "touch": (Touch(), {**PHONE, "has_touch": True}),
    "keyboard": (Keyboard(), dict(PHONE)),
    "without scripts": (Plain(), {**PHONE, "java_script_enabled": False}),
}
FIRST_TAPS = [
    Tapped(Verdict.FALSE, Confidence.LEANING),
    Tapped(Verdict.UNVERIFIED, Confidence.GUESS),
    Tapped(Verdict.TRUE, Confidence.SURE),
]
TAPS = [
    Tapped(Verdict.TRUE, Confidence.FAIRLY_SURE, 2),
    Tapped(Verdict.FALSE, Confidence.SURE, "none"),
    Tapped(Verdict.UNVERIFIED, Confidence.LEANING, 4),
]


@dataclass
class Phone:
    """Somebody in the room: how they play, what they tapped, the points it is worth."""

    page: Page
    hand: Hand
    shift: int
    name: str = ""
    points: int = 0
    right: int = 0

    def taps(self, looks: list[Tapped], position: int, mode: str) -> Tapped:
        """What this one taps: no two the same at the same question."""
        tapped = looks[(position + self.shift) % len(looks)]
        return tapped if mode == "evidence" else replace(tapped, sentence=None)

    def at(self, stage: str) -> None:
        """See the stage; without scripts the page has to be loaded again."""
        if isinstance(self.hand, Plain):
            self.page.reload()
        hosting.at(self.page, stage)

    def answer(self, tapped: Tapped) -> str | None:
        """Answer; gives the words pointed at, as the page shows them."""
        words = tapped.sentence
        if isinstance(words, int):
            words = self.page.locator(".pointers .sentence span").nth(words).text_content()
        self.hand.choose(self.page, tapped)
        self.hand.send(self.page)
        hosting.is_in(self.page)
        expect(self.page.locator(".own-answer")).to_contain_text(said(tapped))
        return words

    def see_worth(self, question: Revision, tapped: Tapped, pointed: str | None) -> None:
        """The reveal tells what the answer was worth, by the table of points."""
        won = worth(question, tapped, pointed)
        self.points += won
        self.right += tapped.verdict is question.question.verdict
        expect(self.page.locator(".total .points")).to_have_text(signed(won))

    def join(self, code: str) -> None:
        """Come in through the two forms, with nothing but this hand."""
        self.page.goto("/join")
        if isinstance(self.hand, Keyboard):
            for _ in range(3):  # past the navigation by the link that is there for it
                self.page.keyboard.press("Tab")
                if self.page.locator(".skip:focus").count():
                    break
            self.page.keyboard.press("Enter")
            self.page.keyboard.press("Tab")
            self.page.keyboard.type(code.lower())
            self.page.keyboard.press("Enter")
        else:
            self.page.locator("input[name=code]").fill(f"{code[:3]} {code[3:]}")
            self.hand.press(self.page, self.page.get_by_role("button", name="Go on"))
        self.name = self.page.locator(".offers .choice").nth(1).inner_text()
        if isinstance(self.hand, Keyboard):
            while not self.page.locator("input[name=name]:focus").count():
                self.page.keyboard.press("Tab")
            self.page.keyboard.press("ArrowDown")
            self.page.keyboard.press("Enter")
        else:
            self.hand.press(self.page, self.page.locator(".offers .choice").nth(1))
            self.hand.press(self.page, self.page.get_by_role("button", name="Come in"))
        expect(self.page.locator(".big-name")).to_have_text(self.name)


@pytest.mark.parametrize("mode", ["quick", "two_looks", "evidence"])
def test_a_whole_room_counts_what_was_tapped(site: Site, learner: Learners, mode: str) -> None:
    host = learner(**PROJECTOR)
    room_id = hosting.hosted(site, host, mode, leaderboard="full", sets=("cancelled-strikes",))
    code = hosting.code_on(host)
    phones = [
        Phone(learner(**screen), hand, shift) for shift, (hand, screen) in enumerate(HANDS.values())
    ]
    for number, phone in enumerate(phones, start=1):
        phone.join(code)
        expect(host.locator(".lobby [data-seated]")).to_have_text(str(number))
        expect(host.locator(".lobby .names")).to_contain_text(phone.name)
    expected: list[Answer] = []
    for position, question in enumerate(hosting.questions(site, room_id), start=1):
        pointed = {}
        for stage in STAGES_OF[mode]:
            hosting.press(host, f"{stage}-{position}")
            expect(host.locator(".claim")).to_contain_text(question.question.claim["en"])
            look = Look.FIRST if stage == "question" and mode != "quick" else Look.FINAL
            for number, phone in enumerate(phones, start=1):
                phone.at(f"{stage}-{position}")
                if stage in ("question", "second_look"):
                    looks = FIRST_TAPS if look is Look.FIRST else TAPS
                    tapped = phone.taps(looks, position, mode)
                    words = phone.answer(tapped)
                    expected.append(
                        replace(Answer.of(phone.name, position, tapped, look), pointed=words)
                    )
                    pointed[phone.name] = words
                    if number == len(phones):
                        expect(host.locator("[data-answered]")).to_have_text("3")
                elif stage == "reveal":
                    tapped = phone.taps(TAPS, position, mode)
                    phone.see_worth(question, tapped, pointed[phone.name])
        hosting.press(host, f"standings-{position}")
        see_standings(host, phones, f"standings-{position}")
    hosting.press(host, "debrief-3")
    expect(host.locator(".debrief tbody tr")).to_have_count(3)
    for phone in phones:
        phone.at("debrief-3")
        expect(phone.page.locator(".tile .big").first).to_have_text(signed(phone.points))
        expect(phone.page.locator(".answers li")).to_have_count(3)
    stored = hosting.answers(site, room_id)
    assert sorted(stored, key=str) == sorted(expected, key=str)
    see_exports(host, room_id, expected, phones)
    hosting.press(host, "finished-3")
    for phone in phones:
        phone.at("finished-3")


def see_standings(host: Page, phones: list[Phone], stage: str) -> None:
    """Phones show their own points and ranks, the projector all of them."""
    shown = sorted((-phone.points, phone.name) for phone in phones)
    ranking = host.locator(".ranking li")
    expect(ranking.locator(".seat-name")).to_have_text([name for _, name in shown])
    expect(ranking.locator(".points")).to_have_text([signed(-points) for points, _ in shown])
    for phone in phones:
        phone.at(stage)
        rank = 1 + sum(other.points > phone.points for other in phones)
        big = phone.page.locator(".tile .big")
        position = stage.rpartition("-")[2]
        expect(big).to_have_text(
            [signed(phone.points), f"{phone.right} / {position}", f"{rank} / 3"]
        )


def see_exports(host: Page, room_id: str, expected: list[Answer], phones: list[Phone]) -> None:
    """The files for a spreadsheet say what was tapped, and what it was worth."""
    rows = hosting.exported(host, room_id, "answers.csv")
    assert sorted(
        (r["player"], r["question_number"], r["look"], r["answer"], r["confidence"]) for r in rows
    ) == sorted(
        (a.name, str(a.position), a.look.value, a.verdict.value, a.confidence.name.lower())
        for a in expected
    )
    assert {bool(r["sentence"]) for r in rows if r["look"] == "first"} <= {False}
    assert sum(int(r["points"] or 0) for r in rows) == sum(phone.points for phone in phones)
    players = hosting.exported(host, room_id, "players.csv")
    assert {(r["player"], r["points"].strip("'"), r["right"]) for r in players} == {
        (phone.name, str(phone.points), str(phone.right)) for phone in phones
    }


def test_a_phone_without_scripts_follows_the_room_by_itself(site: Site, learner: Learners) -> None:
    host, phone = learner(**PROJECTOR), learner(**PHONE, java_script_enabled=False)
    hosting.hosted(site, host)
    hosting.join(phone, hosting.code_on(host))
    hosting.press(host, "question-1")
    hosting.at(phone, "question-1", timeout=20_000)
    hosting.tap(phone, FIRST_TAPS[0])
    hosting.press(host, "closed-1")
    hosting.at(phone, "closed-1", timeout=20_000)


def test_without_scripts_what_was_said_of_one_question_is_not_said_of_the_next(
    site: Site, learner: Learners
) -> None:
    host, phone = learner(**PROJECTOR), learner(**PHONE, java_script_enabled=False)
    hosting.hosted(site, host)
    hosting.join(phone, hosting.code_on(host))
    hosting.press(host, "question-1")
    phone.reload()
    playing.choose(phone, FIRST_TAPS[0])
    hosting.press(host, "closed-1")
    playing.send(phone)
    expect(phone.locator(".notice")).to_contain_text("too late")
    hosting.press(host, "reveal-1")
    hosting.press(host, "question-2")
    hosting.at(phone, "question-2", timeout=20_000)
    expect(phone.locator(".notice")).to_have_count(0)


def test_the_remote_control_moves_the_projector(site: Site, learner: Learners) -> None:
    projector, remote, phone = learner(**PROJECTOR), learner(**PHONE), learner(**PHONE)
    name = hosting.trainer(site)
    hosting.sign_in(projector, name)
    room_id = hosting.open_room(projector, timer=60)
    hosting.join(phone, hosting.code_on(projector))
    hosting.sign_in(remote, name)
    remote.goto(f"/rooms/{room_id}/remote")
    for move, stage in (
        ("next", "question-1"),
        ("pause", "question-1-paused"),
        ("resume", "question-1"),
        ("skip", "question-2"),
        ("next", "closed-2"),
        ("next", "reveal-2"),
        ("lobby", "lobby-2"),
        ("next", "question-3"),
        ("end", "debrief-3"),
    ):
        hosting.press(remote, stage, move)
        hosting.at(projector, stage)
        hosting.at(phone, stage)


def test_more_time_is_shown_on_every_screen(site: Site, learner: Learners) -> None:
    host, phone = learner(**PROJECTOR), learner(**PHONE)
    hosting.hosted(site, host, timer=30)
    hosting.join(phone, hosting.code_on(host))
    hosting.press(host, "question-1")
    hosting.at(phone, "question-1")
    for _ in range(4):
        host.locator(".moves button[value=extend]").click()
        expect(host.locator(".moves button[value=extend]")).to_be_enabled()
    for page in (host, phone):  # over a minute, of which there was half of one
        expect(page.locator("[data-digits]")).to_have_text(re.compile("[12]:[0-9]{2}"))
