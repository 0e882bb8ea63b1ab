"""What goes wrong on the host's side of a live room, and rooms that are played at once."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from playwright.sync_api import Page, Route, expect

from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.browser import hosting, playing
from tests.browser.conftest import Learners, Site
from tests.browser.crowd import Crowd, Pupil, Sheet, all_at_once
from tests.browser.hands import PHONE
from tests.browser.hosting import Answer
from tests.browser.playing import Tapped

TRUE = Tapped(Verdict.TRUE, Confidence.SURE)
FALSE = Tapped(Verdict.FALSE, Confidence.GUESS)


@pytest.fixture
def name(site: Site) -> str:
    """The name of a trainer."""
    return hosting.trainer(site)


@pytest.fixture
def host(learner: Learners, name: str) -> Page:
    """A browser in which the trainer is signed in."""
    page = learner()
    hosting.sign_in(page, name)
    return page


def count_on(page: Page, answered: int, seated: int) -> None:
    """Wait until the projector counts so many answers."""
    expect(page.locator(".count")).to_contain_text(re.compile(rf"{answered}\s*/\s*{seated}"))


def test_a_refresh_of_the_projector_keeps_stage_count_and_clock(
    site: Site, learner: Learners, host: Page
) -> None:
    room_id = hosting.open_room(host, timer=60)
    phone = learner(**PHONE)
    hosting.join(phone, hosting.code_on(host))
    hosting.press(host, "question-1")
    hosting.at(phone, "question-1")
    hosting.tap(phone, TRUE)
    hosting.pass_time(site, room_id, 30)
    host.reload()
    hosting.at(host, "question-1")
    count_on(host, 1, 1)
    expect(host.locator("[data-digits]")).to_have_text(re.compile(r"0:[12]\d"))
    expect(host.locator(".code-small")).to_be_visible()


def test_without_any_host_the_clock_closes_the_question(
    site: Site, learner: Learners, host: Page
) -> None:
    room_id = hosting.open_room(host, timer=30)
    phone = learner(**PHONE)
    player = hosting.join(phone, hosting.code_on(host))
    hosting.press(host, "question-1")
    host.context.close()
    hosting.at(phone, "question-1")
    hosting.tap(phone, TRUE)
    hosting.pass_time(site, room_id, 25)
    phone.reload()
    expect(phone.locator(".clock.short [data-digits]")).to_be_visible()
    hosting.at(phone, "closed-1", timeout=15_000)
    assert hosting.answers(site, room_id) == [Answer.of(player, 1, TRUE)]


def test_a_host_who_comes_back_after_ten_minutes_goes_on(
    site: Site, learner: Learners, host: Page, name: str
) -> None:
    room_id = hosting.open_room(host, "two_looks", timer=30)
    phone = learner(**PHONE)
    hosting.join(phone, hosting.code_on(host))
    hosting.press(host, "question-1")
    hosting.at(phone, "question-1")
    host.context.close()
    hosting.pass_time(site, room_id, 600)
    back = learner()
    hosting.sign_in(back, name)
    back.get_by_role("link", name="Teach").click()
    back.locator(f"a[href='/rooms/{room_id}']").click()
    hosting.at(back, "closed-1")
    expect(back.locator(".clock")).to_have_count(0)
    phone.reload()
    hosting.at(phone, "closed-1")
    hosting.press(back, "reveal-1")
    hosting.press(back, "question-2")
    hosting.at(phone, "question-2")
    hosting.tap(phone, TRUE)
    count_on(back, 1, 1)


def test_next_in_two_tabs_at_once_is_one_step(site: Site, learner: Learners, host: Page) -> None:
    hosting.open_room(host)
    other = host.context.new_page()
    other.goto(host.url)
    phone = learner(**PHONE)
    hosting.join(phone, hosting.code_on(host))
    held: list[Route] = []
    for page in (host, other):
        page.route("**/move/part", lambda route: held.append(route))
    for stage in ("question-1", "closed-1", "reveal-1", "question-2"):
        held.clear()
        for page in (host, other):
            with page.expect_request("**/move/part"):
                page.locator(".moves button[value=next]").click()
        playing.await_held(host, held, 2)
        for route in held:
            route.continue_()
        for page in (host, other, phone):
            hosting.at(page, stage)
        for page in (host, other):
            expect(page.locator(".moves button[value=next]")).to_be_enabled()


def test_a_double_click_on_next_is_one_step(host: Page) -> None:
    hosting.open_room(host)
    for stage in ("question-1", "closed-1", "reveal-1"):
        host.locator(".moves button[value=next]").dblclick()
        hosting.at(host, stage)
        playing.settle(host)
        hosting.at(host, stage)


def test_the_last_of_many_answers_at_once_is_counted_on_the_projector(
    site: Site, host: Page, crowd: Crowd
) -> None:
    hosting.open_room(host, naming="chosen")
    pupils = crowd(hosting.code_on(host), 20)
    expect(host.locator(".lobby [data-seated]")).to_have_text("20")
    hosting.press(host, "question-1")
    hosting.connected(host)
    all_at_once(pupils, lambda pupil: pupil.answer(pupil.look()))
    count_on(host, 20, 20)


def test_two_rooms_at_once_stay_apart(site: Site, learner: Learners, host: Page) -> None:
    first = hosting.open_room(host, sets=("five-files",))
    other_host = learner()
    second = hosting.hosted(site, other_host, sets=("cancelled-strikes",))
    phones = {host: learner(**PHONE), other_host: learner(**PHONE)}
    names = {page: hosting.join(phone, hosting.code_on(page)) for page, phone in phones.items()}
    for page in phones:
        expect(page.locator(".lobby .names li")).to_have_text([names[page]])
    hosting.press(host, "question-1")
    hosting.at(phones[host], "question-1")
    hosting.tap(phones[host], TRUE)
    count_on(host, 1, 1)
    for page in (other_host, phones[other_host]):
        hosting.at(page, "lobby-0")
    hosting.press(other_host, "question-1")
    hosting.at(phones[other_host], "question-1")
    count_on(other_host, 0, 1)
    hosting.tap(phones[other_host], FALSE)
    hosting.press(other_host, "closed-1")
    hosting.at(host, "question-1")
    hosting.at(phones[host], "question-1")
    assert hosting.answers(site, first) == [Answer.of(names[host], 1, TRUE)]
    assert hosting.answers(site, second) == [Answer.of(names[other_host], 1, FALSE)]


def test_nobody_else_can_host_the_room(site: Site, learner: Learners, host: Page) -> None:
    learner.expect_problem("404")
    room_id = hosting.open_room(host)
    stranger = learner()
    hosting.sign_in(stranger, hosting.trainer(site))
    for address in (f"/rooms/{room_id}", f"/rooms/{room_id}/remote", f"/rooms/{room_id}/room.xlsx"):
        answer = stranger.goto(address)
        assert answer is not None
        assert answer.status == 404


def test_a_fifth_of_a_class_that_refreshes_at_once_is_back_where_it_was(
    site: Site, host: Page, crowd: Crowd
) -> None:
    room_id = hosting.open_room(host, naming="chosen")
    pupils = crowd(hosting.code_on(host), 30)
    streams = all_at_once(pupils, Pupil.listen)
    hosting.press(host, "question-1")
    all_at_once(pupils[::2], lambda pupil: pupil.answer(pupil.look()))
    fifth = pupils[:6]
    for stream in streams[:6]:
        stream.close()

    def refresh(pupil: Pupil) -> Sheet:
        with closing(pupil.listen()):
            return pupil.look()

    seen = all_at_once(fifth, refresh)
    assert [sheet.stage for sheet in seen] == ["question-1"] * 6
    assert [sheet.has_answered for sheet in seen] == [True, False] * 3
    assert [sheet.has_form for sheet in seen] == [False, True] * 3
    assert [sheet.seat_name for sheet in seen] == [pupil.name for pupil in fifth]
    count_on(host, 15, 30)
    assert hosting.seated(site, room_id) == 30
    for stream in streams:
        stream.close()
