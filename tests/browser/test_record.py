"""Keeping a record: under a name, in another browser, brought along, erased."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.services.accounts.players import NAME_TAKEN
from quiz.views.accounts.account import WRONG_SIGN_IN
from quiz.web.forms import UNSURE
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.playing import Tapped

PASSPHRASE = "three small words"
TRUE = Tapped(Verdict.TRUE, Confidence.SURE)


@pytest.fixture
def name() -> str:
    """A name that nobody has yet."""
    return f"Ada {secrets.token_hex(4)}"


def fill(page: Page, name: str, passphrase: str = PASSPHRASE) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Passphrase", exact=True).fill(passphrase)


def keep(page: Page, name: str) -> None:
    page.goto("/account/keep")
    fill(page, name)
    page.get_by_role("button", name="Keep my record").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def sign_in(page: Page, name: str, passphrase: str = PASSPHRASE) -> None:
    page.goto("/account/sign-in")
    fill(page, name, passphrase)
    page.get_by_role("button", name="Sign in").click()


def reviewed(page: Page) -> list[str]:
    """The claims under "Review"."""
    page.goto("/review/")
    return page.locator(".answers .text").all_inner_texts()


def play_one(page: Page) -> str:
    """Play one question by hand; gives its claim."""
    playing.start(page)
    claim = playing.claim_of(page).inner_text()
    playing.answer(page, TRUE)
    return claim


def test_a_guest_plays_under_a_pseudonym_and_is_offered_to_keep_the_record(
    site: Site, learner: Learners
) -> None:
    page = learner()
    player = playing.newcomer(site)
    round_id = playing.deal(site, player, playing.library(site)["direct-call"][:5])
    playing.finish(site, round_id, playing.right)
    playing.seat(page, site, player)
    page.goto(f"/rounds/{round_id}/summary")
    expect(page.locator(".who")).to_contain_text("guest")
    page.get_by_role("link", name="Keep your record").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep your record")


def test_a_kept_record_is_found_in_another_browser(
    site: Site, learner: Learners, name: str
) -> None:
    page = learner()
    claim = play_one(page)
    round_id = playing.round_of(page)
    keep(page, name)
    expect(page.get_by_role("status")).to_contain_text("Kept.")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.locator(".who")).to_have_text("Sign in")
    assert reviewed(page) == []
    other = learner()
    sign_in(other, name.upper())
    expect(other.locator(".who")).to_contain_text(name)
    assert reviewed(other) == [claim]
    other.goto("/")
    other.get_by_role("link", name="Resume").click()
    expect(other.locator(".round-head")).to_contain_text("Question 2 of 5")
    assert playing.round_of(other) == round_id


def test_rounds_of_a_guest_are_brought_along_when_asked(
    site: Site, learner: Learners, name: str
) -> None:
    player = playing.learner_named(site, name, PASSPHRASE)
    (known,) = playing.library(site)["moscow-pillar"][:1]
    playing.finish(site, playing.deal(site, player, [known]), playing.right)
    page = learner()
    claim = play_one(page)
    guest = playing.player_of(site, playing.round_of(page))
    page.goto("/account/sign-in")
    fill(page, name)
    page.get_by_label("Bring along the rounds played here").check()
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".who")).to_contain_text(name)
    assert sorted(reviewed(page)) == sorted([known.question.claim["en"], claim])
    assert guest is not None
    assert playing.rounds_of(site, guest) == 0
    assert playing.rounds_of(site, player) == 2


def test_rounds_of_a_guest_stay_away_unless_asked(site: Site, learner: Learners, name: str) -> None:
    player = playing.learner_named(site, name, PASSPHRASE)
    page = learner()
    play_one(page)
    sign_in(page, name)
    expect(page.locator(".who")).to_contain_text(name)
    assert reviewed(page) == []
    assert playing.rounds_of(site, player) == 0


def test_a_record_is_erased_once_the_box_is_ticked(
    site: Site, learner: Learners, name: str
) -> None:
    page = learner()
    play_one(page)
    round_id = playing.round_of(page)
    keep(page, name)
    learner.expect_problem("422")
    erase = page.get_by_role("button", name="Erase")
    erase.click()
    expect(page.locator("#error-sure")).to_have_text(playing.problem(site, UNSURE))
    assert playing.player_of(site, round_id) is not None
    page.get_by_label("Erase my record").check()
    erase.click()
    expect(page.get_by_role("status")).to_have_text("Your record is erased.")
    expect(page.locator(".who")).to_have_text("Sign in")
    assert playing.player_of(site, round_id) is None
    assert playing.rows(site, round_id) == []
    sign_in(page, name)
    expect(page.locator(".error")).to_have_text(playing.problem(site, WRONG_SIGN_IN))


def test_a_guest_can_erase_the_record_too(site: Site, learner: Learners) -> None:
    page = learner()
    play_one(page)
    round_id = playing.round_of(page)
    page.locator(".who a").click()
    page.get_by_label("Erase my record").check()
    page.get_by_role("button", name="Erase").click()
    expect(page.get_by_role("status")).to_have_text("Your record is erased.")
    assert playing.player_of(site, round_id) is None


def test_what_is_wrong_with_a_name_is_said_beside_it_and_the_name_is_kept(
    site: Site, learner: Learners, name: str
) -> None:
    playing.learner_named(site, name, PASSPHRASE)
    page = learner()
    learner.expect_problem("422")
    page.goto("/account/keep")
    fill(page, name)
    page.get_by_role("button", name="Keep my record").click()
    field = page.get_by_label("Name", exact=True)
    expect(field).to_have_accessible_description(playing.problem(site, NAME_TAKEN))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value(name)


def test_a_wrong_passphrase_does_not_sign_in_and_keeps_the_name(
    site: Site, learner: Learners, name: str
) -> None:
    playing.learner_named(site, name, PASSPHRASE)
    page = learner()
    learner.expect_problem("422")
    sign_in(page, name, "three other words")
    expect(page.get_by_label("Passphrase", exact=True)).to_have_accessible_description(
        playing.problem(site, WRONG_SIGN_IN)
    )
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    expect(page.get_by_label("Passphrase", exact=True)).to_have_value("")
    expect(page.locator(".who")).to_have_text("Sign in")


@pytest.mark.parametrize("address", ["/account/keep", "/account/sign-in"])
def test_a_passphrase_can_be_read_before_it_is_sent(learner: Learners, address: str) -> None:
    page = learner()
    page.goto(address)
    field = page.get_by_label("Passphrase", exact=True)
    field.fill(PASSPHRASE)
    expect(field).to_have_attribute("type", "password")
    page.get_by_label("Show the passphrase").check()
    expect(field).to_have_attribute("type", "text")
    page.get_by_label("Show the passphrase").uncheck()
    expect(field).to_have_attribute("type", "password")


def test_a_new_passphrase_signs_other_browsers_out(
    site: Site, learner: Learners, name: str
) -> None:
    playing.learner_named(site, name, PASSPHRASE)
    page, other = learner(), learner()
    for each in (page, other):
        sign_in(each, name)
        expect(each.locator(".who")).to_contain_text(name)
    page.goto("/account/")
    page.locator("input[name=old]").fill(PASSPHRASE)
    page.locator("input[name=passphrase]").fill("four quite other words")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_role("status")).to_contain_text("The passphrase is changed.")
    expect(page.locator(".who")).to_contain_text(name)
    other.goto("/")
    expect(other.locator(".who")).to_have_text("Sign in")


def test_signing_out_everywhere_ends_the_other_browsers(
    site: Site, learner: Learners, name: str
) -> None:
    playing.learner_named(site, name, PASSPHRASE)
    page, other = learner(), learner()
    for each in (page, other):
        sign_in(each, name)
        expect(each.locator(".who")).to_contain_text(name)
    page.goto("/account/")
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.locator(".who")).to_have_text("Sign in")
    other.goto("/")
    expect(other.locator(".who")).to_have_text("Sign in")


def test_the_record_can_be_taken_away_as_a_file(
    learner: Learners, name: str, tmp_path: Path
) -> None:
    page = learner()
    play_one(page)
    keep(page, name)
    with page.expect_download() as started:
        page.get_by_role("link", name="Take a copy").click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    content = json.loads(file.read_text(encoding="utf-8"))
    assert file.name == "not-proven-record.json"
    assert content["name"] == name
    assert [(a["verdict"], a["confidence"]) for a in content["answers"]] == [("true", "sure")]
