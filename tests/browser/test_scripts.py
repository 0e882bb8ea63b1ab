"""The scripts of a page: modules of one version, each run once, and nothing left outside them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from quiz.config import ROOT
from quiz.models import DeskQuestion
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.states import STATES
from tests.browser.test_desk_sets import at_desk

FOLDER = ROOT / "static" / "js"
MODULES = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js")}
OTHERS = {"vendor/htmx/htmx.min.js"}
ASKED = """performance.getEntriesByType("resource").map((entry) => entry.name)
  .filter((name) => new URL(name).pathname.endsWith(".js"))"""
NAMES = "Object.getOwnPropertyNames(window)"
PAGES = {
    "home": {"base.js"},
    "sign-in": {"accounts/card.js", "accounts/passphrase.js"},
    "ask": {"play/round.js"},
    "phone, question": {"play/round.js", "live/live.js"},
    "projector, question": {"live/live.js"},
    "remote, question": {"live/live.js"},
}
"""States of pages, and what among others they run."""
DESK = {
    "/desk/questions/{question}": {"desk/editor.js", "desk/readings.js"},
    "/desk/sets/{set}": {"desk/sets.js"},
    "/desk/sets/{set}/preview/1": {"play/round.js"},
    "/desk/sets/{set}/preview/1?screen=projector": {"play/round.js", "desk/preview.js"},
    "/desk/documents/new": {"desk/documents.js"},
    "/desk/readings/": {"desk/readings.js"},
}
"""Pages of the desk, likewise."""


def asked(page: Page) -> list[str]:
    """The scripts that a page asked for: their addresses."""
    playing.arrived(page)
    found: list[str] = page.evaluate(ASKED)
    return found


def names(addresses: list[str]) -> list[str]:
    """The modules among the addresses, as files of static/js."""
    paths = [urlsplit(address).path for address in addresses]
    return [path.split("/", 3)[3] for path in paths if path.startswith("/scripts/")]


def globals_of(page: Page) -> set[str]:
    """What a page has that an empty one has not."""
    here = set(page.evaluate(NAMES))
    empty = page.context.new_page()
    empty.route("**/favicon.ico", lambda route: route.fulfill(body=""))
    empty.goto("/healthz")
    return here - set(empty.evaluate(NAMES))


def hold(page: Page, expected: set[str]) -> None:
    """The page runs what is expected, each once and of one version, and no more is left of it."""
    addresses = asked(page)
    modules = names(addresses)
    assert expected | {"base.js"} <= set(modules) <= MODULES
    assert len(modules) == len(set(modules)), sorted(modules)
    assert len({urlsplit(a).path.split("/")[2] for a in addresses if "/scripts/" in a}) == 1
    assert len(addresses) - len(modules) <= len(OTHERS)
    assert globals_of(page) <= {"htmx"}


@pytest.mark.parametrize("name", PAGES)
def test_the_scripts_of_a_page_leave_no_global(site: Site, learner: Learners, name: str) -> None:
    page = learner()
    STATES[name](page, site)
    hold(page, PAGES[name])


def test_the_scripts_of_the_desk_leave_no_global(site: Site, learner: Learners) -> None:
    page = learner()
    number = int(Path(at_desk(page, site)).name)
    with playing.store(site) as session:
        question = session.scalars(
            select(DeskQuestion.id).where(DeskQuestion.set_id == number)
        ).first()
    for address, expected in DESK.items():
        page.goto(address.format(set=number, question=question))
        hold(page, expected)


def test_a_global_would_be_noticed(site: Site, learner: Learners) -> None:
    page = learner()
    page.goto("/")
    page.evaluate("window.desk = {}")
    assert globals_of(page) == {"desk"}
