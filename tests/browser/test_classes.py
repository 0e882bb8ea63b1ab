"""Sign-in cards in a browser: the QR code's link fills the form in, the sheet prints."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, expect

from quiz.web.qr import qr_svg
from tests.browser import playing
from tests.browser.conftest import Learners, Site, opened
from tests.browser.states import make_cards, teaching

PASSPHRASE = "three small words"


def test_the_link_of_a_card_fills_the_form_and_leaves_the_address(
    site: Site, learner: Learners
) -> None:
    name = f"Loutre & co {secrets.token_hex(4)}".replace("& co", "d’été")
    playing.learner_named(site, name, PASSPHRASE)
    page = learner()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"/account/sign-in#name={quote(name)}&passphrase={quote(PASSPHRASE)}")

    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    expect(page.get_by_label("Passphrase", exact=True)).to_have_value(PASSPHRASE)
    assert page.url == f"{site.url}/account/sign-in"
    assert not any("passphrase" in url.replace("passphrase.js", "") for url in asked)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text(name)
    page.go_back()
    assert "passphrase" not in page.url


def test_the_set_up_link_makes_a_trainer(
    browser: Browser, tmp_path: Path, axe: Callable[..., list[str]]
) -> None:
    with opened(tmp_path) as site:
        site.app.config["SETUP_TOKEN"] = "a-token"
        learners = Learners(site, browser)
        page = learners(width=360)
        page.goto("/setup/a-token")
        assert axe(page) == []
        page.get_by_label("Name", exact=True).fill("Ms Ames")
        page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your classes")
        learners.expect_problem("404")
        page.goto("/setup/a-token")
        expect(page.locator(".error-page")).to_be_visible()
        learners.close()


def test_another_hash_leaves_the_form_alone(learner: Learners) -> None:
    page = learner()
    page.goto("/account/sign-in#main")
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    assert page.url.endswith("#main")


def test_a_card_of_the_sheet_signs_in(site: Site, learner: Learners) -> None:
    teacher, pupil = learner(), learner(width=360, java_script_enabled=False)
    make_cards(teacher, site, 2)
    card = teacher.locator(".signin-card").first
    name, passphrase, address = card.locator("dd").all_inner_texts()
    drawn = card.locator(".qr-dark").get_attribute("d")
    link = f"{site.url}/account/sign-in#name={quote(name)}&passphrase={quote(passphrase)}"
    assert drawn
    assert drawn in qr_svg(link)

    pupil.goto(f"{address}account/sign-in")
    pupil.get_by_label("Name", exact=True).fill(name)
    pupil.get_by_label("Passphrase", exact=True).fill(passphrase)
    pupil.get_by_role("button", name="Sign in").click()
    expect(pupil.locator(".who")).to_contain_text(name)


def test_twelve_cards_are_two_sheets_of_a4(site: Site, learner: Learners, tmp_path: Path) -> None:
    page = learner()
    make_cards(page, site, 12)
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator("h1")).to_be_hidden()

    sheet = page.pdf(prefer_css_page_size=True)

    (tmp_path / "sheet.pdf").write_bytes(sheet)
    assert sheet.count(b"/Type /Page\n") == 2


def test_a_class_is_joined_by_typing_its_code_without_scripts(
    site: Site, learner: Learners
) -> None:
    teacher, pupil = learner(), learner(width=360, java_script_enabled=False)
    class_id, code = teaching(teacher, site)
    pupil.goto("/classes/join")
    pupil.get_by_label("Code of the class").fill(f"{code[:3]} {code[3:].lower()}")
    pupil.get_by_role("button", name="Next").click()
    pupil.get_by_role("button", name="Join").click()
    name = pupil.locator(".signin-card dd").first.inner_text()
    teacher.goto(f"/classes/{class_id}")
    expect(teacher.locator(".roster")).to_contain_text(name)
