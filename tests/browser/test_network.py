"""What a round sends over the network: to whom, how often, how much."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import request, request_started
from playwright.sync_api import Page, expect
from playwright.sync_api import Response as Answer

from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.playing import Tapped

STEP_LIMIT = 5_000
FIRST_LOAD_LIMIT = 60_000
TAPPED = Tapped(Verdict.TRUE, Confidence.SURE)
POINTED = Tapped(Verdict.TRUE, Confidence.SURE, "none")


class Wire:
    """What a page's browser asks of the site, seen from both ends."""

    def __init__(self, site: Site, page: Page) -> None:
        self.site = site
        self.page = page
        self.paths: dict[str, str] = {}
        self.received: list[tuple[str, int]] = []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)

    def _sent(self, event: dict[str, Any]) -> None:
        self.paths[event["requestId"]] = urlsplit(event["request"]["url"]).path

    def _finished(self, event: dict[str, Any]) -> None:
        path = self.paths.get(event["requestId"], "")
        self.received.append((path, int(event["encodedDataLength"])))

    def bytes_of(self, path: str) -> int:
        """What came for an address, head and body, compressed as it was sent."""
        return sum(size for other, size in self.received if other == path)

    @contextmanager
    def served(self) -> Iterator[list[str]]:
        """Gives the addresses that the server was asked for until the network is quiet.

        The icon of the tab is left out: the browser asks for it whenever it likes.
        """
        paths: list[str] = []

        def note(_app: object, **_: object) -> None:
            if request.path not in ("/static/img/logo.svg", "/healthz"):
                paths.append(request.path)

        self.page.wait_for_load_state("networkidle")
        with request_started.connected_to(note, self.site.app):
            yield paths
            self.page.wait_for_load_state("networkidle")
            playing.settle(self.page)


def test_the_first_page_is_light(site: Site, learner: Learners) -> None:
    page = learner()
    wire = Wire(site, page)
    with wire.served() as paths:
        page.goto("/")
    assert "/static/css/base.css" in paths
    assert 1_000 < weight(wire) < FIRST_LOAD_LIMIT, wire.received


def test_the_first_page_and_question_together_are_light(site: Site, learner: Learners) -> None:
    page = learner()
    wire = Wire(site, page)
    with wire.served() as paths:
        playing.start(page)
    assert "/static/vendor/htmx/htmx.min.js" in paths
    assert 1_000 < weight(wire) < FIRST_LOAD_LIMIT, wire.received


def test_no_file_is_fetched_twice(site: Site, learner: Learners) -> None:
    page = learner()
    with Wire(site, page).served() as paths:
        playing.start(page)
    assert len(paths) == len(set(paths)), sorted(paths)


def test_each_step_of_a_quick_round_costs_one_small_request(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = playing.start(page)
    wire = Wire(site, page)
    for number in (1, 2, 3):
        answered, next_one = (
            f"/rounds/{round_id}/{number}/answer/part",
            f"/rounds/{round_id}/{number + 1}/part",
        )
        with wire.served() as paths:
            playing.answer(page, TAPPED)
        assert paths == [answered]
        with wire.served() as paths:
            playing.press_next(page)
            expect(playing.claim_of(page)).to_be_visible()
        assert paths == [next_one]
        assert 500 < wire.bytes_of(answered) < STEP_LIMIT
        assert 500 < wire.bytes_of(next_one) < STEP_LIMIT


def test_opening_the_file_costs_one_request(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = playing.start(page)
    with Wire(site, page).served() as paths:
        page.get_by_role("link", name="Open the whole file").click()
        expect(page.locator("details.file").first).to_be_visible()
    assert paths == [f"/rounds/{round_id}/1/file/part"]


def test_each_look_of_an_investigation_costs_one_request(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = playing.start(page, "investigation", "cancelled-strikes")
    wire = Wire(site, page)
    with wire.served() as first:
        playing.choose(page, TAPPED)
        playing.send(page)
        expect(page.locator(".first-answer")).to_be_visible()
    wire.received.clear()
    with wire.served() as second:
        playing.answer(page, POINTED)
    path = f"/rounds/{round_id}/1/answer/part"
    assert (first, second) == ([path], [path])
    assert 500 < wire.bytes_of(path) < STEP_LIMIT


def test_explanations_of_every_set_and_verdict_are_small(site: Site, learner: Learners) -> None:
    page = learner()
    player = playing.newcomer(site)
    revisions = playing.one_of_each(site)
    round_id = playing.deal(site, player, revisions)
    playing.finish(site, round_id, playing.wrong)
    playing.seat(page, site, player)
    for number, revision in enumerate(revisions, start=1):
        answer = page.request.get(f"/rounds/{round_id}/{number}/part")
        assert answer.ok
        assert int(answer.headers["content-length"]) < STEP_LIMIT, revision.key


@pytest.mark.parametrize("mode", ["quick", "investigation"])
def test_a_round_speaks_to_nobody_else(site: Site, learner: Learners, mode: str) -> None:
    page = learner()
    hosts: set[str] = set()
    page.context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    playing.start(page, mode, "cancelled-strikes")
    if mode == "investigation":
        playing.choose(page, TAPPED)
        playing.send(page)
        expect(page.locator(".first-answer")).to_be_visible()
    playing.answer(page, POINTED if mode == "investigation" else TAPPED)
    page.locator("a.tag.rule").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert hosts == {urlsplit(site.url).netloc}


def test_nothing_is_kept_by_a_cache(learner: Learners) -> None:
    page = learner()
    kept: list[str] = []
    page.on(
        "response",
        lambda answer: kept.append(answer.url) if is_kept(answer) else None,
    )
    playing.start(page)
    playing.answer(page, TAPPED)
    page.goto("/review/")
    assert kept == []


def is_kept(answer: Answer) -> bool:
    """Whether a browser may show this page again without asking."""
    is_page = not urlsplit(answer.url).path.startswith(("/static/", "/scripts/"))
    return is_page and answer.headers.get("cache-control") != "no-store"


def weight(wire: Wire) -> int:
    """Bytes of everything received but the font, which the page does not wait for."""
    return sum(size for path, size in wire.received if not path.endswith(".woff2"))
