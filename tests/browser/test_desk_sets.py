"""A trainer's sets in a browser: put in order by hand and by key, published, previewed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from quiz.domain.question_set import Draft
from quiz.models import Player
from tests import desk
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.states import seated
from tests.factories import NOW

Axe = Callable[..., list[str]]
CLAIMS = [desk.a_draft(n).claim["en"] for n in range(4)]


def at_desk(page: Page, site: Site, questions: int = 3, unfinished: bool = False) -> str:
    """Seat a new trainer who has a set; gives the address of its page."""
    number = secrets.token_hex(4)
    trainer_id = playing.trainer_named(site, f"Ames {number}", "three small words")
    with playing.store(site) as session:
        trainer = session.get_one(Player, trainer_id)
        document = desk.create_document(session, trainer, f"bridge-{number}")
        made = desk.create_set(session, trainer, f"Bridge {number}", [document], questions)
        if unfinished:
            desk.add_question(session, trainer, made.id, Draft("question"), NOW)
        address = f"/desk/sets/{made.id}"
    seated(page, site, trainer_id)
    return address


def claims_on(page: Page) -> Locator:
    """The claims of the list, in order."""
    return page.locator(".line-claim a")


def drag(page: Page, question: int, onto: int) -> None:
    """Drag a question by its grip just above another one."""
    grip = page.locator("[data-grip]").nth(question)
    grip.scroll_into_view_if_needed()
    box, aim = grip.bounding_box(), page.locator(".question-line").nth(onto).bounding_box()
    assert box
    assert aim
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"], (box["y"] + aim["y"]) / 2, steps=5)
    page.mouse.move(box["x"], aim["y"] + 4, steps=5)
    page.mouse.up()


def test_questions_are_put_in_order_by_dragging(site: Site, learner: Learners) -> None:
    page = learner(height=1400)
    page.goto(at_desk(page, site))
    playing.arrived(page)

    drag(page, 2, onto=0)

    expect(page.locator("#moved")).to_have_text("Now in place 1 of 3.")
    expect(claims_on(page)).to_have_text([CLAIMS[2], CLAIMS[0], CLAIMS[1]])
    page.reload()
    expect(claims_on(page)).to_have_text([CLAIMS[2], CLAIMS[0], CLAIMS[1]])


def test_a_finger_on_the_grip_drags_and_does_not_scroll(site: Site, learner: Learners) -> None:
    page = learner(width=360, height=740, has_touch=True)
    page.goto(at_desk(page, site))
    playing.arrived(page)
    grip = page.locator("[data-grip]").nth(1)
    grip.evaluate("grip => grip.scrollIntoView({ block: 'center' })")
    box, aim = grip.bounding_box(), page.locator(".question-line").first.bounding_box()
    assert box
    assert aim
    before = page.evaluate("scrollY")
    touch = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for kind, at in [("touchStart", y), ("touchMove", y - 20), ("touchMove", aim["y"] + 4)]:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": at}]})
    assert page.evaluate("scrollY") == before
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    expect(claims_on(page)).to_have_text([CLAIMS[1], CLAIMS[0], CLAIMS[2]])


def test_questions_move_by_key_and_the_focus_stays(site: Site, learner: Learners) -> None:
    page = learner()
    page.goto(at_desk(page, site))
    playing.arrived(page)
    page.get_by_role("button", name="Question 1: Down").focus()

    page.keyboard.press("Enter")
    expect(page.locator("#moved")).to_have_text("Now in place 2 of 3.")
    expect(page.get_by_role("button", name="Question 2: Down")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#moved")).to_have_text("Now in place 3 of 3.")
    expect(claims_on(page)).to_have_text([CLAIMS[1], CLAIMS[2], CLAIMS[0]])
    # at the end there is no further down: the focus is on what is still possible
    expect(page.get_by_role("button", name="Question 3: Up")).to_be_focused()


def test_questions_move_without_scripts(site: Site, learner: Learners) -> None:
    page = learner(java_script_enabled=False)
    page.goto(at_desk(page, site))

    page.get_by_role("button", name="Question 3: Up").click()

    expect(claims_on(page)).to_have_text([CLAIMS[0], CLAIMS[2], CLAIMS[1]])
    assert "#question-" in page.url


def test_publishing_is_blocked_until_the_errors_are_mended(
    site: Site, learner: Learners, axe: Axe
) -> None:
    page, player = learner(), learner(width=360)
    address = at_desk(page, site, unfinished=True)
    page.goto(address)
    title = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Publish").click()
    expect(page.get_by_role("heading", name="Not yet")).to_be_visible()
    expect(page.get_by_role("button", name="Publish edition")).to_have_count(0)
    assert axe(page) == []

    page.goto(address)
    page.locator(".question-line").last.locator("summary").click()
    page.get_by_role("button", name="Yes, delete the question").click()
    page.get_by_role("link", name="Publish").click()
    expect(page.get_by_text("Everybody who plays on this site")).to_be_visible()
    page.get_by_role("button", name="Publish edition 1").click()
    expect(page.get_by_text("Edition 1 is out")).to_be_visible()

    player.goto("/")
    expect(player.get_by_role("heading", name="Sets by trainers")).to_be_visible()
    card = player.locator(".set-card").filter(has_text=title)
    card.get_by_role("button", name="Quick round").click()
    expect(playing.claim_of(player)).to_be_visible()


def test_the_history_tells_what_changed_between_two_editions(
    site: Site, learner: Learners, axe: Axe
) -> None:
    page = learner()
    address = at_desk(page, site, questions=4)
    page.goto(f"{address}/publish")
    page.get_by_role("button", name="Publish edition 1").click()
    page.get_by_role("group", name="Title", exact=True).get_by_label("English").fill("Old bridge")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Old bridge")
    page.get_by_role("button", name="Question 1: Down").click()
    expect(page.locator("#moved")).to_have_text("Now in place 2 of 4.")
    page.get_by_role("link", name="Publish").click()
    expect(page.locator("ins").first).to_contain_text("Old")
    assert axe(page) == []
    page.get_by_role("button", name="Publish edition 2").click()
    page.get_by_role("link", name="History").click()

    expect(page.get_by_role("heading", name="Edition 2")).to_be_visible()
    expect(page.locator(".edition").first).to_contain_text("In another place:")
    assert axe(page) == []


def test_a_preview_is_played_by_key_on_the_phone(site: Site, learner: Learners, axe: Axe) -> None:
    page = learner(width=360, reduced_motion="reduce")  # axe would measure colours that fade in
    address = at_desk(page, site)
    page.goto(f"{address}/preview")
    playing.arrived(page)
    expect(playing.claim_of(page)).to_have_text(CLAIMS[0])
    assert axe(page) == []

    for claim in CLAIMS[:3]:
        expect(playing.claim_of(page)).to_have_text(claim)
        playing.arrived(page)
        page.keyboard.press("1")
        page.keyboard.press("6")
        page.keyboard.press("Enter")
        expect(playing.outcome_on(page)).to_be_visible()
        playing.arrived(page)
        if claim == CLAIMS[0]:
            expect(page.locator(".outcome")).to_contain_text("Well judged")
            assert axe(page) == []
        page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(f"{address}$"))


def test_a_preview_goes_on_by_the_arrow_key_on_the_projector(
    site: Site, learner: Learners, axe: Axe
) -> None:
    page = learner(width=1920, height=1080)
    address = at_desk(page, site)
    page.goto(f"{address}/preview/1")
    page.get_by_role("link", name="Projector").click()
    expect(page.locator("body.projector")).to_be_visible()
    playing.arrived(page)
    assert axe(page) == []

    page.keyboard.press("ArrowRight")
    expect(playing.outcome_on(page)).to_contain_text("True")
    assert axe(page) == []
    playing.arrived(page)
    page.keyboard.press("ArrowRight")
    expect(playing.claim_of(page)).to_have_text(CLAIMS[1])
    page.get_by_role("link", name="Phone").click()
    expect(page.get_by_role("group", name="Your verdict")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_the_desk_are_in_order(
    site: Site, learner: Learners, axe: Axe, width: int, scheme: str
) -> None:
    page = learner(width=width, color_scheme=scheme)
    address = at_desk(page, site, unfinished=True)
    shipped = page.context.request.get("/").text().split('class="card set-card" id="')[1]
    library = "/desk/library/" + shipped.split('"')[0]
    rest = ("", "/publish", "/history", "/preview/1", "/preview/4", "/preview/1?screen=projector")
    for place in ["/desk/", library, *(address + end for end in rest)]:
        page.goto(place)
        assert axe(page) == [], place
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, place
