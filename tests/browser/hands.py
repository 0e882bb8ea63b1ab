"""Ways to play: by mouse, by touch, by keyboard, without scripts; and what an answer is worth."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from playwright.sync_api import Locator, Page

from quiz.domain.scoring import POINTER_BONUS, points
from quiz.services.library.catalogue import Revision
from tests.browser import playing
from tests.browser.playing import SURENESS, VERDICT, Tapped

PHONE = {"width": 360, "height": 740}


class Hand(Protocol):
    """A way to play."""

    screen: ClassVar[dict[str, Any]]

    def press(self, page: Page, button: Locator) -> None:
        """Press a button or follow a link."""

    def choose(self, page: Page, tapped: Tapped) -> None:
        """Choose verdict, confidence and sentence."""

    def send(self, page: Page) -> None:
        """Answer, or go on."""


class Mouse:
    screen: ClassVar[dict[str, Any]] = {}

    def press(self, page: Page, button: Locator) -> None:
        button.click()

    def choose(self, page: Page, tapped: Tapped) -> None:
        playing.choose(page, tapped)

    def send(self, page: Page) -> None:
        self.press(page, page.locator(".submit, .next"))


class Touch(Mouse):
    screen: ClassVar[dict[str, Any]] = {**PHONE, "has_touch": True}

    def press(self, page: Page, button: Locator) -> None:
        button.tap()

    def choose(self, page: Page, tapped: Tapped) -> None:
        if tapped.sentence is not None:
            playing.point(page, tapped.sentence).tap()
        playing.choice(page, "verdict", tapped.verdict.value).tap()
        playing.choice(page, "confidence", tapped.confidence.value).tap()


class Plain(Mouse):
    screen: ClassVar[dict[str, Any]] = {"java_script_enabled": False}


class Keyboard:
    screen: ClassVar[dict[str, Any]] = {}

    def press(self, page: Page, button: Locator) -> None:
        tab_to(page, button)
        page.keyboard.press("Enter")

    def choose(self, page: Page, tapped: Tapped) -> None:
        if tapped.sentence is not None:
            tab_to(page, page.locator("input[name=pointer][value=none]"))
            page.keyboard.press("Space")
            for _ in range(0 if tapped.sentence == "none" else int(tapped.sentence) + 1):
                page.keyboard.press("ArrowDown")
        playing.arrived(page)
        page.keyboard.press(str(1 + list(VERDICT).index(tapped.verdict)))
        page.keyboard.press(str(4 + tapped.confidence))

    def send(self, page: Page) -> None:
        page.keyboard.press("Enter")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus, at most once around the page."""
    for _ in range(page.locator("a, button, input, select, summary").count() + 2):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("Tab never reached it")


HANDS = {"keyboard": Keyboard(), "mouse": Mouse(), "touch": Touch(), "without scripts": Plain()}


def said(tapped: Tapped) -> str:
    """How a page repeats an answer."""
    return f"{VERDICT[tapped.verdict]} {SURENESS[tapped.confidence]}"


def worth(question: Revision, tapped: Tapped, pointed: str | None) -> int:
    """What an answer is worth."""
    is_right = tapped.verdict is question.question.verdict
    won = points(tapped.confidence, is_right)
    return won + (POINTER_BONUS if is_right and settles(question, pointed) else 0)


def settles(question: Revision, pointed: str | None) -> bool:
    """Whether the words pointed at hold or share a quote that settles the claim."""
    if pointed == "none":
        return question.question.is_silent
    spans = ((a.span, a.document.text) for a in question.anchors if a.evidence.stance != "nearest")
    return pointed is not None and any(
        start < span.end and span.start < start + len(pointed)
        for span, text in spans
        for start in [text.find(pointed)]
        if start >= 0
    )


def signed(number: int) -> str:
    return f"+{number}" if number > 0 else str(number).replace("-", "−")
