"""Every page in every state: axe finds nothing, nothing scrolls sideways, targets are large."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.layout import (
    EVERY_WIDTH,
    FAINT_TEXT,
    ONLY_COLOURS,
    SMALL_TARGETS,
    Axe,
    assert_fits,
    faults,
)
from tests.browser.states import REFUSED, STATES

GIVEN_ONCE = REFUSED | {"cards", "account just kept"}
"""States that their address does not give again."""


@pytest.fixture(scope="module")
def visitors(site: Site, browser: Browser) -> Iterator[Learners]:
    """One browser for all states: its cache keeps what pages share."""
    visitors = Learners(site, browser)
    visitors.open(language="fr", reduced_motion="reduce")
    yield visitors
    visitors.close()


@pytest.fixture
def page(visitors: Learners) -> Iterator[Page]:
    """A page for somebody who was never there, in French: its words are the longer ones."""
    [context] = visitors.contexts
    page = context.new_page()
    yield page
    page.evaluate("localStorage.clear()")
    page.close()
    context.clear_cookies()
    visitors.check()


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_and_it_fits(
    site: Site,
    page: Page,
    visitors: Learners,
    axe: Axe,
    screenshot: Callable[[Page, str], None],
    name: str,
) -> None:
    if name in REFUSED:
        visitors.expect_problem(r"status of 4\d\d")
    STATES[name](page, site)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert faults(page, axe) == {}
    for width in EVERY_WIDTH:
        assert_fits(page, width)
    screenshot(page, f"{name}, fr")
    if name not in GIVEN_ONCE:
        playing.speak(page, site, "en")
        page.goto(page.url)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert_fits(page, 360)
        screenshot(page, f"{name}, en")


def test_axe_finds_what_is_wrong(learner: Learners, axe: Axe) -> None:
    page = learner(width=360, color_scheme="dark")
    page.goto("/")
    page.evaluate(
        """() => {
          document.querySelector('main').innerHTML = '<img src="/static/img/logo.svg">'
            + '<button>x</button><button>y</button><p>pale</p>';
          document.querySelector('p').style.color = '#222';
          for (const button of document.querySelectorAll('main button'))
            button.style.cssText = 'width: 9px; height: 9px; padding: 0';
        }"""
    )
    found = " ".join(axe(page))
    for rule in ("image-alt", "color-contrast", "target-size"):
        assert rule in found
    assert "color-contrast" in " ".join(axe(page, **ONLY_COLOURS))
    assert len(page.evaluate(SMALL_TARGETS)) == 2


def test_faint_text_is_found_in_forced_colours(learner: Learners) -> None:
    page = learner(forced_colors="active")
    page.goto("/")
    assert page.evaluate(FAINT_TEXT) == []
    page.evaluate(
        "document.querySelector('h1').style.cssText = 'forced-color-adjust: none; color: #eee'"
    )
    assert len(page.evaluate(FAINT_TEXT)) == 1
