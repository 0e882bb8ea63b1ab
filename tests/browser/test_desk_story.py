"""From a document to a set that is played: the whole way, in browsers, as people go it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from quiz.models import QuestionRevision
from tests.browser import hosting, playing
from tests.browser.conftest import Learners, Site, opened
from tests.browser.test_desk_editor import SELECT, saved

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = """La cloche du port de Kerlo retrouvée

La cloche du port de Kerlo a été retrouvée mardi matin par deux plongeurs, à 14 mètres de fond.
Elle pèse 230 kilos, indique le service du port. Elle avait disparu de la jetée en novembre.
Selon Anne Morvan, directrice du port, la cloche date de 1887.
Un employé qui ne souhaite pas être nommé pense qu’elle a été volée.
La mairie n’a pas encore dit qui paiera les travaux de la jetée.
"""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A question as the trainer writes it."""

    quote: str
    claim: str
    rule: str
    stance: str
    explanation: str
    skill: str

    @property
    def verdict(self) -> str:
        """The verdict that the rule leads to."""
        return {"T": "true", "F": "false", "U": "unverified"}[self.rule[0]]


QUESTIONS = (
    Sketch(
        "a été retrouvée mardi matin par deux plongeurs",
        "Ce sont deux plongeurs qui ont retrouvé la cloche du port de Kerlo.",
        "T1",
        "supports",
        "L’article dit de sa propre voix que la cloche a été retrouvée par deux plongeurs, mardi.",
        "close_reading",
    ),
    Sketch(
        "Elle pèse 230 kilos",
        "La cloche que les plongeurs ont retrouvée à Kerlo pèse 320 kilos.",
        "F1",
        "refutes",
        "L’article donne un autre poids : elle pèse 230 kilos. Il contredit l’affirmation.",
        "number_check",
    ),
    Sketch(
        "pense qu’elle a été volée",
        "La cloche du port de Kerlo a été volée sur la jetée en novembre.",
        "U2",
        "hedges",
        "Un seul employé, sans nom, pense qu’elle a été volée. Personne d’autre ne le confirme.",
        "anonymous_source",
    ),
    Sketch(
        "Selon Anne Morvan, directrice du port, la cloche date de 1887",
        "Anne Morvan, qui dirige le port, dit que la cloche date de 1887.",
        "T2",
        "supports",
        "La directrice est nommée, et l’affirmation la nomme : selon elle, la cloche date de 1887.",
        "attribution_chain",
    ),
    Sketch(
        "à 14 mètres de fond",
        "Les plongeurs ont retrouvé la cloche du port à 40 mètres de fond.",
        "F1",
        "refutes",
        "L’article donne une autre profondeur, 14 mètres de fond, et contredit donc l’affirmation.",
        "number_check",
    ),
    Sketch(
        "La mairie n’a pas encore dit qui paiera les travaux",
        "La mairie de Kerlo paiera elle-même les travaux de la jetée.",
        "U5",
        "nearest",
        "L’article ne donne aucun payeur : la mairie n’a pas encore dit qui paiera les travaux.",
        "silence_of_source",
    ),
)
BAD = 1
"""Which question is first written with a rule that its quote does not bear."""


def bring(page: Page) -> None:
    """Paste the document and say what is known of it."""
    page.goto("/desk/documents/new")
    page.get_by_label("Text of the document, as it was received").fill(TEXT)
    page.get_by_role("button", name="Bring this text").click()
    page.locator("input[name='title.fr']").fill("La cloche du port")
    page.locator("input[name='kind.fr']").fill("Article d’un journal local")
    page.locator("textarea[name='provenance.fr']").fill(
        "Le service du port parle, le journal rapporte."
    )
    page.locator("textarea[name='date_note.fr']").fill("L’article ne porte pas de date.")
    page.get_by_label("none stated").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")


