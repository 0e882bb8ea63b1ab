"""The interface in the browser's language or a chosen one, claims in another, quotes as found."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.playing import Tapped

TRUE = Tapped(Verdict.TRUE, Confidence.SURE)


def see_interface(page: Page, language: str) -> None:
    """The interface is in this language: its code, and words that cannot be mistaken."""
    expect(page.locator("html")).to_have_attribute("lang", language)
    first, second = {"fr": ("Vrai", "Faux"), "en": ("True", "False")}[language]
    verdicts = page.locator(".trio .verdict, .verdicts .choice strong")
    expect(verdicts.nth(0)).to_have_text(first)
    expect(verdicts.nth(1)).to_have_text(second)


@pytest.mark.parametrize("browser_language", ["fr", "fr-FR", "fr-CA"])
def test_a_french_browser_gets_french(learner: Learners, browser_language: str) -> None:
    page = learner(language=browser_language)
    page.goto("/")
    see_interface(page, "fr")
    expect(page.locator(".set-card h3").first).to_have_attribute("lang", "fr")
    playing.start(page)
    see_interface(page, "fr")


def test_who_reads_claims_in_another_language_is_told_that_the_files_keep_theirs(
    learner: Learners,
) -> None:
    for language, told in (("en-GB", 1), ("fr-FR", 0)):
        page = learner(language=language)
        page.goto("/")
        expect(page.get_by_text("(Français)")).to_have_count(told)


@pytest.mark.parametrize("browser_language", ["en-GB", "de", "ar"])
def test_every_other_browser_gets_english(learner: Learners, browser_language: str) -> None:
    page = learner(language=browser_language)
    page.goto("/")
    see_interface(page, "en")


def test_the_language_of_the_interface_is_chosen_at_the_foot_of_the_page(
    learner: Learners,
) -> None:
    page = learner()
    page.goto("/")
    page.get_by_label("Interface").select_option("fr")
    see_interface(page, "fr")
    page.goto("/guide/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_without_scripts_a_button_applies_the_language(learner: Learners) -> None:
    page = learner(java_script_enabled=False)
    page.goto("/")
    page.get_by_label("Interface").select_option("fr")
    page.get_by_role("button", name="Apply").click()
    see_interface(page, "fr")


def test_claims_come_in_a_language_of_their_own(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = playing.start(page)
    (first, *_) = playing.asked(site, round_id)
    page.get_by_label("Claims in").select_option("fr")
    claim = playing.claim_of(page)
    expect(claim).to_have_text(first.question.claim["fr"])
    expect(claim).to_have_attribute("lang", "fr")
    see_interface(page, "en")
    assert playing.round_of(page) == round_id
    playing.answer(page, TRUE)
    expect(page.locator(".explanation")).to_have_text(
        playing.flat(first.question.explanation["fr"])
    )
    expect(page.locator(".explanation")).to_have_attribute("lang", "fr")


def test_a_french_interface_can_show_english_claims(site: Site, learner: Learners) -> None:
    page = learner(language="fr")
    player = playing.newcomer(site)
    (revision,) = playing.library(site)["direct-call"][:1]
    round_id = playing.deal(site, player, [revision])
    playing.seat(page, site, player, content="en")
    page.goto(f"/rounds/{round_id}/1")
    see_interface(page, "fr")
    expect(playing.claim_of(page)).to_have_text(revision.question.claim["en"])
    expect(playing.claim_of(page)).to_have_attribute("lang", "en")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_quotes_stay_french_with_their_translation_beside(
    site: Site, learner: Learners, language: str
) -> None:
    page = learner(language=language)
    player = playing.newcomer(site)
    (revision,) = playing.library(site)["kremlin-silence"][:1]
    round_id = playing.deal(site, player, [revision])
    playing.seat(page, site, player)
    page.goto(f"/rounds/{round_id}/1")
    expect(page.locator(".passage blockquote").first).to_have_attribute("lang", "fr")
    playing.answer(page, TRUE)
    anchor = revision.anchors[0]
    quote = page.locator(".evidence").first
    expect(quote.locator("blockquote")).to_have_attribute("lang", "fr")
    expect(quote.locator("mark").first).to_have_text(playing.flat(anchor.evidence.quote.exact))
    expect(quote.locator(".translation q")).to_have_attribute("lang", "en")
    expect(quote.locator(".translation q")).to_have_text(
        playing.flat(anchor.evidence.translation["en"])
    )


def test_the_choice_outlives_signing_in_and_out(site: Site, learner: Learners) -> None:
    page = learner()
    player = playing.newcomer(site)
    playing.seat(page, site, player, ui="fr", content="en", theme="dark")
    page.goto("/account/")
    page.locator("input[name=sure]").check()
    page.locator(".button.danger").click()
    see_interface(page, "fr")
    expect(page.locator(".set-card h3").first).to_have_attribute("lang", "en")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize(("theme", "scheme"), [("light", "dark"), ("dark", "light")])
def test_chosen_colours_win_over_those_of_the_device(
    learner: Learners, theme: str, scheme: str
) -> None:
    page = learner(color_scheme=scheme)
    page.goto("/")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Colours").select_option(theme)
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
