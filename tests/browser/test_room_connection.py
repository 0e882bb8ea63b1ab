"""The way between a phone and its live room: asleep, cut off, without a stream, room gone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.browser import hosting, playing
from tests.browser.conftest import Learners, Site
from tests.browser.hands import PHONE
from tests.browser.hosting import Answer
from tests.browser.playing import Tapped

TRUE = Tapped(Verdict.TRUE, Confidence.SURE)


@pytest.fixture
def host(site: Site, learner: Learners) -> Page:
    """The projector of a room of three quick questions, in the lobby."""
    page = learner()
    hosting.hosted(site, page)
    return page


@pytest.fixture
def no_streams(site: Site) -> Iterator[None]:
    """A server that has no place for a stream."""
    places = site.app.extensions["streams"]
    before, places.limit = places.limit, 0
    yield
    places.limit = before


# Asleep, away, cut off.


def sleep(phone: Page, asleep: bool = True) -> None:
    """What a phone's browser tells its page when the screen goes dark, or comes back."""
    phone.evaluate(
        """asleep => {
          Object.defineProperty(document, 'hidden', {configurable: true, get: () => asleep});
          document.dispatchEvent(new Event('visibilitychange'));
        }""",
        asleep,
    )


def test_a_phone_that_slept_a_minute_is_at_the_stage_when_it_wakes(
    site: Site, learner: Learners, host: Page
) -> None:
    phone = learner(**PHONE)
    phone.clock.install()
    name = hosting.join(phone, hosting.code_on(host))
    hosting.press(host, "question-1")
    hosting.at(phone, "question-1")
    hosting.connected(phone)
    sleep(phone)
    hosting.press(host, "closed-1")
    hosting.press(host, "reveal-1")
    hosting.press(host, "question-2")
    phone.clock.fast_forward("01:00")
    hosting.at(phone, "question-1")
    sleep(phone, False)
    hosting.at(phone, "question-2")
    hosting.connected(phone)
    hosting.tap(phone, TRUE)
    assert hosting.answers(site, hosting.room_of(host)) == [Answer.of(name, 2, TRUE)]


def test_a_phone_without_network_says_so_and_catches_up(
    site: Site, learner: Learners, host: Page
) -> None:
    learner.expect_problem("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    phone = learner(**PHONE)
    phone.clock.install()
    hosting.join(phone, hosting.code_on(host))
    hosting.connected(phone)
    phone.context.set_offline(True)
    hosting.press(host, "question-1")
    hosting.connected(phone, "lost")
    expect(phone.locator("#connection")).to_contain_text("No connection. Trying again…")
    with phone.expect_event("requestfailed"):  # it has tried before the network is back
        phone.clock.fast_forward("01:00")
    hosting.connected(phone, "lost")
    phone.context.set_offline(False)
    hosting.at(phone, "question-1")
    hosting.connected(phone)
    hosting.tap(phone, TRUE)
    assert len(hosting.answers(site, hosting.room_of(host))) == 1


def test_an_answer_sent_without_network_says_so_and_is_sent_when_it_is_back(
    site: Site, learner: Learners, host: Page
) -> None:
    learner.expect_problem("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    phone, name = hosting.phone_in(learner, host)
    hosting.press(host, "question-1")
    hosting.at(phone, "question-1")
    playing.choose(phone, TRUE)
    phone.context.set_offline(True)
    with phone.expect_event("requestfailed"):
        playing.send(phone)
    expect(phone.locator(".unsent")).to_be_visible()
    expect(phone.locator("input[name=verdict]:checked")).to_have_value("true")
    phone.context.set_offline(False)
    hosting.is_in(phone)
    assert hosting.answers(site, hosting.room_of(host)) == [Answer.of(name, 1, TRUE)]


@pytest.mark.usefixtures("no_streams")
def test_where_no_stream_is_given_the_phone_asks_and_says_so(
    site: Site, learner: Learners, host: Page
) -> None:
    phone, name = hosting.phone_in(learner, host)
    hosting.connected(phone, "polling")
    expect(phone.locator("#connection")).to_contain_text("Looking every few seconds")
    hosting.press(host, "question-1")
    hosting.at(phone, "question-1", timeout=15_000)
    hosting.tap(phone, TRUE)
    expect(host.locator("[data-answered]")).to_have_text("1", timeout=15_000)
    hosting.press(host, "closed-1")
    hosting.at(phone, "closed-1", timeout=15_000)
    hosting.connected(phone, "polling")
    assert hosting.answers(site, hosting.room_of(host)) == [Answer.of(name, 1, TRUE)]


# The room is gone.


def erase(host: Page, room_id: str) -> None:
    """End a room and erase it by hand."""
    host.locator(".ending summary").click()  # it asks first
    host.locator(".moves button[value=end]").click()
    expect(host.locator("#room")).to_have_attribute("data-stage", re.compile("finished|debrief"))
    if not (hosting.stage_of(host) or "").startswith("finished"):
        host.locator(".moves button[value=next]").click()
        expect(host.locator("#room")).to_have_attribute("data-stage", re.compile("finished"))
    host.goto("/rooms/")
    past = host.locator(".past-rooms li").filter(has=host.locator(f"a[href*='{room_id}']"))
    past.get_by_role("checkbox").check()
    past.get_by_role("button", name="Erase").click()
    expect(host.locator(".notice-good")).to_be_visible()


def test_a_phone_in_a_room_that_is_over_asks_no_more_and_finds_it_erased_later(
    learner: Learners, host: Page
) -> None:
    learner.expect_problem("404")
    phone = learner(**PHONE)
    phone.clock.install()
    hosting.join(phone, hosting.code_on(host))
    hosting.connected(phone)
    erase(host, hosting.room_of(host))
    phone.clock.fast_forward("00:30")
    expect(phone.get_by_role("heading", level=1)).to_have_text("The room is closed")
    playing.settle(phone)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    for _ in range(3):
        phone.clock.fast_forward("01:00")
        playing.settle(phone)
    assert [url for url in asked if not url.endswith("/healthz")] == []
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Nothing here")


def test_an_answer_to_an_erased_room_is_told_and_the_page_asks_no_more(
    learner: Learners, host: Page
) -> None:
    learner.expect_problem("404|htmx:error: timeout")
    phone = learner(**PHONE)
    phone.clock.install()
    hosting.join(phone, hosting.code_on(host))
    hosting.press(host, "question-1")
    hosting.at(phone, "question-1")
    playing.choose(phone, TRUE)
    phone.route("**/live/*/part", lambda route: None)  # it does not see the end
    erase(host, hosting.room_of(host))
    playing.send(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Nothing here")
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    for _ in range(3):
        phone.clock.fast_forward("01:00")
        playing.settle(phone)
    assert [url for url in asked if not url.endswith("/healthz")] == []
