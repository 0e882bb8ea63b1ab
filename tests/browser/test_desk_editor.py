"""The editor in a browser: passages selected, saved by itself, nothing typed lost on the way."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Route, expect

from quiz.models import DeskQuestion, Player, Right
from quiz.services.desk import quoting
from quiz.services.desk.contents import draft
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.desk import HARBOUR, create_question, share
from tests.factories import NOW

if TYPE_CHECKING:
    from quiz.domain.question_set import Draft

SELECT = """([from, to]) => {
  const paper = document.querySelector("[data-document]");
  const walker = document.createTreeWalker(paper, NodeFilter.SHOW_TEXT);
  const point = (words, atEnd) => {
    for (walker.currentNode = paper; walker.nextNode();) {
      const at = walker.currentNode.data.indexOf(words);
      if (at >= 0) return [walker.currentNode, at + (atEnd ? words.length : 0)];
    }
    throw new Error("not in the document: " + words);
  };
  getSelection().setBaseAndExtent(...point(from, false), ...point(to, true));
}"""


@dataclass(frozen=True, slots=True)
class Desk:
    """A question at the desk, and the trainer who writes it."""

    site: Site
    trainer: int
    question: int

    @property
    def address(self) -> str:
        """The editor's page."""
        return f"/desk/questions/{self.question}"

    def now(self) -> Draft:
        """The question as it is stored."""
        with playing.store(self.site) as session:
            return draft(session.get_one(DeskQuestion, self.question))

    def opened(self, page: Page, **preferences: str) -> Page:
        """The editor in this page, its scripts running."""
        playing.seat(page, self.site, self.trainer, **preferences)
        page.goto(self.address)
        playing.arrived(page)
        return page

    def colleague(self, right: Right = Right.EDIT) -> Desk:
        """The same question for another trainer, who is let in."""
        other = playing.trainer_named(self.site, f"Igor {secrets.token_hex(4)}", "three words here")
        with playing.store(self.site) as session:
            row, who = (
                session.get_one(DeskQuestion, self.question),
                session.get_one(Player, other),
            )
            share(session, row, who, right)
        return Desk(self.site, other, self.question)


@pytest.fixture
def desk(site: Site) -> Desk:
    """An empty question on a French text with emoji, guillemets and no-break spaces."""
    trainer = playing.trainer_named(site, f"Mona {secrets.token_hex(6)}", "three small words")
    with playing.store(site) as session:
        question = create_question(session, session.get_one(Player, trainer))
        return Desk(site, trainer, question.id)


def saved(page: Page) -> None:
    """Wait until everything typed is stored."""
    expect(page.locator("#state")).to_have_attribute("data-state", "saved")


def claim(page: Page, language: str = "fr") -> str:
    return page.locator(f"[id='f-claim.{language}']").input_value()


def write(page: Page, text: str, field: str = "claim.fr") -> None:
    """Type into a field and wait until it is known to be unsaved, or saved already."""
    page.locator(f"[id='f-{field}']").fill(text)


def kept(page: Page) -> object:
    """What the browser keeps of the question."""
    values = page.evaluate("Object.values(localStorage)")
    return [json.loads(value) for value in values]


def drag(page: Page, words: str) -> None:
    """Select words of one line of the document with the mouse."""
    box = page.evaluate(
        f"""(words) => {{ ({SELECT})([words, words]);
        const box = getSelection().getRangeAt(0).getBoundingClientRect();
        getSelection().removeAllRanges();
        return [box.left, box.right, box.top + box.height / 2]; }}""",
        words,
    )
    left, right, middle = box
    page.mouse.move(left + 1, middle)
    page.mouse.down()
    page.mouse.move((left + right) / 2, middle, steps=4)
    page.mouse.move(right - 1, middle, steps=4)
    page.mouse.up()


def test_a_passage_selected_by_mouse_becomes_evidence_with_its_exact_words(
    desk: Desk, learner: Learners
) -> None:
    page = desk.opened(learner())
    drag(page, "«\u00a0deux grues\u00a0»")
    page.get_by_role("button", name="Use as evidence").click()

    expect(page.locator(".quote-card")).to_have_count(1)
    expect(page.locator("#documents mark")).to_have_text("«\u00a0deux grues\u00a0»")
    (evidence,) = desk.now().evidence
    assert evidence.quote.exact == "«\u00a0deux grues\u00a0»"
    expect(page.locator("#selection-bar")).to_be_hidden()


