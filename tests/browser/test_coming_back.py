"""Refresh, Back, second tabs, double clicks, going away and coming back: nothing counts twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from quiz.domain.answer import Look
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.playing import Row, Tapped

TRUE = Tapped(Verdict.TRUE, Confidence.SURE)
FALSE = Tapped(Verdict.FALSE, Confidence.GUESS)
NOWHERE = Tapped(Verdict.UNVERIFIED, Confidence.LEANING, "none")
FIRST_COUNTS = "This question already had your answer. The first one counts"


def stored(tapped: Tapped, position: int = 1, look: Look = Look.FINAL) -> Row:
    pointed = None if tapped.sentence is None else str(tapped.sentence)
    return Row(position, look, tapped.verdict, tapped.confidence, pointed)


def test_a_refresh_changes_nothing_at_any_stage_of_a_quick_round(
    site: Site, learner: Learners
) -> None:
    page = learner()
    round_id = playing.start(page)
    claim = playing.claim_of(page).inner_text()
    page.reload()
    expect(playing.claim_of(page)).to_have_text(claim)
    page.get_by_role("link", name="Open the whole file").click()
    expect(page.locator("details.file").first).to_be_visible()
    page.reload()
    expect(playing.claim_of(page)).to_have_text(claim)
    playing.answer(page, TRUE)
    page.reload()
    expect(playing.outcome_on(page)).to_be_visible()
    expect(page.locator(".looks")).to_contain_text("True Sure")
    expect(page.get_by_role("status")).to_have_count(0)
    playing.press_next(page)
    expect(playing.claim_of(page)).not_to_have_text(claim)
    second = playing.claim_of(page).inner_text()
    page.reload()
    expect(playing.claim_of(page)).to_have_text(second)
    assert playing.rows(site, round_id) == [stored(TRUE)]


def test_a_refresh_changes_nothing_at_any_stage_of_an_investigation(
    site: Site, learner: Learners
) -> None:
    page = learner()
    round_id = playing.start(page, "investigation")
    page.reload()
    expect(page.locator("#sources")).to_have_count(0)
    playing.choose(page, TRUE)
    playing.send(page)
    expect(page.locator(".first-answer")).to_be_visible()
    page.reload()
    expect(page.locator(".first-answer")).to_contain_text("True Sure")
    playing.answer(page, NOWHERE)
    page.reload()
    expect(playing.outcome_on(page)).to_be_visible()
    assert playing.rows(site, round_id) == [stored(TRUE, look=Look.FIRST), stored(NOWHERE)]


def test_the_summary_can_be_refreshed(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = finished_by_hand(site, page)
    total = page.locator(".tile .big").first.inner_text()
    page.reload()
    expect(page.locator(".tile .big").first).to_have_text(total)
    assert playing.rows(site, round_id) == [stored(TRUE), stored(FALSE, 2)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_back_shows_the_explanation_and_forward_the_next_claim(
    site: Site, learner: Learners, scripts: bool
) -> None:
    page = learner(java_script_enabled=scripts)
    round_id = playing.start(page)
    playing.answer(page, TRUE)
    outcome = playing.outcome_on(page).inner_text()
    playing.press_next(page)
    expect(playing.claim_of(page)).to_be_visible()
    second = playing.claim_of(page).inner_text()
    page.go_back()
    expect(playing.outcome_on(page)).to_have_text(outcome, use_inner_text=True)
    page.go_forward()
    expect(playing.claim_of(page)).to_have_text(second)
    assert playing.rows(site, round_id) == [stored(TRUE)]


def test_back_from_the_summary_offers_no_second_answer(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = finished_by_hand(site, page)
    page.go_back()
    expect(playing.outcome_on(page)).to_be_visible()
    expect(page.locator(".submit")).to_have_count(0)
    assert len(playing.rows(site, round_id)) == 2


def test_a_form_brought_back_from_before_the_answer_counts_no_second_time(
    site: Site, learner: Learners
) -> None:
    page = learner(java_script_enabled=False)
    round_id = playing.start(page)
    address = page.url
    page.goto(address)
    playing.answer(page, TRUE)
    page.go_back()
    if page.locator(".submit").count():  # the page may come from the browser's memory
        playing.answer(page, FALSE)
    expect(playing.outcome_on(page)).to_be_visible()
    assert playing.rows(site, round_id) == [stored(TRUE)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_of_two_tabs_one_counts_and_the_other_is_told(
    site: Site, learner: Learners, scripts: bool
) -> None:
    page = learner(java_script_enabled=scripts)
    round_id = playing.start(page)
    other = page.context.new_page()
    other.goto(page.url)
    playing.answer(page, TRUE)
    playing.answer(other, FALSE)
    expect(other.get_by_role("status")).to_contain_text(FIRST_COUNTS)
    expect(other.locator(".looks")).to_contain_text("True Sure")
    expect(page.get_by_role("status")).to_have_count(0)
    assert playing.rows(site, round_id) == [stored(TRUE)]


def test_a_first_look_in_a_second_tab_is_not_taken_for_the_final_one(
    site: Site, learner: Learners
) -> None:
    page = learner()
    round_id = playing.start(page, "investigation")
    other = page.context.new_page()
    other.goto(page.url)
    playing.choose(page, TRUE)
    playing.send(page)
    expect(page.locator(".first-answer")).to_be_visible()
    playing.choose(other, FALSE)
    playing.send(other)
    expect(other.get_by_role("status")).to_contain_text(FIRST_COUNTS)
    expect(other.locator(".first-answer")).to_contain_text("True Sure")
    assert playing.rows(site, round_id) == [stored(TRUE, look=Look.FIRST)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_on_answer_counts_once_and_skips_nothing(
    site: Site, learner: Learners, scripts: bool
) -> None:
    page = learner(java_script_enabled=scripts)
    round_id = playing.start(page)
    playing.choose(page, TRUE)
    page.locator(".submit").dblclick()
    expect(playing.outcome_on(page)).to_be_visible()
    assert playing.rows(site, round_id) == [stored(TRUE)]
    assert page.url.endswith("/1")


def test_a_second_press_while_the_answer_is_under_way_sends_nothing(
    site: Site, learner: Learners
) -> None:
    page = learner()
    round_id = playing.start(page)
    held: list[Route] = []
    page.route("**/answer/part", lambda route: held.append(route))
    playing.choose(page, TRUE)
    with page.expect_request("**/answer/part"):
        page.locator(".submit").click()
    expect(page.locator(".submit")).to_be_disabled()
    page.keyboard.press("Enter")
    page.evaluate("document.querySelector('.submit').click()")
    assert len(held) == 1
    held[0].continue_()
    expect(playing.outcome_on(page)).to_be_visible()
    assert playing.rows(site, round_id) == [stored(TRUE)]


def test_enter_held_down_does_not_run_past_the_explanation(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = playing.start(page)
    playing.arrived(page)
    page.keyboard.press("1")
    page.keyboard.press("7")
    page.keyboard.down("Enter")
    expect(playing.outcome_on(page)).to_be_visible()
    expect(playing.outcome_on(page)).to_be_focused()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range(3):
        page.keyboard.down("Enter")  # pressed still: the browser repeats the key
    page.keyboard.up("Enter")
    playing.settle(page)
    assert asked == [f"{site.url}/healthz"]
    expect(page).to_have_url(f"{site.url}/rounds/{round_id}/1")
    expect(playing.outcome_on(page)).to_be_visible()
    assert playing.rows(site, round_id) == [stored(TRUE)]


def test_a_double_click_on_a_set_starts_one_round(site: Site, learner: Learners) -> None:
    page = learner()
    playing.start(page)
    player = playing.player_of(site, playing.round_of(page))
    assert player is not None
    page.goto("/")
    page.locator("#five-files button[value=quick]").dblclick()
    expect(playing.claim_of(page)).to_be_visible()
    assert playing.rounds_of(site, player) == 2


def test_a_round_left_goes_on_from_the_home_page(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = playing.start(page)
    playing.answer(page, TRUE)
    playing.press_next(page)
    expect(playing.claim_of(page)).to_be_visible()
    claim = playing.claim_of(page).inner_text()
    page.get_by_role("link", name="Not Proven", exact=True).click()
    page.get_by_role("link", name="Resume").click()
    expect(playing.claim_of(page)).to_have_text(claim)
    assert playing.round_of(page) == round_id
    playing.answer(page, FALSE)
    assert playing.rows(site, round_id) == [stored(TRUE), stored(FALSE, 2)]


def test_an_investigation_left_between_the_looks_goes_on_there(
    site: Site, learner: Learners
) -> None:
    page = learner()
    round_id = playing.start(page, "investigation")
    playing.choose(page, FALSE)
    playing.send(page)
    expect(page.locator(".first-answer")).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name="Resume").click()
    expect(page.locator(".first-answer")).to_contain_text("False Guess")
    assert playing.rows(site, round_id) == [stored(FALSE, look=Look.FIRST)]


def test_a_closed_browser_finds_its_round_again(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = playing.start(page)
    playing.answer(page, TRUE)
    kept = page.context.storage_state()
    page.context.close()
    page = learner(storage_state=kept)
    page.goto("/")
    page.get_by_role("link", name="Resume").click()
    expect(page.locator(".round-head")).to_contain_text("Question 2 of 5")
    playing.answer(page, FALSE)
    assert playing.rows(site, round_id) == [stored(TRUE), stored(FALSE, 2)]


def test_the_session_outlives_the_closing_of_the_browser(learner: Learners) -> None:
    page = learner()
    playing.start(page)
    (cookie,) = page.context.cookies()
    assert cookie["expires"] > 0  # -1 would be a cookie that ends with the browser
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"


def test_a_question_cannot_be_skipped_by_its_address(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = playing.start(page)
    page.goto(f"/rounds/{round_id}/3")
    expect(page).to_have_url(f"{site.url}/rounds/{round_id}/1")
    page.goto(f"/rounds/{round_id}/summary")
    expect(page).to_have_url(f"{site.url}/rounds/{round_id}/1")


def test_another_browser_cannot_see_the_round(learner: Learners) -> None:
    page = learner()
    playing.start(page)
    outsider = learner()
    learner.expect_problem("404")
    answer = outsider.goto(page.url)
    assert answer is not None
    assert answer.status == 404
    expect(outsider.get_by_role("heading", level=1)).to_have_text("Nothing here")


def finished_by_hand(site: Site, page: Page) -> str:
    """Play a round of two questions to its summary; gives its id."""
    player = playing.newcomer(site)
    round_id = playing.deal(site, player, playing.library(site)["direct-call"][:2])
    playing.seat(page, site, player)
    page.goto(f"/rounds/{round_id}/1")
    playing.answer(page, TRUE)
    playing.press_next(page)
    playing.answer(page, FALSE)
    playing.press_next(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your round")
    return round_id