def make_set(page: Page, title: str) -> str:
    """A set in French on the document; gives the address of its page."""
    page.goto("/desk/")
    page.locator("input[name='title.fr']").fill(title)
    page.locator("input[name=languages][value=fr]").check()
    page.locator("input[name=languages][value=en]").uncheck()
    page.get_by_label("La cloche du port").check()
    page.get_by_role("button", name="Make the set").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.locator("textarea[name='summary.fr']").fill("Six affirmations sur une cloche.")
    page.locator("form:has(textarea[name='summary.fr'])").get_by_role("button").last.click()
    expect(page.get_by_role("status").first).to_be_visible()
    return re.sub(r"[?#].*", "", page.url)


def write(page: Page, sketch: Sketch, rule: str) -> None:
    """Make a question: select the passage, then fill what the editor asks for."""
    page.get_by_role("button", name="New question").first.click()
    page.wait_for_url("**/desk/questions/*")
    expect(page.locator(".quote-card")).to_have_count(0)
    playing.arrived(page)
    select_words(page, sketch.quote)
    page.get_by_role("button", name="Use as evidence").click()
    expect(page.locator(".quote-card blockquote")).to_contain_text(sketch.quote)
    page.locator(f"input[name$='.stance'][value={sketch.stance}]").check()
    page.locator("[id='f-claim.fr']").fill(sketch.claim)
    choose_rule(page, rule)
    page.locator("[id='f-explanation.fr']").fill(sketch.explanation)
    page.locator(f"input[name=skills][value={sketch.skill}]").check()
    page.locator("input[name=difficulty][value='2']").check()
    page.locator("input[name=as_of]").fill("2026-03-12")
    page.locator("input[name=as_of]").press("Tab")
    saved(page)


def select_words(page: Page, words: str) -> None:
    """Select words of the document with the mouse, from the first line to the last."""
    lines = page.evaluate(
        f"""(words) => {{ ({SELECT})([words, words]);
        const boxes = [...getSelection().getRangeAt(0).getClientRects()];
        getSelection().removeAllRanges();
        return boxes.map((box) => [box.left, box.right, box.top + box.height / 2]); }}""",
        words,
    )
    page.mouse.move(lines[0][0] + 1, lines[0][2])
    page.mouse.down()
    page.mouse.move(lines[-1][1] - 1, lines[-1][2], steps=6)
    page.mouse.up()


def choose_rule(page: Page, rule: str) -> None:
    """Choose a rule among all of them."""
    everything = page.locator("[data-all]")
    if everything.is_visible():
        everything.click()
    page.locator(f"input[name=rule][value={rule}]").check()
    saved(page)


def publish(page: Page, desk_set: str) -> None:
    """Go to the set, and from there through the page that says what publishing means."""
    page.goto(desk_set)
    page.get_by_role("link", name="Publish").click()


def read_blind(page: Page, title: str) -> None:
    """The second reader judges every claim on the document alone, and finishes."""
    page.goto("/desk/readings/")
    page.get_by_role("link", name="Read", exact=False).last.click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert not re.search("U5|silence|nearest|explanation", page.content())
    for sketch in QUESTIONS:
        card = page.locator(".blind-claim").filter(has_text=sketch.claim)
        card.locator(f"label:has(input[value={sketch.verdict}])").click()
        card.get_by_role("button").click()
        expect(card.get_by_role("status")).to_contain_text("Saved")
    page.get_by_role("button", name="Finish the reading").click()
    expect(page.locator(".kappa")).to_be_visible()


def play(page: Page, title: str) -> None:
    """A learner plays a quick round of all questions, with the right verdict every time."""
    page.goto("/")
    card = page.locator("li, article, section").filter(has=page.get_by_role("heading", name=title))
    card.last.locator("input[name=size]").last.check()
    card.last.locator("button[name=mode][value=quick]").click()
    verdict_of = {sketch.claim: sketch.verdict for sketch in QUESTIONS}
    for _ in QUESTIONS:
        claim = playing.claim_of(page).inner_text()
        playing.arrived(page)
        playing.choice(page, "verdict", verdict_of[claim]).click()
        playing.choice(page, "confidence", 3).click()
        playing.send(page)
        expect(playing.outcome_on(page)).to_contain_text("Well judged")
        page.locator("#item .next").click()
    expect(page.get_by_role("main")).to_contain_text("6")