@pytest.mark.parametrize(
    ("first", "last", "exact"),
    [
        ("🛥️ et", "grues", "🛥️ et «\u00a0deux grues"),
        ("le maire", "la cloche", "le maire.\nPersonne n’a vu la cloche"),
        ("12 bateaux", "12 bateaux", "12 bateaux"),
    ],
    ids=["behind an emoji", "over two lines", "of words that stand twice"],
)
def test_a_selection_is_counted_in_the_document_s_characters(
    desk: Desk, learner: Learners, first: str, last: str, exact: str
) -> None:
    page = desk.opened(learner())
    page.evaluate(SELECT, [first, last])
    page.get_by_role("button", name="Use as evidence").click()
    expect(page.locator(".quote-card")).to_have_count(1)
    (evidence,) = desk.now().evidence
    assert evidence.quote.exact == exact


def test_a_question_gets_its_evidence_by_keyboard_alone(desk: Desk, learner: Learners) -> None:
    page = desk.opened(learner())
    page.locator(".sentence[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#selection-bar")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".quote-card")).to_have_count(1)
    (evidence,) = desk.now().evidence
    assert evidence.quote.exact == "".join(HARBOUR.partition("Personne")[1:]).strip()
    expect(page.locator("#heard")).to_have_text("Added to the evidence.")
    expect(page.locator(".sentence:focus")).to_have_count(1)  # where one was in the text

    page.keyboard.press("ArrowUp")
    expect(page.locator("#selection-bar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#selection-bar")).to_be_hidden()
    # What is typed elsewhere is no command.
    page.evaluate(SELECT, ["la cloche", "la cloche"])
    page.locator("#f-quote").focus()
    page.keyboard.type("deux grues")
    page.keyboard.press("Enter")
    expect(page.locator(".quote-card")).to_have_count(2)


def test_a_quote_typed_with_a_typo_is_offered_the_nearest_passage(
    desk: Desk, learner: Learners
) -> None:
    page = desk.opened(learner())
    learner.expect_problem("422")
    page.locator("#f-quote").fill("Personne n’a vue la clohce")
    page.keyboard.press("Enter")
    offered = page.locator("#places").get_by_role("button", name="Use this passage")
    expect(offered).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".quote-card blockquote")).to_contain_text("vu la cloche")
    expect(page.locator("#places button")).to_have_count(0)
    saved(page)


def test_what_is_typed_is_stored_by_itself_and_there_after_a_reload(
    desk: Desk, learner: Learners
) -> None:
    page = desk.opened(learner())
    page.locator("[id='f-claim.fr']").press_sequentially("Le port compte 13 bateaux.")
    expect(page.locator("#state")).to_have_attribute("data-state", re.compile("dirty|saving|saved"))
    page.locator("input[name=difficulty][value='2']").check()
    saved(page)
    expect(page.locator("[data-counts='f-claim.fr']")).to_have_text("26")
    page.reload()
    assert claim(page) == "Le port compte 13 bateaux."
    assert desk.now().difficulty == 2
    assert kept(page) == []


