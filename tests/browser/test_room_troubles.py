"""What goes wrong on phones in a live room: nobody loses a seat, an answer or the thread."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.browser import hosting, playing
from tests.browser.conftest import Learners, Site
from tests.browser.crowd import Crowd, all_at_once
from tests.browser.hands import PHONE, said
from tests.browser.hosting import Answer
from tests.browser.playing import Tapped

TRUE = Tapped(Verdict.TRUE, Confidence.SURE)
FALSE = Tapped(Verdict.FALSE, Confidence.GUESS)
FIRST_COUNTS = "This question already had your answer. The first one counts"
TOO_LATE = "That was too late: the question had closed"


@pytest.fixture
def host(site: Site, learner: Learners) -> Page:
    """The projector of a room of three quick questions, in the lobby."""
    page = learner()
    hosting.hosted(site, page, naming="chosen")
    return page


# Refresh, tabs, taps.


def test_a_refresh_keeps_seat_name_and_answer_at_every_stage(
    site: Site, learner: Learners, host: Page
) -> None:
    phone, name = hosting.phone_in(learner, host)
    for stage in ("lobby-0", "question-1", "question-1", "closed-1", "reveal-1"):
        if stage != hosting.stage_of(host):
            hosting.press(host, stage)
        hosting.at(phone, stage)
        if stage == "question-1" and not hosting.answers(site, hosting.room_of(host)):
            phone.reload()
            hosting.tap(phone, TRUE)
        phone.reload()
        hosting.at(phone, stage)
        expect(hosting.name_on(phone)).to_have_text(name)
        if stage.startswith(("question", "closed")):
            expect(phone.locator(".own-answer")).to_contain_text(said(TRUE))
    expect(phone.locator(".looks")).to_contain_text(said(TRUE))
    room_id = hosting.room_of(host)
    assert hosting.answers(site, room_id) == [Answer.of(name, 1, TRUE)]
    assert hosting.seated(site, room_id) == 1


def test_the_code_typed_again_leads_back_to_the_same_seat(
    site: Site, learner: Learners, host: Page
) -> None:
    phone, name = hosting.phone_in(learner, host)
    phone.goto("/join")
    expect(phone.get_by_role("link", name="Back to the room")).to_be_visible()
    phone.locator("input[name=code]").fill(hosting.code_on(host))
    phone.get_by_role("button", name="Go on").click()
    expect(hosting.name_on(phone)).to_have_text(name)
    assert hosting.seated(site, hosting.room_of(host)) == 1


def test_of_two_tabs_of_a_phone_one_counts_and_the_other_is_told(
    site: Site, learner: Learners, host: Page
) -> None:
    phone, name = hosting.phone_in(learner, host)
    other = phone.context.new_page()
    other.goto(phone.url)
    hosting.press(host, "question-1")
    for page in (phone, other):
        hosting.at(page, "question-1")
    hosting.tap(phone, TRUE)
    hosting.tap(other, FALSE)
    expect(other.locator(".notice")).to_contain_text(FIRST_COUNTS)
    expect(other.locator(".own-answer")).to_contain_text(said(TRUE))
    expect(phone.locator(".notice")).to_have_count(0)
    assert hosting.answers(site, hosting.room_of(host)) == [Answer.of(name, 1, TRUE)]


def test_of_three_tabs_the_oldest_asks_by_itself_and_still_follows(
    learner: Learners, host: Page
) -> None:
    phone, _ = hosting.phone_in(learner, host)
    hosting.connected(phone)
    tabs = [phone.context.new_page() for _ in range(2)]
    for tab in tabs:
        tab.goto(phone.url)
        hosting.connected(tab)
    hosting.connected(phone, "polling")
    hosting.press(host, "question-1")
    for page in (phone, *tabs):
        hosting.at(page, "question-1", timeout=15_000)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_tap_counts_once_and_closes_for_nobody_else(
    site: Site, learner: Learners, host: Page, scripts: bool
) -> None:
    phone = learner(**PHONE, java_script_enabled=scripts)
    name = hosting.join(phone, hosting.code_on(host))
    other, other_name = hosting.phone_in(learner, host)
    hosting.press(host, "question-1")
    phone.reload()
    playing.choose(phone, TRUE)
    phone.locator(".submit").dblclick()
    hosting.is_in(phone)
    expect(host.locator(".count")).to_contain_text(re.compile(r"1\s*/\s*2"))
    hosting.tap(other, FALSE)
    expect(host.locator(".count")).to_contain_text(re.compile(r"2\s*/\s*2"))
    hosting.at(host, "question-1")
    found = hosting.answers(site, hosting.room_of(host))
    assert set(found) == {Answer.of(name, 1, TRUE), Answer.of(other_name, 1, FALSE)}
    assert len(found) == 2


def test_the_same_form_sent_twenty_times_at_once_counts_once(
    site: Site, host: Page, crowd: Crowd
) -> None:
    (pupil,) = crowd(hosting.code_on(host), 1)
    hosting.press(host, "question-1")
    form = pupil.look().hidden | {"verdict": "true", "confidence": "3"}
    hands = crowd(None, 20)
    for hand in hands:
        hand.room = pupil.room
        hand.cookies.update(pupil.cookies)
    replies = all_at_once(hands, lambda hand: hand.post_answer(1, form))
    assert not any("notice" in reply.body for reply in replies)
    assert len(hosting.answers(site, hosting.room_of(host))) == 1


# Too early, too late.


def test_who_comes_in_mid_question_is_left_out_of_that_one_only(
    site: Site, learner: Learners, host: Page
) -> None:
    code = hosting.code_on(host)
    hosting.press(host, "question-1")
    phone = learner(**PHONE)
    name = hosting.join(phone, code)
    expect(phone.get_by_role("heading", level=1)).to_have_text("You join at the next question")
    expect(phone.locator(".submit")).to_have_count(0)
    expect(host.locator(".count")).to_contain_text(re.compile(r"0\s*/\s*0"))
    hosting.press(host, "closed-1")
    hosting.press(host, "reveal-1")
    expect(phone.locator(".total")).to_contain_text("left out for you")
    hosting.press(host, "question-2")
    hosting.at(phone, "question-2")
    hosting.tap(phone, TRUE)
    assert hosting.answers(site, hosting.room_of(host)) == [Answer.of(name, 2, TRUE)]


def test_an_answer_after_the_close_is_refused_with_a_word(
    site: Site, learner: Learners, host: Page
) -> None:
    phone, _ = hosting.phone_in(learner, host)
    hosting.press(host, "question-1")
    hosting.at(phone, "question-1")
    playing.choose(phone, TRUE)
    held: list[Route] = []
    phone.route("**/live/*/part", lambda route: held.append(route))
    with phone.expect_request("**/live/*/part"):  # it heard, and does not see the close yet
        hosting.press(host, "closed-1")
    playing.send(phone)
    expect(phone.locator(".notice")).to_contain_text(TOO_LATE)
    hosting.at(phone, "closed-1")
    expect(phone.locator(".own-answer")).to_contain_text("You have not answered this one")
    for route in held:
        route.continue_()
    phone.unroute("**/live/*/part")
    hosting.press(host, "reveal-1")
    expect(phone.locator(".total")).to_contain_text("no answer, no points")
    assert hosting.answers(site, hosting.room_of(host)) == []


def test_an_answer_during_a_pause_is_refused(site: Site, host: Page, crowd: Crowd) -> None:
    (pupil,) = crowd(hosting.code_on(host), 1)
    hosting.press(host, "question-1")
    form = pupil.look().hidden | {"verdict": "true", "confidence": "3"}
    hosting.press(host, "question-1-paused", "pause")
    assert "notice" in pupil.post_answer(1, form).body
    assert hosting.answers(site, hosting.room_of(host)) == []


# The host's hand.


def test_who_is_sent_out_reads_so_at_once_and_cannot_come_back(
    site: Site, learner: Learners, host: Page
) -> None:
    phone, _ = hosting.phone_in(learner, host)
    hosting.press(host, "question-1")
    hosting.at(phone, "question-1")
    hosting.connected(phone)
    code = "".join(host.locator(".code-small").inner_text().split()[-2:])
    hosting.act_on_player(host, "Send out")
    out = phone.get_by_role("heading", level=1, name="You are no longer in this room")
    expect(out).to_be_visible()
    phone.goto("/join")
    expect(phone.get_by_role("link", name="Back to the room")).to_have_count(0)
    phone.locator("input[name=code]").fill(code)
    phone.get_by_role("button", name="Go on").click()
    expect(out).to_be_visible()
    expect(phone.locator(".submit")).to_have_count(0)
    expect(host.locator(".count")).to_contain_text(re.compile(r"0\s*/\s*0"))


def test_a_new_name_is_on_the_phone_at_once(learner: Learners, host: Page) -> None:
    phone, name = hosting.phone_in(learner, host)
    hosting.connected(phone)
    hosting.act_on_player(host, "Another name")
    expect(hosting.name_on(phone)).not_to_have_text(name)
    expect(host.locator(".lobby .names li")).to_have_text(hosting.name_on(phone).inner_text())


def test_a_locked_room_lets_nobody_new_in_and_everybody_back(learner: Learners, host: Page) -> None:
    phone, _ = hosting.phone_in(learner, host)
    code = hosting.code_on(host)
    hosting.act_on_player(host, "Lock the room")
    newcomer = learner(**PHONE)
    newcomer.goto(f"/join/{code}")
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("This room is locked")
    phone.reload()
    hosting.at(phone, "lobby-0")
    hosting.act_on_player(host, "Let people in")
    newcomer.get_by_role("link", name="Try again").click()
    newcomer.get_by_role("button", name="Come in").click()
    hosting.at(newcomer, "lobby-0")


def test_what_is_chosen_and_not_yet_sent_survives_the_host(
    site: Site, learner: Learners, host: Page
) -> None:
    phone, name = hosting.phone_in(learner, host)
    hosting.press(host, "question-1")
    hosting.at(phone, "question-1")
    playing.choose(phone, TRUE)
    hosting.act_on_player(host, "Another name")
    expect(hosting.name_on(phone)).not_to_have_text(name)
    hosting.press(host, "question-1-paused", "pause")
    hosting.at(phone, "question-1-paused")
    hosting.press(host, "question-1", "resume")
    hosting.at(phone, "question-1")
    playing.send(phone)
    hosting.is_in(phone)
    expect(phone.locator(".own-answer")).to_contain_text(said(TRUE))
