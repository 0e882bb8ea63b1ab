"""Where the focus goes, what the page is called, and what a form says when something is missing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from quiz.domain.answer import Look
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.services.play.answers import NO_POINTER
from quiz.web.forms import NO_CONFIDENCE, NO_VERDICT
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.playing import Tapped

TRUE = Tapped(Verdict.TRUE, Confidence.SURE)
NOWHERE = Tapped(Verdict.UNVERIFIED, Confidence.LEANING, "none")
GROUPS = {
    "verdict": "Your verdict",
    "confidence": "How sure are you?",
    "pointer": "Which sentence is your verdict based on?",
}
WORDS = {"verdict": NO_VERDICT, "confidence": NO_CONFIDENCE, "pointer": NO_POINTER}


def test_after_an_answer_the_verdict_has_the_focus(learner: Learners) -> None:
    page = learner()
    playing.start(page)
    playing.answer(page, TRUE)
    expect(playing.outcome_on(page)).to_be_focused()
    expect(playing.outcome_on(page)).to_be_in_viewport()


def test_after_next_the_claim_has_the_focus_and_the_page_its_name(learner: Learners) -> None:
    page = learner(height=500)
    playing.start(page)
    expect(page).to_have_title("Question 1 of 5 · Not Proven")
    playing.answer(page, TRUE)
    page.locator(".tags").scroll_into_view_if_needed()
    page.locator(".next").press("Enter")
    expect(playing.claim_of(page)).to_be_focused()
    expect(playing.claim_of(page)).to_be_in_viewport()
    expect(page).to_have_title("Question 2 of 5 · Not Proven")
    assert page.url.endswith("/2")


def test_between_the_looks_the_claim_has_the_focus(learner: Learners) -> None:
    page = learner()
    playing.start(page, "investigation")
    playing.choose(page, TRUE)
    playing.send(page)
    expect(page.locator(".first-answer")).to_be_visible()
    expect(playing.claim_of(page)).to_be_focused()


def test_opening_the_file_keeps_the_choices_and_the_focus_on_the_page(learner: Learners) -> None:
    page = learner()
    playing.start(page)
    playing.choose(page, TRUE)
    page.get_by_role("link", name="Open the whole file").press("Enter")
    expect(page.locator("details.file").first).to_be_visible()
    assert_chosen(page, TRUE)
    page.keyboard.press("Enter")
    expect(playing.outcome_on(page)).to_be_visible()


def test_the_parts_of_a_question_have_roles_and_names(learner: Learners) -> None:
    page = learner()
    playing.start(page)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("progressbar", name="Questions answered")).to_be_visible()
    verdicts = page.get_by_role("group", name="Your verdict").get_by_role("radio")
    expect(verdicts).to_have_count(3)
    for radio, name in zip(verdicts.all(), ("True", "False", "Unverified"), strict=True):
        expect(radio).to_have_accessible_name(re.compile(f"^{name}"))
    sureness = page.get_by_role("group", name="How sure are you?").get_by_role("radio")
    expect(sureness).to_have_count(4)
    expect(page.locator(".passage").first).to_have_role("figure")


def test_the_parts_of_an_explanation_have_roles_and_names(learner: Learners) -> None:
    page = learner()
    playing.start(page)
    playing.answer(page, TRUE)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile(r":\s+(True|False|Unverified)")
    )
    expect(page.get_by_role("region", name="Why")).to_be_visible()
    expect(page.locator(".evidence").first).to_have_role("figure")
    expect(page.get_by_role("progressbar", name="Questions answered")).to_have_attribute(
        "value", "1"
    )


@pytest.mark.parametrize("missing", ["verdict", "confidence"])
def test_what_is_missing_is_said_where_it_is_missing(
    site: Site, learner: Learners, missing: str
) -> None:
    page = learner()
    round_id = playing.start(page)
    learner.expect_problem("422")
    if missing == "verdict":
        playing.choice(page, "confidence", 3).click()
    else:
        playing.choice(page, "verdict", "true").click()
    playing.send(page)
    see_error(site, page, missing)
    assert playing.rows(site, round_id) == []
    playing.choose(page, TRUE)
    playing.send(page)
    expect(playing.outcome_on(page)).to_be_visible()
    (row,) = playing.rows(site, round_id)
    assert (row.verdict, row.confidence) == (TRUE.verdict, TRUE.confidence)


def test_what_was_chosen_is_still_chosen_after_an_error(site: Site, learner: Learners) -> None:
    page = learner()
    playing.start(page)
    learner.expect_problem("422")
    playing.choice(page, "verdict", "unverified").click()
    playing.send(page)
    see_error(site, page, "confidence")
    expect(page.locator("input[name=verdict]:checked")).to_have_value("unverified")
    playing.choice(page, "confidence", 1).click()
    playing.send(page)
    expect(page.locator(".looks")).to_contain_text("Unverified Leaning")


def test_a_file_that_is_open_stays_open_after_an_error(site: Site, learner: Learners) -> None:
    page = learner()
    playing.start(page, slug="cancelled-strikes")
    learner.expect_problem("422")
    page.get_by_role("link", name="Open the whole file").click()
    expect(page.locator("details.file")).to_be_visible()
    playing.choice(page, "verdict", "unverified").click()
    playing.send(page)
    see_error(site, page, "confidence")
    expect(page.locator("details.file")).to_be_visible()


def test_a_missing_sentence_is_said_where_it_is_missing(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = playing.start(page, "investigation")
    learner.expect_problem("422")
    playing.choose(page, TRUE)
    playing.send(page)
    expect(page.locator(".first-answer")).to_be_visible()
    playing.choose(page, TRUE)
    playing.send(page)
    see_error(site, page, "pointer")
    assert_chosen(page, TRUE)
    expect(page.locator(".first-answer")).to_be_visible()
    assert [row.look for row in playing.rows(site, round_id)] == [Look.FIRST]
    playing.answer(page, NOWHERE)


def test_the_sentence_pointed_at_is_still_in_sight_after_an_error(
    site: Site, learner: Learners
) -> None:
    page = learner()
    playing.start(page, "investigation", "five-files")
    learner.expect_problem("422")
    playing.choose(page, TRUE)
    playing.send(page)
    expect(page.locator(".first-answer")).to_be_visible()
    third = page.locator("details.file").nth(2)
    third.locator("summary").click()
    third.locator(".sentence span").nth(4).click()
    playing.choice(page, "verdict", "false").click()
    playing.send(page)
    see_error(site, page, "confidence")
    third = page.locator("details.file").nth(2)
    expect(third.locator(".sentence input").nth(4)).to_be_checked()
    expect(third.locator(".sentence span").nth(4)).to_be_visible()


def test_without_scripts_the_error_stands_in_the_page_and_the_choice_is_kept(
    site: Site, learner: Learners
) -> None:
    page = learner(java_script_enabled=False)
    learner.expect_problem("422")
    round_id = playing.start(page)
    playing.choice(page, "verdict", "unverified").click()
    playing.send(page)
    group = page.get_by_role("group", name=GROUPS["confidence"])
    expect(group).to_have_accessible_description(playing.problem(site, NO_CONFIDENCE))
    expect(group.locator(".error")).to_be_visible()
    expect(page.locator("input[name=verdict]:checked")).to_have_value("unverified")
    assert playing.rows(site, round_id) == []
    playing.choice(page, "confidence", 0).click()
    playing.send(page)
    expect(playing.outcome_on(page)).to_be_visible()


def test_a_lost_connection_loses_no_choice_and_says_so(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = playing.start(page)
    learner.expect_problem("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    playing.choose(page, TRUE)
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        playing.send(page)
    expect(page.locator(".submit")).to_be_enabled()
    assert_chosen(page, TRUE)
    page.context.set_offline(False)
    playing.send(page)
    expect(playing.outcome_on(page)).to_be_visible()
    assert len(playing.rows(site, round_id)) == 1


def see_error(site: Site, page: Page, missing: str) -> None:
    """The error is visible, belongs to its group and the focus is in that group."""
    words = playing.problem(site, WORDS[missing])
    group: Locator = page.get_by_role("group", name=GROUPS[missing])
    expect(group).to_have_accessible_description(words)
    expect(page.locator(".error")).to_have_count(1)
    expect(page.locator(".error")).to_have_text(words)
    expect(page.locator(".error")).to_be_in_viewport()
    expect(group.locator(":focus")).to_have_count(1)


def assert_chosen(page: Page, tapped: Tapped) -> None:
    """Verdict and confidence are still chosen."""
    expect(page.locator("input[name=verdict]:checked")).to_have_value(tapped.verdict.value)
    expect(page.locator("input[name=confidence]:checked")).to_have_value(
        str(int(tapped.confidence))
    )


def test_opened_whole_the_file_has_the_focus(learner: Learners) -> None:
    page = learner()
    playing.start(page)
    page.get_by_role("link", name="Open the whole file").press("Enter")
    expect(page.locator("details.file").first).to_be_visible()
    expect(page.locator("#sources")).to_be_focused()


def test_a_file_that_was_open_is_still_open_after_an_error(site: Site, learner: Learners) -> None:
    page = learner()
    playing.start(page, "investigation")
    playing.choose(page, TRUE)
    playing.send(page)
    files = page.locator("details.file")
    files.nth(2).locator("summary").click()
    learner.expect_problem("422")
    playing.choose(page, Tapped(Verdict.TRUE, Confidence.SURE))
    playing.send(page)
    see_error(site, page, "pointer")
    expect(files.nth(2)).to_have_attribute("open", "")
    expect(files.nth(1)).not_to_have_attribute("open", "")