def downloaded(page: Page, desk_set: str) -> bytes:
    """The zip file that the page of a set offers."""
    page.goto(desk_set)
    with page.expect_download() as waiting:
        page.locator("a[href$='.zip']").first.click()
    return Path(waiting.value.path()).read_bytes()


def revisions(site: Site) -> list[tuple[str, str]]:
    """What is asked at a site about the bell: question and digest."""
    with playing.store(site) as session:
        query = select(QuestionRevision.question_id, QuestionRevision.digest)
        rows = session.execute(query.where(QuestionRevision.set_slug.startswith("cloche")))
        return sorted((row.question_id, row.digest) for row in rows)


def test_a_document_becomes_a_set_that_is_read_published_played_and_carried_away(
    site: Site,
    learner: Learners,
    browser: Browser,
    tmp_path: Path,
    axe: Callable[..., list[str]],
) -> None:
    title = f"Cloche {secrets.token_hex(3)}"
    mona, igor = learner(height=1000), learner()
    hosting.sign_in(mona, hosting.trainer(site))
    second = hosting.trainer(site)
    hosting.sign_in(igor, second)

    bring(mona)
    desk_set = make_set(mona, title)
    for number, sketch in enumerate(QUESTIONS):
        if number:
            mona.goto(desk_set)
        write(mona, sketch, "T1" if number == BAD else sketch.rule)

    # A rule that its quote does not bear stands in the way until it is mended.
    publish(mona, desk_set)
    expect(mona.get_by_role("heading", name="Not yet")).to_be_visible()
    expect(mona.get_by_role("button", name="Publish edition")).to_have_count(0)
    assert axe(mona) == []
    mona.get_by_role("link", name=QUESTIONS[BAD].claim).click()
    playing.arrived(mona)
    choose_rule(mona, QUESTIONS[BAD].rule)
    expect(mona.locator("#lint")).not_to_contain_text("needs a quote")

    mona.goto(f"/desk/readings/sets/{desk_set.rsplit('/', 1)[1]}")
    mona.locator("input[name=reader]").fill(second)
    mona.get_by_role("button", name="Ask", exact=True).click()
    expect(mona.locator(".notice[role=status]")).to_be_visible()  # sent without leaving the page
    read_blind(igor, title)
    mona.reload()
    expect(mona.get_by_role("main")).to_contain_text("κ")
    expect(mona.get_by_role("main")).to_contain_text("1.00")

    publish(mona, desk_set)
    mona.get_by_role("button", name="Publish edition 1").click()
    expect(mona.get_by_role("main")).to_contain_text("Published")
    play(learner(language="en"), title)

    carried = downloaded(mona, desk_set)
    with opened(tmp_path) as elsewhere:
        there = Learners(elsewhere, browser)
        page = there()
        hosting.sign_in(page, hosting.trainer(elsewhere))
        page.goto("/desk/files/")
        file = {"name": "cloche.zip", "mimeType": "application/zip", "buffer": carried}
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_role("button", name="Look what is in it").click()
        page.get_by_role("button", name="Bring in what is ticked").click()
        page.wait_for_url("**/desk/sets/*")
        page.goto("/desk/")
        page.get_by_role("link", name=title).click()
        address = re.sub(r"[?#].*", "", page.url)
        publish(page, address)
        page.get_by_role("button", name="Publish edition 1").click()
        expect(page.get_by_role("main")).to_contain_text("Published")
        assert downloaded(page, address) == carried
        assert revisions(elsewhere) == revisions(site)
        play(there(), title)
        there.close()
