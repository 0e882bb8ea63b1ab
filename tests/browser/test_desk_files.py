"""Sets as files in a browser: brought, looked at, taken in, taken along, byte for byte."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import run
from quiz.content.format.archive import to_zip, zipped
from quiz.content.intake.archive import from_zip
from quiz.content.loader import load
from tests.browser.conftest import Learners, Site
from tests.browser.layout import EVERY_WIDTH, Axe, assert_fits, faults
from tests.browser.states import teaching

QUESTIONS = run.ROOT / "questions"


def an_archive(slug: str) -> bytes:
    """A shipped set under another name, its document too."""
    library = load(QUESTIONS)
    files = from_zip(to_zip([library.sets["gang-expertise"]], library.documents))[0]
    return zipped(
        {
            name.replace("gang-expertise", slug): data.replace(b"[gang-expertise]", b"[SLUG]")
            .replace(b"document: gang-expertise", b"document: SLUG")
            .replace(b"SLUG", slug.encode())
            for name, data in files.items()
        }
    )


def choose(page: Page, data: bytes, name: str = "sets.zip") -> None:
    """Choose a file in the form and send it."""
    page.get_by_label("File", exact=True).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    )
    page.get_by_role("button", name="Look what is in it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before it is brought in")


def saved(page: Page, address: str) -> bytes:
    """What the browser saves from an address, through a link as the pages have it."""
    with page.expect_download() as waiting:
        page.evaluate(
            "to => document.body.append(Object.assign(document.createElement('a'),"
            " {href: to, id: 'save', textContent: 'Save'}))",
            address,
        )
        page.locator("#save").click()
    return Path(waiting.value.path()).read_bytes()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_set_is_brought_in_and_taken_along_byte_for_byte(
    site: Site, learner: Learners, scripts: bool
) -> None:
    page = learner(width=360, java_script_enabled=scripts)
    teaching(page, site)
    slug = f"brought-{'with' if scripts else 'without'}-scripts"
    data = an_archive(slug)

    page.goto("/desk/files/")
    choose(page, data)
    expect(page.get_by_text("Nothing has been changed yet.")).to_be_visible()
    page.get_by_role("button", name="Bring in what is ticked").click()

    page.wait_for_url("**/desk/sets/*")
    number = page.url.rpartition("/")[2]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert f"sets/{slug}.yaml" in archive.namelist()
    fetched = page.request.get(f"/desk/files/sets/{number}.zip")
    assert fetched.body() == data
    if scripts:
        assert saved(page, f"/desk/files/sets/{number}.zip") == data


def test_a_table_is_saved_changed_and_brought_back(site: Site, learner: Learners) -> None:
    page = learner()
    teaching(page, site)
    page.goto("/desk/files/")
    choose(page, an_archive("brought-for-a-table"))
    page.get_by_role("button", name="Bring in what is ticked").click()
    page.wait_for_url("**/desk/sets/*")
    number = page.url.rpartition("/")[2]
    page.goto(f"/desk/files/sets/{number}/table")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="The questions of this set (CSV)").click()
    table = Path(waiting.value.path()).read_bytes()
    lines = table.splitlines(keepends=True)

    other = re.sub(rb",(true|false|unverified),", b",,", b"".join(lines[:2]), count=1)
    choose(page, other, "questions.csv")
    expect(page.locator("del, ins").first).to_be_visible()
    page.get_by_role("button", name="Bring it in").click()

    page.wait_for_url(f"**/desk/sets/{number}")


STATES = {
    "form": None,
    "new": lambda: an_archive("only-looked-at"),
    "wrong": lambda: b"no zip file",
    "taken": lambda: an_archive("gang-expertise"),
}


@pytest.mark.parametrize("name", STATES)
def test_the_page_fits_and_axe_finds_nothing(
    site: Site,
    learner: Learners,
    axe: Axe,
    screenshot: Callable[[Page, str], None],
    name: str,
) -> None:
    page = learner(reduced_motion="reduce")
    teaching(page, site)
    page.goto("/desk/files/")
    make = STATES[name]
    if make is not None:
        choose(page, make())
    assert faults(page, axe) == {}
    for width in EVERY_WIDTH:
        assert_fits(page, width)
        screenshot(page, f"files-{name}-{width}")


def test_everything_is_done_by_keyboard(site: Site, learner: Learners) -> None:
    page = learner()
    teaching(page, site)
    page.goto("/desk/files/")
    choose(page, an_archive("by-keyboard"))
    page.get_by_role("checkbox", name="Bring in").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Bring in what is ticked")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/sets/*")
