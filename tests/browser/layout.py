"""What is measured of a page: what axe finds, in all colours, and whether it fits its screen."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

WIDTHS = (1280, 360)
EVERY_WIDTH = (1920, 1280, 768, 360)
ONLY_COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
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
