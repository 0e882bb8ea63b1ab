"""A round by keyboard, by mouse, by touch and without scripts: what is tapped is what counts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from quiz.domain.answer import Look
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.services.library.catalogue import Revision
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.hands import HANDS, Hand, said, signed, worth
from tests.browser.playing import VERDICT, Row, Tapped

TAPS = [
    Tapped(Verdict.TRUE, Confidence.SURE),
    Tapped(Verdict.UNVERIFIED, Confidence.GUESS),
    Tapped(Verdict.FALSE, Confidence.FAIRLY_SURE),
    Tapped(Verdict.UNVERIFIED, Confidence.LEANING),
    Tapped(Verdict.TRUE, Confidence.GUESS),
]
FIRST_TAPS = [*TAPS[1:], TAPS[0]]
SENTENCES = [3, "none", 7, 5, "none"]


with_every_hand = pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS.keys())


@with_every_hand
def test_a_quick_round_counts_what_was_tapped(site: Site, learner: Learners, hand: Hand) -> None:
    page = learner(**hand.screen)
    round_id = begin(page, hand, "quick", "cancelled-strikes")
    for number, tapped in enumerate(TAPS, start=1):
        expect(page.locator(".round-head")).to_contain_text(f"Question {number} of 5")
        hand.choose(page, tapped)
        hand.send(page)
        expect(playing.outcome_on(page)).to_be_visible()
        expect(page.locator(".looks")).to_contain_text(said(tapped))
        hand.send(page)
    expect(page.get_by_role("heading", level=1, name="Your round")).to_be_visible()
    assert playing.rows(site, round_id) == [
        Row(n, Look.FINAL, t.verdict, t.confidence, None) for n, t in enumerate(TAPS, start=1)
    ]
    see_summary(page, playing.asked(site, round_id), TAPS, [None] * 5)
    see_review(page, hand, TAPS[4], playing.asked(site, round_id)[4], None)


@with_every_hand
def test_an_investigation_counts_both_looks_and_the_sentence(
    site: Site, learner: Learners, hand: Hand
) -> None:
    page = learner(**hand.screen)
    round_id = begin(page, hand, "investigation", "cancelled-strikes")
    expected: list[Row] = []
    pointed: list[str | None] = []
    second = [Tapped(t.verdict, t.confidence, s) for t, s in zip(TAPS, SENTENCES, strict=True)]
    for number, (first, final) in enumerate(zip(FIRST_TAPS, second, strict=True), start=1):
        expect(page.locator(".round-head")).to_contain_text(f"Question {number} of 5 · first look")
        expect(page.locator("#sources")).to_have_count(0)
        hand.choose(page, first)
        hand.send(page)
        expect(page.locator(".first-answer")).to_contain_text(said(first))
        words = sentence(page, final.sentence)
        hand.choose(page, final)
        hand.send(page)
        expect(playing.outcome_on(page)).to_be_visible()
        expect(page.locator(".looks > div").nth(0)).to_contain_text(said(first))
        expect(page.locator(".looks > div").nth(1)).to_contain_text(said(final))
        hand.send(page)
        expected += [
            Row(number, Look.FIRST, first.verdict, first.confidence, None),
            Row(number, Look.FINAL, final.verdict, final.confidence, words),
        ]
        pointed.append(words)
    expect(page.get_by_role("heading", level=1, name="Your round")).to_be_visible()
    assert playing.rows(site, round_id) == expected
    questions = playing.asked(site, round_id)
    see_summary(page, questions, second, pointed)
    see_review(page, hand, second[2], questions[2], pointed[2], first=FIRST_TAPS[2])


def test_the_whole_file_opens_in_a_quick_round_and_is_noted(site: Site, learner: Learners) -> None:
    page = learner()
    round_id = playing.start(page)
    page.get_by_role("link", name="Open the whole file").click()
    expect(page.locator("details.file").first).to_be_visible()
    expect(page.locator(".passage")).to_have_count(0)
    playing.answer(page, TAPS[0])
    (row,) = playing.rows(site, round_id)
    assert (row.verdict, row.confidence) == (TAPS[0].verdict, TAPS[0].confidence)


def test_without_scripts_the_whole_file_opens_as_a_page(site: Site, learner: Learners) -> None:
    page = learner(java_script_enabled=False)
    playing.start(page)
    page.get_by_role("link", name="Open the whole file").click()
    expect(page.locator("details.file").first).to_be_visible()
    playing.answer(page, TAPS[0])


def test_a_sentence_in_one_of_several_files_can_be_pointed_at(
    site: Site, learner: Learners
) -> None:
    page = learner()
    round_id = playing.start(page, "investigation", "five-files")
    playing.choose(page, TAPS[0])
    playing.send(page)
    expect(page.locator("details.file")).to_have_count(5)
    third = page.locator("details.file").nth(2)
    third.locator("summary").click()
    chosen = third.locator(".sentence span").nth(4)
    words = chosen.text_content()
    chosen.click()
    playing.answer(page, TAPS[2])
    assert playing.rows(site, round_id)[1].pointed == words


def test_practice_asks_what_is_due(site: Site, learner: Learners) -> None:
    page = learner()
    revisions = playing.library(site)["gang-expertise"][:3]
    player = playing.newcomer(site)
    playing.finish(site, playing.deal(site, player, revisions), playing.wrong, playing.long_ago())
    playing.seat(page, site, player)
    page.goto("/")
    page.get_by_role("button", name="Practise").click()
    expect(page.locator(".round-head")).to_contain_text("Question 1 of 3")
    practised = playing.asked(site, playing.round_of(page))
    assert {r.key for r in practised} == {r.key for r in revisions}


def test_a_round_can_be_played_again_from_its_summary(site: Site, learner: Learners) -> None:
    page = learner()
    player = playing.newcomer(site)
    round_id = playing.deal(site, player, playing.library(site)["gang-expertise"][:5])
    playing.finish(site, round_id, playing.right)
    playing.seat(page, site, player)
    page.goto(f"/rounds/{round_id}/summary")
    page.get_by_role("button", name="Play again").click()
    expect(page.locator(".round-head")).to_contain_text("Question 1 of 5")
    assert playing.rounds_of(site, player) == 2


def begin(page: Page, hand: Hand, mode: str, slug: str) -> str:
    """Start five questions from the home page by hand."""
    page.goto("/")
    hand.press(page, page.locator(f"#{slug} button[name=mode][value={mode}]"))
    expect(playing.claim_of(page)).to_be_visible()
    return playing.round_of(page)


def sentence(page: Page, number: int | str | None) -> str | None:
    """The words of a sentence as the page shows them; "none" for none."""
    if isinstance(number, int):
        return page.locator(".pointers .sentence span").nth(number).text_content()
    return number


def see_summary(
    page: Page,
    questions: Sequence[Revision],
    taps: Sequence[Tapped],
    pointed: Sequence[str | None],
) -> None:
    """The summary tells what was tapped and what it was worth."""
    worths = [worth(q, t, p) for q, t, p in zip(questions, taps, pointed, strict=True)]
    rights = sum(t.verdict is q.question.verdict for q, t in zip(questions, taps, strict=True))
    expect(page.locator(".tile").nth(0).locator(".big")).to_have_text(signed(sum(worths)))
    expect(page.locator(".tile").nth(1).locator(".big")).to_have_text(f"{rights} / 5")
    lines = page.locator(".answers li")
    expect(lines).to_have_count(5)
    for line, question, tapped, won in zip(lines.all(), questions, taps, worths, strict=True):
        truth = question.question.verdict
        expect(line.locator(".text")).to_have_text(question.question.claim["en"])
        expect(line.locator(".points")).to_have_text(signed(won))
        note = "" if tapped.verdict is truth else f" you said: {VERDICT[tapped.verdict]}"
        expect(line.locator(".said")).to_have_text(f"{VERDICT[truth]}{note}")


def see_review(
    page: Page,
    hand: Hand,
    tapped: Tapped,
    question: Revision,
    pointed: str | None,
    first: Tapped | None = None,
) -> None:
    """The question's page under "Review", reached from the summary, tells the same."""
    claim = question.question.claim["en"]
    hand.press(page, page.locator(".answers a").filter(has_text=claim))
    expect(page.get_by_role("heading", level=1, name=claim)).to_be_visible()
    shown = page.locator(".looks")
    expect(shown).to_contain_text(said(tapped))
    if first is not None:
        expect(shown.locator("div").first).to_contain_text(said(first))
    if pointed not in (None, "none"):
        start = " ".join(str(pointed).split())[:120]
        expect(shown.locator("q.pointed")).to_contain_text(start)
    hand.press(page, page.get_by_role("link", name="All answers"))
    expect(page.get_by_role("status")).to_have_text("5 questions")
    expect(page.locator(".answers .text")).to_have_count(5)