def test_without_connection_the_text_is_kept_and_sent_when_it_is_back(
    desk: Desk, learner: Learners
) -> None:
    page = desk.opened(learner())
    learner.expect_problem("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    write(page, "Typed in a tunnel")
    expect(page.locator("#state")).to_have_attribute("data-state", "lost")
    expect(page.locator("#heard")).to_contain_text("no connection")
    write(page, "Typed in a tunnel, twice")
    page.context.set_offline(False)
    saved(page)
    assert desk.now().claim == {"fr": "Typed in a tunnel, twice"}


def test_a_server_that_is_away_is_asked_again(desk: Desk, learner: Learners) -> None:
    page = desk.opened(learner())
    learner.expect_problem("503")
    answers = iter([503])

    def sometimes(route: Route) -> None:
        status = next(answers, None)
        route.continue_() if status is None else route.fulfill(status=status)

    page.route("**/save/part", sometimes)
    write(page, "Busy")
    saved(page)
    assert desk.now().claim == {"fr": "Busy"}


def test_after_a_crash_the_unsaved_text_is_offered_and_put_back(
    desk: Desk, learner: Learners
) -> None:
    page = desk.opened(learner())
    learner.expect_problem("ERR_FAILED")
    page.route("**/save/part", lambda route: route.abort())
    write(page, "Not stored yet")
    expect(page.locator("#state")).to_have_attribute("data-state", "lost")
    again = page.context.new_page()  # the browser comes back; the old page never says goodbye
    again.goto(desk.address)
    playing.arrived(again)
    assert claim(again) == ""
    expect(again.locator("#kept")).to_be_visible()
    again.get_by_role("button", name="Put it back").click()
    saved(again)
    assert desk.now().claim == {"fr": "Not stored yet"}
    again.reload()
    expect(again.locator("#kept")).to_be_hidden()


def test_leaving_with_unsaved_text_asks_first(desk: Desk, learner: Learners) -> None:
    page = desk.opened(learner())
    learner.expect_problem("ERR_FAILED")
    page.route("**/save/part", lambda route: route.abort())
    page.locator("[id='f-claim.fr']").press_sequentially("x")
    expect(page.locator("#state")).to_have_attribute("data-state", "lost")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Guide").click()
    expect(page.locator("#state")).to_be_visible()  # the page stays
    assert asked == ["beforeunload"]


def test_two_trainers_on_different_fields_see_each_other_s_words(
    desk: Desk, learner: Learners
) -> None:
    mona, igor = desk.opened(learner()), desk.colleague().opened(learner())
    write(mona, "Mona’s")
    saved(mona)
    write(igor, "Igor’s", "claim.en")
    expect(igor.locator("[id='f-claim.fr']")).to_have_value("Mona’s")
    expect(igor.locator("[id='hint-claim.fr'] .hint-note")).to_be_visible()
    saved(igor)
    assert desk.now().claim == {"fr": "Mona’s", "en": "Igor’s"}


@pytest.mark.parametrize("choice", ["Keep mine", "Take theirs"])
def test_two_tabs_on_one_field_show_both_versions_to_choose_from(
    desk: Desk, learner: Learners, choice: str
) -> None:
    mona, igor = desk.opened(learner()), desk.colleague().opened(learner())
    write(igor, "Igor’s words")
    saved(igor)
    write(mona, "Mona’s words")
    clash = mona.locator(".clash")
    expect(clash).to_contain_text("Igor’s words")
    expect(clash).to_contain_text("Mona’s words")
    expect(mona.locator("#state")).to_have_attribute("data-state", "clash")
    assert claim(mona) == "Mona’s words"
    mona.get_by_role("button", name=choice).click()
    expect(clash).to_have_count(0)
    saved(mona)
    wanted = "Mona’s words" if choice == "Keep mine" else "Igor’s words"
    assert claim(mona) == desk.now().claim["fr"] == wanted


def test_typing_on_while_a_save_is_under_way_loses_nothing(desk: Desk, learner: Learners) -> None:
    page = desk.opened(learner())
    held: list[Route] = []
    page.route("**/save/part", lambda r: r.continue_() if held else held.append(r))
    write(page, "First")
    page.locator("[id='f-claim.fr']").blur()
    expect(page.locator("#state")).to_have_attribute("data-state", "saving")
    playing.await_held(page, held)
    page.locator("[id='f-claim.fr']").press_sequentially(" and more", delay=5)
    held[0].continue_()
    saved(page)
    assert claim(page) == "First and more"
    assert desk.now().claim == {"fr": "First and more"}


def test_undo_and_redo_walk_through_what_was_saved(desk: Desk, learner: Learners) -> None:
    page = desk.opened(learner())
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    write(page, "Once")
    page.locator("[id='f-claim.fr']").blur()
    saved(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[id='f-claim.fr']")).to_have_value("")
    page.get_by_role("button", name="Redo").click()
    expect(page.locator("[id='f-claim.fr']")).to_have_value("Once")


def test_the_guided_choice_leads_to_a_rule_and_its_verdict(desk: Desk, learner: Learners) -> None:
    page = desk.opened(learner())
    asked = page.locator(".step:visible:has(.yes-no)")
    expect(asked).to_have_count(1)
    asked.first.get_by_role("button", name="No").click()
    expect(asked).to_have_count(2)
    expect(asked.nth(1).get_by_role("button", name="Yes")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(page.locator("input[name=verdict][value=false]")).to_be_checked()
    expect(page.locator(".chosen-rule")).to_contain_text("F1")
    saved(page)
    assert (desk.now().rule, desk.now().verdict) == ("F1", "false")
    # Against the rule: it is said.
    page.locator("input[name=verdict][value=true]").check(force=True)
    expect(page.locator("#lint .hint-error")).not_to_have_count(0)
    page.reload()
    expect(page.locator("input[name=rule]:checked")).to_be_visible()


def test_a_line_of_what_is_left_leads_into_its_field(desk: Desk, learner: Learners) -> None:
    page = desk.opened(learner())
    page.locator("#lint").get_by_role("link", name="Explanation, English").click()
    expect(page.locator("[id='f-explanation.en']")).to_be_focused()
    page.locator("#lint").get_by_role("link", name="Rule").click()
    expect(page.locator("#f-rule [data-answer]:focus, #f-rule button:focus")).to_have_count(1)


def test_a_near_miss_fills_the_claim(desk: Desk, learner: Learners) -> None:
    page = desk.opened(learner())
    page.evaluate(SELECT, ["Le port compte 12", "le maire"])
    page.get_by_role("button", name="Use as evidence").click()
    expect(page.locator(".chip")).not_to_have_count(0)
    page.locator(".chip").nth(1).click()
    expect(page.locator("[id='f-claim.fr']")).not_to_have_value("")
    saved(page)
    assert "12" not in desk.now().claim["fr"]


def test_a_pair_made_in_the_list_stands(site: Site, desk: Desk, learner: Learners) -> None:
    with playing.store(site) as session:
        row, who = (
            session.get_one(DeskQuestion, desk.question),
            session.get_one(Player, desk.trainer),
        )
        quoting.start_question(session, who, row.set_id, NOW)
    page = desk.opened(learner())
    page.locator("#f-contrast").focus()
    page.locator("#f-contrast").select_option(label="make a contrast with “q2”")
    expect(page.locator("#f-contrast option:checked")).to_have_text("with “q2”")
    saved(page)
    write(page, "Something more")
    saved(page)
    assert desk.now().contrast == "q2-q1"


def test_a_suggestion_starts_another_question(site: Site, desk: Desk, learner: Learners) -> None:
    page = desk.opened(learner())
    page.locator(".suggestions summary").click()
    page.get_by_role("button", name="Start a question from it").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 2 of 2")
    expect(page.locator(".quote-card")).to_have_count(1)


def test_on_a_phone_document_and_question_take_turns(
    desk: Desk, learner: Learners, axe: Callable[..., list[str]]
) -> None:
    page = desk.opened(learner(width=360, height=740, has_touch=True))
    expect(page.locator("#documents")).to_be_visible()
    expect(page.locator("#question")).to_be_hidden()
    page.evaluate(SELECT, ["la cloche", "la cloche"])
    bar = page.locator("#selection-bar")
    expect(bar).to_be_visible()
    box = bar.bounding_box()
    assert box
    assert box["y"] + box["height"] > 680
    assert box["x"] + box["width"] <= 360
    assert axe(page) == []
    page.get_by_role("button", name="Use as evidence").tap()
    expect(page.locator("#documents mark")).to_have_text("la cloche")
    page.locator("[data-pane=question]").tap()
    expect(page.locator(".quote-card")).to_be_visible()
    expect(page.locator("#documents")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_editor(
    desk: Desk, learner: Learners, axe: Callable[..., list[str]], scheme: str
) -> None:
    learner.expect_problem("422")
    page = desk.opened(learner(width=1280, color_scheme=scheme))
    page.locator("#f-quote").fill("Personne n’a vue la clohce")
    page.keyboard.press("Enter")
    expect(page.locator("#places mark")).to_be_visible()
    page.locator("#places button").click()
    expect(page.locator(".quote-card")).to_have_count(1)
    other = desk.colleague().opened(learner())
    write(other, "Theirs")
    saved(other)
    write(page, "Mine")
    expect(page.locator(".clash")).to_be_visible()
    page.locator(".suggestions summary").click()
    page.locator("[data-all]").click()
    assert axe(page) == []


def test_axe_finds_nothing_in_the_history_and_for_a_reader(
    desk: Desk, learner: Learners, axe: Callable[..., list[str]]
) -> None:
    page = desk.opened(learner())
    write(page, "Something")
    saved(page)
    page.goto(f"{desk.address}/history")
    assert axe(page) == []
    reader = desk.colleague(Right.READ).opened(learner())
    expect(reader.locator("[id='f-claim.fr']")).to_be_disabled()
    assert axe(reader) == []
