"""Forms that are sent without leaving the page: of classes, accounts, files, and filters.

A mark on the window is gone after a page was loaded; that is how the tests tell.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from quiz.web.forms import UNSURE
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.states import STATES, seated, teaching
from tests.browser.test_desk_files import an_archive, choose
from tests.browser.test_desk_sets import at_desk

PASSPHRASE = "three small words"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


def at(page: Page, address: str) -> None:
    """Open a page, and mark its window."""
    page.goto(address)
    playing.arrived(page)
    page.evaluate("window.mark = 'same'")


def is_same(page: Page) -> bool:
    """Whether no page was loaded since."""
    return bool(page.evaluate("window.mark === 'same'"))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def told(page: Page) -> Locator:
    """What the game says of what was done."""
    return page.locator(".notice[role=status]")


def heard(page: Page, words: str) -> None:
    """The line that a screen reader speaks says this."""
    expect(page.locator("body > [aria-live]")).to_have_text(words)


def maxima(page: Page, site: Site) -> int:
    """Maxima's account page, in the page's browser; gives her id."""
    name = f"Maxima {secrets.token_hex(6)}"
    return seated(page, site, playing.learner_named(site, name, PASSPHRASE))


def change_passphrase(page: Page, old: str, new: str) -> None:
    page.get_by_label("Current passphrase").fill(old)
    page.get_by_label("New passphrase").fill(new)
    press(page, "Change")


# Classes.


def test_ames_renames_her_class_on_the_same_page(site: Site, learner: Learners) -> None:
    page = learner()
    class_id, _ = teaching(page, site)
    page.goto("/classes/")
    at(page, f"/classes/{class_id}")
    page.get_by_label("Name of the class").fill("5C, debate")
    press(page, "Save")
    expect(told(page)).to_be_focused()
    expect(told(page)).to_be_in_viewport()
    expect(told(page)).to_have_text("Saved.")
    expect(page).to_have_title("5C, debate · Not Proven")
    expect(page.get_by_role("heading", level=1)).to_have_text("5C, debate")
    assert is_same(page)
    assert page.url == f"{site.url}/classes/{class_id}"
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your classes")


def test_a_new_class_has_its_own_address_and_back_leads_to_the_list(
    site: Site, learner: Learners, axe: Callable[..., list[str]]
) -> None:
    page = learner()
    teaching(page, site)
    at(page, "/classes/")
    page.get_by_label("Name of the class").fill("6A, press")
    press(page, "Make the class")
    expect(page).to_have_title("6A, press · Not Proven")
    expect(page.locator("#main")).to_be_focused()
    heard(page, "6A, press · Not Proven")
    assert axe(page) == []
    assert is_same(page)
    page.wait_for_url("**/classes/*")
    made = page.url
    page.go_back()
    expect(page.locator(".class-card")).to_have_count(2)
    assert page.url == f"{site.url}/classes/"
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("6A, press")
    assert page.url == made


def test_what_ames_forgot_is_said_where_it_is_missing(
    site: Site, learner: Learners, axe: Callable[..., list[str]]
) -> None:
    page = learner()
    class_id, _ = teaching(page, site)
    at(page, f"/classes/{class_id}")
    learner.expect_problem("422")
    press(page, "Delete the class")
    box = page.get_by_label("Empty the class in the same way")
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    expect(box).to_have_accessible_description(playing.problem(site, UNSURE))
    assert is_same(page)
    assert page.url == f"{site.url}/classes/{class_id}"
    assert axe(page) == []
    box.check()
    press(page, "Delete the class")
    expect(told(page)).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your classes")
    assert page.url == f"{site.url}/classes/"


@SCRIPTS
def test_a_code_that_is_wrong_keeps_what_was_typed(
    site: Site, learner: Learners, scripts: bool
) -> None:
    page = learner(width=360, java_script_enabled=scripts)
    seated(page, site)
    page.goto("/classes/join")
    learner.expect_problem("422")
    page.get_by_label("Code of the class").fill("WRONG1")
    press(page, "Next")
    expect(page.locator("#error-code")).to_be_visible()
    expect(page.get_by_label("Code of the class")).to_have_value("WRONG1")
    if scripts:
        expect(page.get_by_label("Code of the class")).to_be_focused()


# Accounts.


def test_maxima_changes_her_passphrase_and_then_the_language(site: Site, learner: Learners) -> None:
    page = learner()
    maxima(page, site)
    at(page, "/account/")
    learner.expect_problem("422")
    change_passphrase(page, "not this one", "four quite small words")
    expect(page.locator("#error-old")).to_be_visible()
    expect(page.get_by_label("Current passphrase")).to_be_focused()
    assert page.url == f"{site.url}/account/"
    change_passphrase(page, PASSPHRASE, "four quite small words")
    expect(told(page)).to_be_focused()
    assert is_same(page)
    # Her session is a new one, with another token for every form.
    page.get_by_label("Interface").select_option("fr")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.url == f"{site.url}/account/"


def test_without_scripts_maxima_changes_her_passphrase_too(site: Site, learner: Learners) -> None:
    page = learner(java_script_enabled=False)
    maxima(page, site)
    page.goto("/account/")
    change_passphrase(page, PASSPHRASE, "four quite small words")
    expect(page.locator(".notice-good")).to_be_visible()


def test_a_form_that_is_too_old_says_so_at_its_address(site: Site, learner: Learners) -> None:
    page = learner()
    maxima(page, site)
    at(page, "/account/")
    page.context.clear_cookies()
    learner.expect_problem("400")
    change_passphrase(page, PASSPHRASE, "four quite small words")
    expect(page.locator(".error-page h1")).to_be_focused()
    expect(page).to_have_title("400 · Not Proven")
    assert page.url == f"{site.url}/account/"


# Files.


def test_a_file_is_looked_at_on_the_same_page(site: Site, learner: Learners) -> None:
    page = learner()
    teaching(page, site)
    at(page, "/desk/files/")
    choose(page, an_archive("looked-at-in-place"))
    expect(page.get_by_role("checkbox", name="Bring in")).to_be_checked()
    expect(page.locator("#main")).to_be_focused()
    assert is_same(page)
    page.wait_for_url("**/desk/files/uploads/*")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bring sets in")


def test_a_file_is_brought_in_on_the_same_page(site: Site, learner: Learners) -> None:
    page = learner()
    teaching(page, site)
    at(page, "/desk/files/")
    choose(page, an_archive("brought-in-place"))
    page.get_by_role("checkbox", name="Bring in").uncheck()
    learner.expect_problem("422")
    press(page, "Bring in what is ticked")
    expect(page.locator("#error-sets")).to_be_focused()
    page.get_by_role("checkbox", name="Bring in").check()
    press(page, "Bring in what is ticked")
    expect(told(page)).to_be_focused()
    # The page of the set is alive: a question is moved by its button, which keeps the focus.
    down = page.locator(".question-line").first.get_by_role("button", name="Down")
    moved = page.locator(f"#{down.get_attribute('id')}")
    moved.click()
    expect(page.locator("#moved")).not_to_be_empty()
    expect(moved).to_be_focused()
    assert is_same(page)


def test_a_file_of_another_kind_is_refused_at_its_field(site: Site, learner: Learners) -> None:
    page = learner()
    teaching(page, site)
    at(page, "/desk/files/")
    learner.expect_problem("422")
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "empty.zip", "mimeType": "application/zip", "buffer": b""}
    )
    press(page, "Look what is in it")
    expect(page.locator("#error-file")).to_be_in_viewport()
    expect(page.get_by_label("File", exact=True)).to_be_focused()
    assert is_same(page)
    assert page.url == f"{site.url}/desk/files/"


# Filters.


def test_a_filter_stays_under_the_hand_that_chose_it(site: Site, learner: Learners) -> None:
    page = learner()
    STATES["review"](page, site)
    at(page, "/review/")
    before = page.locator("p.fine[role=status]").inner_text()
    page.get_by_label("Set").focus()
    page.get_by_label("Set").select_option("direct-call")
    expect(page.locator("p.fine[role=status]")).not_to_have_text(before)
    heard(page, page.locator("p.fine[role=status]").inner_text())
    expect(page.get_by_label("Set")).to_be_focused()
    expect(page.get_by_label("Set")).to_have_value("direct-call")
    expect(page.get_by_role("button", name="Show", exact=True)).to_be_hidden()
    page.get_by_label("Verdict").select_option("true")
    page.wait_for_url("**set=direct-call&verdict=true**")
    expect(page.get_by_label("Verdict")).to_have_value("true")
    assert is_same(page)
    page.go_back()
    expect(page.get_by_label("Verdict")).to_have_value("")
    expect(page.get_by_label("Set")).to_have_value("direct-call")


def test_the_language_is_changed_on_the_filtered_page(site: Site, learner: Learners) -> None:
    page = learner()
    STATES["review"](page, site)
    at(page, "/review/")
    page.get_by_label("Set").select_option("direct-call")
    page.wait_for_url("**set=direct-call**")
    filtered = page.url
    page.get_by_label("Interface").select_option("fr")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert page.url == filtered


def test_without_scripts_a_button_applies_the_filter(site: Site, learner: Learners) -> None:
    page = learner(java_script_enabled=False)
    STATES["review"](page, site)
    page.get_by_label("Set").select_option("direct-call")
    press(page, "Show")
    expect(page.get_by_label("Set")).to_have_value("direct-call")
    assert "set=direct-call" in page.url


# The desk.


def test_ames_shares_a_set_and_sees_with_whom(site: Site, learner: Learners) -> None:
    page = learner(height=500)
    name = f"Beatrix {secrets.token_hex(6)}"
    playing.trainer_named(site, name, PASSPHRASE)
    at(page, address := at_desk(page, site))
    learner.expect_problem("422")
    field = page.get_by_label("Name of the other trainer")
    field.fill("Nobody at all")
    press(page, "Share")
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    expect(field).to_have_value("Nobody at all")
    assert page.url == site.url + address
    field.fill(name)
    press(page, "Share")
    expect(page.locator("#sharing")).to_be_focused()
    expect(page.locator(".shares strong")).to_have_text(name)
    expect(page.locator(".shares strong")).to_be_in_viewport()
    heard(page, "The set is shared.")
    assert is_same(page)
    assert page.url == f"{site.url}{address}#sharing"


def test_an_error_without_a_field_has_the_focus_itself(site: Site, learner: Learners) -> None:
    page = learner(height=500)
    at(page, address := at_desk(page, site))
    learner.expect_problem("422")
    press(page, page.locator(".set-documents button").first.inner_text())
    expect(page.locator("#error-document")).to_be_focused()
    expect(page.locator("#error-document")).to_be_in_viewport()
    assert is_same(page)
    assert page.url == site.url + address


# When something goes wrong.


def test_a_failure_is_shown_and_the_address_stays(site: Site, learner: Learners) -> None:
    page = learner()
    class_id, _ = teaching(page, site)
    at(page, f"/classes/{class_id}")
    busy = page.request.get("/nowhere").text()
    page.route("**/settings", lambda route: route.fulfill(status=503, body=busy))
    learner.expect_problem("503")
    press(page, "Save")
    expect(page.locator(".error-page h1")).to_be_focused()
    assert is_same(page)
    assert page.url == f"{site.url}/classes/{class_id}"
    page.reload()
    expect(page.get_by_label("Name of the class")).to_be_visible()


def test_without_a_connection_nothing_typed_is_lost(site: Site, learner: Learners) -> None:
    page = learner()
    class_id, _ = teaching(page, site)
    at(page, f"/classes/{class_id}")
    learner.expect_problem("ERR_INTERNET_DISCONNECTED|Failed to fetch")
    page.get_by_label("Name of the class").fill("7D, radio")
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        press(page, "Save")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_enabled()
    expect(page.get_by_label("Name of the class")).to_have_value("7D, radio")
    page.context.set_offline(False)
    press(page, "Save")
    expect(told(page)).to_have_text("Saved.")
    assert is_same(page)
