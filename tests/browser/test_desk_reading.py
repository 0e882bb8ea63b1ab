"""A set is read blind and talked over; a learner disputes a verdict and gets an answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from quiz.models import Player
from tests.browser import playing
from tests.browser.hands import tab_to
from tests.desk import create_ready_set

if TYPE_CHECKING:
    from tests.browser.conftest import Learners, Site

PASSPHRASE = "three small words"
Axe = Callable[..., list[str]]


@dataclass(frozen=True, slots=True)
class Desk:
    """An author with a set, and a colleague."""

    author: int
    reader: int
    reader_name: str
    set_id: int


@pytest.fixture
def desk(site: Site) -> Desk:
    number = secrets.token_hex(4)
    names = f"Author {number}", f"Reader {number}"
    author, reader = (playing.trainer_named(site, name, PASSPHRASE) for name in names)
    with playing.store(site) as session:
        made = create_ready_set(session, session.get_one(Player, author), f"Bridge {number}")
        return Desk(author, reader, names[1], made.id)


def seated(learner: Learners, site: Site, player_id: int, **screen: object) -> Page:
    page = learner(**screen)  # type: ignore[arg-type]
    playing.seat(page, site, player_id)
    return page


def press(page: Page, name: str, key: str = "Enter") -> None:
    """Reach a button with Tab, and press it."""
    tab_to(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press(key)


def test_a_set_is_read_blind_by_keyboard_and_talked_over(
    site: Site, learner: Learners, desk: Desk, axe: Axe, screenshot: Callable[[Page, str], None]
) -> None:
    learner.expect_problem("422")  # finishing with a claim left
    author = seated(learner, site, desk.author)
    author.goto(f"/desk/readings/sets/{desk.set_id}")
    author.get_by_label("Ask a trainer to read blind").fill(desk.reader_name)
    author.keyboard.press("Enter")
    expect(author.get_by_role("heading", name=desk.reader_name)).to_be_visible()
    assert axe(author) == []

    reader = seated(learner, site, desk.reader, width=360, height=740)
    reader.goto("/desk/")
    reader.get_by_role("link", name="Readings and remarks").click()
    assert axe(reader) == []
    reader.get_by_role("link", name="Read", exact=False).last.click()
    playing.arrived(reader)
    assert axe(reader) == []
    assert reader.evaluate("document.documentElement.scrollWidth") <= 360
    screenshot(reader, "reading-360")
    cards = reader.locator(".blind-claim")
    for n in range(2):
        card = cards.nth(n)
        tab_to(reader, card.locator("input[name=verdict]").first)
        reader.keyboard.press("Space")
        reader.keyboard.press("Tab")
        reader.keyboard.type(f"Because of line {n}.")
        reader.keyboard.press("Tab")
        reader.keyboard.press("Enter")
        expect(card.get_by_role("status")).to_contain_text(f"{n + 1} of 3 answered")
        assert reader.evaluate("document.activeElement.id").startswith("save-")
    press(reader, "Finish the reading")
    expect(reader.get_by_label("Finish although 1 claim has no answer")).to_be_focused()
    assert axe(reader) == []
    reader.keyboard.press("Space")
    press(reader, "Finish the reading")

    expect(reader.get_by_role("heading", name="Agreement")).to_be_visible()
    expect(reader.locator(".compared > li")).to_have_count(2)
    assert axe(reader) == []
    assert reader.evaluate("document.documentElement.scrollWidth") <= 360
    screenshot(reader, "compared-360")
    author.reload()
    expect(author.locator("main")).to_contain_text("of 2 verdicts agree")
    author.get_by_role("link", name="Compare").click()
    screenshot(author, "compared-1280")
    author.get_by_role("link", name="Talk it over").first.click()
    playing.arrived(author)
    expect(author.locator(".conversation")).to_contain_text("The reader said: True")
    author.get_by_label("Comment").fill("Look at the <b>second</b> line.")
    author.get_by_role("button", name="Send", exact=True).click()
    expect(author.locator(".remarks")).to_contain_text("the <b>second</b> line")
    author.get_by_role("button", name="Mark as settled").click()
    expect(author.get_by_role("button", name="Open again")).to_be_visible()
    assert axe(author) == []
    screenshot(author, "thread-1280")


def test_claims_are_read_one_at_a_time_without_scripts(
    site: Site, learner: Learners, desk: Desk
) -> None:
    author = seated(learner, site, desk.author, java_script_enabled=False)
    author.goto(f"/desk/readings/sets/{desk.set_id}")
    author.get_by_label("Ask a trainer to read blind").fill(desk.reader_name)
    author.get_by_role("button", name="Ask", exact=True).click()
    reader = seated(learner, site, desk.reader, java_script_enabled=False)
    reader.goto("/desk/readings/")
    reader.get_by_role("link", name="Read", exact=False).last.click()
    reader.get_by_role("link", name="One claim at a time").click()
    for n in range(3):
        expect(reader.locator(".blind-claim")).to_have_count(1)
        expect(reader.locator(".page-head")).to_contain_text(f"{n} of 3 answered")
        reader.get_by_text("Unverified", exact=True).click()
        reader.get_by_role("button", name="Save and go on").click()
    reader.get_by_role("button", name="Finish the reading").click()
    expect(reader.locator(".compared > li")).to_have_count(3)


def test_a_learner_disputes_and_reads_the_answer(
    site: Site, learner: Learners, axe: Axe, screenshot: Callable[[Page, str], None]
) -> None:
    question = playing.one_of_each(site)[0]
    guest = playing.newcomer(site)
    playing.finish(site, playing.deal(site, guest, [question]), playing.wrong)
    page = seated(learner, site, guest, width=360, height=740)
    address = f"/review/{question.set_slug}/{question.question.id}"
    page.goto(address)
    page.get_by_text("I dispute this").click()
    why = f"The second paragraph says otherwise, {secrets.token_hex(4)}."
    page.get_by_label("What in the file makes you think so?").fill(why)
    assert axe(page) == []
    page.locator("#dispute").get_by_role("button", name="Send").click()
    expect(page.locator("#dispute")).to_contain_text("waits for an answer")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    screenshot(page, "dispute-360")

    number = secrets.token_hex(4)
    trainer = seated(learner, site, playing.trainer_named(site, f"T {number}", PASSPHRASE))
    trainer.goto("/desk/threads/")
    assert axe(trainer) == []
    screenshot(trainer, "inbox-1280")
    trainer.locator(".thread-list li", has_text=why).get_by_role("link").click()
    playing.arrived(trainer)
    expect(trainer.locator(".conversation")).to_contain_text("The learner answered:")
    trainer.get_by_label("Comment").fill("Thank you: look at the fourth one too.")
    trainer.get_by_label("Send it to the learner too").check()
    trainer.get_by_role("button", name="Send", exact=True).click()
    expect(trainer.locator(".remarks")).to_contain_text("sent to the learner")
    assert axe(trainer) == []
    screenshot(trainer, "dispute-thread-1280")

    page.goto("/review/")
    expect(page.locator(".answers")).to_contain_text("your dispute was answered")
    assert axe(page) == []
    page.goto(address)
    expect(page.locator("#dispute")).to_contain_text("look at the fourth one too")
