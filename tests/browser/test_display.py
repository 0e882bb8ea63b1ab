"""Print, zoom, motion and larger letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

import run
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.browser import playing
from tests.browser.conftest import CHROMIUM_OPTIONS, Learners, Site
from tests.browser.playing import Tapped

TRUE = Tapped(Verdict.TRUE, Confidence.SURE)
# Notes in an attribute every animation and transition that starts.
WATCH_MOTION = """
for (const kind of ["animationstart", "transitionrun"])
  document.addEventListener(kind, event => {
    const html = document.documentElement;
    html.dataset.moved = `${html.dataset.moved ?? ""} ${event.animationName ?? event.propertyName}`;
  }, true);
"""


@contextmanager
def large_letters(browser: Browser) -> Iterator[Browser]:
    """Another Chromium, of somebody who set large letters."""
    large = browser.browser_type.launch(
        executable_path=run.find_chromium(),
        args=[*CHROMIUM_OPTIONS, "--blink-settings=defaultFontSize=32"],
    )
    try:
        yield large
    finally:
        large.close()


def reviewed(site: Site, page: Page) -> None:
    """Open the review of an answered question."""
    player = playing.newcomer(site)
    (revision,) = playing.library(site)["direct-call"][:1]
    playing.finish(site, playing.deal(site, player, [revision]), playing.right)
    playing.seat(page, site, player)
    page.goto(f"/review/{revision.key}")


def test_paper_gets_the_question_without_the_navigation(site: Site, learner: Learners) -> None:
    page = learner(color_scheme="dark")
    reviewed(site, page)
    expect(page.locator("header.top")).to_be_visible()
    page.emulate_media(media="print")
    for hidden in ("header.top", "footer.bottom", ".actions", ".skip"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".evidence mark").first).to_be_visible()
    expect(page.locator(".explanation")).to_be_visible()
    dark_ink_on_white = page.evaluate(
        """() => {
          const shade = colour => Math.max(...colour.match(/[\\d.]+/g).slice(0, 3).map(Number));
          const look = getComputedStyle(document.querySelector('.explanation'));
          const paper = getComputedStyle(document.body).backgroundColor;
          return shade(look.color) < 100 && paper === 'rgba(0, 0, 0, 0)';
        }"""
    )
    assert dark_ink_on_white


def test_the_print_button_prints(site: Site, learner: Learners) -> None:
    page = learner()
    page.add_init_script("window.print = () => { window.printed = true }")
    reviewed(site, page)
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")


def test_without_scripts_there_is_no_dead_print_button(site: Site, learner: Learners) -> None:
    page = learner(java_script_enabled=False)
    reviewed(site, page)
    expect(page.locator("[data-print]")).to_be_hidden()


def test_nothing_moves_where_motion_is_unwelcome(learner: Learners) -> None:
    page = learner(reduced_motion="reduce")
    page.add_init_script(WATCH_MOTION)
    play_a_little(page)
    expect(page.locator("html")).not_to_have_attribute("data-moved", re.compile("."))
    assert page.evaluate("document.getAnimations().length") == 0


def test_elsewhere_a_choice_and_an_explanation_move_a_little(learner: Learners) -> None:
    page = learner(reduced_motion="no-preference")
    page.add_init_script(WATCH_MOTION)
    play_a_little(page)
    expect(page.locator("html")).to_have_attribute("data-moved", re.compile("color"))
    expect(page.locator("html")).to_have_attribute("data-moved", re.compile("settle"))


@pytest.mark.parametrize("mode", ["quick", "investigation"])
def test_at_twice_the_size_no_content_is_lost(learner: Learners, mode: str) -> None:
    """A window of 1280 px zoomed to 200 % is one of 640 px at twice the density."""
    page = learner(width=640, height=400, device_scale_factor=2)
    ask(page, mode)
    see_everything(page)


@pytest.mark.parametrize("width", [1280, 640])
@pytest.mark.parametrize("mode", ["quick", "investigation"])
def test_with_letters_twice_as_large_no_content_is_lost(
    site: Site, browser: Browser, mode: str, width: int
) -> None:
    """Letters set to 32 px in the browser's settings, instead of 16."""
    with large_letters(browser) as large:
        page = large.new_page(base_url=site.url, viewport={"width": width, "height": 800})
        ask(page, mode)
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") > 30
        see_everything(page)


def test_at_four_times_the_size_nothing_scrolls_sideways(learner: Learners) -> None:
    page = learner(width=320, height=256, device_scale_factor=4)
    ask(page, "quick")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    playing.answer(page, TRUE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def play_a_little(page: Page) -> None:
    """Choose, answer, go on and answer again."""
    playing.start(page)
    playing.answer(page, TRUE)
    page.locator(".button").first.hover()
    playing.press_next(page)
    expect(playing.claim_of(page)).to_be_visible()
    playing.choose(page, TRUE)
    playing.send(page)
    expect(playing.outcome_on(page)).to_be_visible()


def ask(page: Page, mode: str) -> None:
    """Open a question, with its files in an investigation."""
    playing.start(page, mode)
    if mode == "investigation":
        playing.choose(page, TRUE)
        playing.send(page)
        expect(page.locator(".first-answer")).to_be_visible()


def see_everything(page: Page) -> None:
    """All parts of the form are inside the window's width, none cut off or on another."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut_off = page.locator(
        "h1.claim, .hint, .face strong, .face small, .submit, legend, .brand span, .main-nav span"
    ).evaluate_all(
        """all => all.filter(element => {
          const box = element.getBoundingClientRect();
          if (!box.width) return false;
          const frame = element.closest('.face')?.getBoundingClientRect();
          return box.left < 0 || box.right > innerWidth + 1
            || element.scrollWidth > element.clientWidth + 1
               && getComputedStyle(element).display !== 'inline'
            || frame && (box.left < frame.left - 1 || box.right > frame.right + 1
                         || box.bottom > frame.bottom + 1);
        }).map(element => element.textContent.trim())"""
    )
    assert cut_off == []
    playing.choose(page, TRUE)
    expect(page.locator("input[name=verdict]:checked")).to_have_value("true")
