"""Every page in every state: axe finds nothing, nothing scrolls sideways, targets are large."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.states import REFUSED, STATES

WIDTHS = (1280, 360)
EVERY_WIDTH = (1920, 1280, 768, 360)
ONLY_COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
GIVEN_ONCE = REFUSED | {"cards", "account just kept"}
"""States that their address does not give again."""
SMALL_TARGETS = """() => {
  // Links in running text are as high as their line; axe sees to the space around those.
  const target = element => element.type === 'radio' || element.type === 'checkbox'
    ? element.closest('label') : element;
  return [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
    .filter(element => element.checkVisibility() && element.type !== 'hidden')
    .map(target)
    .filter(element => getComputedStyle(element).display !== 'inline' && !element.matches('.skip'))
    .filter(element => {
      const { width, height } = element.getBoundingClientRect();
      return width < 24 || height < 24;
    })
    .map(element => `${element.outerHTML.slice(0, 120)} ${element.getBoundingClientRect().height}`);
}"""
# axe reads -webkit-text-fill-color, which Chromium computes without the forced colours.
FAINT_TEXT = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([red, green, blue]) => [red, green, blue]
    .map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
  const paper = element => {
    const colour = numbers(getComputedStyle(element).backgroundColor);
    return colour[3] !== 0 ? colour : element.parentElement ? paper(element.parentElement) : null;
  };
  const contrast = element => {
    const [low, high] = [numbers(getComputedStyle(element).color), paper(element)]
      .map(light).sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const hasText = element => [...element.childNodes]
    .some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return [...document.body.querySelectorAll('*')]
    .filter(element => hasText(element) && element.checkVisibility() && contrast(element) < 4.5)
    .map(element => `${element.outerHTML.slice(0, 120)} ${contrast(element)}`);
}"""

Axe = Callable[..., list[str]]


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


def faults(page: Page, axe: Axe) -> dict[str, list[str]]:
    """What is wrong with the page, on a wide screen and a phone, in any colours."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light", forced_colors="none")
        found[f"light, {width} px"] = axe(page)
        page.emulate_media(color_scheme="dark")
        found[f"dark, {width} px"] = axe(page, **ONLY_COLOURS)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme, forced_colors="active")
        found[f"forced colours, {scheme}"] = page.evaluate(FAINT_TEXT)
    page.emulate_media(forced_colors="none")
    return {where: what for where, what in found.items() if what}


def assert_fits(page: Page, width: int) -> None:
    """Nothing scrolls sideways and everything to press is big enough."""
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("[document.documentElement.scrollWidth, innerWidth]") == [width, width]
    assert page.evaluate(SMALL_TARGETS) == []


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
