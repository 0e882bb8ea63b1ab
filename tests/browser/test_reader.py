"""The file, whole: quotes of answered questions are highlighted there, and no others."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

import run
from quiz.domain.scoring import Confidence
from quiz.services.library.catalogue import Revision
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.playing import Tapped, flat

SLUG = "cancelled-strikes"
SHIPPED = sorted(path.stem for path in (run.ROOT / "questions" / "documents").glob("*.txt"))


def squeezed(text: str) -> str:
    """The text without white space: a quote over two paragraphs has it in other places."""
    return re.sub(r"\s", "", text)


def marked(page: Page) -> str:
    """All the highlighted text of the page, in order."""
    return squeezed("".join(page.locator(".reader .paper mark").all_text_contents()))


def quotes_of(revisions: list[Revision], slug: str) -> str:
    """What these questions quote from a file, in its order, each place once."""
    anchors = [a for r in revisions for a in r.anchors if a.document.slug == slug]
    text = anchors[0].document.text
    places = {n for a in anchors for n in range(a.span.start, a.span.end)}
    return squeezed("".join(text[n] for n in sorted(places)))


def test_nothing_is_highlighted_before_the_first_answer(site: Site, learner: Learners) -> None:
    page = learner()
    stranger = playing.newcomer(site)
    revisions = playing.library(site)[SLUG]
    playing.finish(site, playing.deal(site, stranger, revisions), playing.right)
    page.goto(f"/documents/{SLUG}")
    expect(page.locator(".reader .paper p").first).to_be_visible()
    expect(page.locator("mark")).to_have_count(0)
    playing.start(page, slug=SLUG)
    page.goto(f"/documents/{SLUG}")
    expect(page.locator("mark")).to_have_count(0)


def test_the_file_is_there_whole_and_unchanged(site: Site, learner: Learners) -> None:
    page = learner()
    document = playing.library(site)[SLUG][0].anchors[0].document
    page.goto(f"/documents/{SLUG}")
    shown = "".join(page.locator(".reader .paper p:not(.region-label)").all_text_contents())
    assert squeezed(shown) == squeezed(document.text)


def test_quotes_of_answered_questions_are_highlighted_and_no_others(
    site: Site, learner: Learners
) -> None:
    page = learner()
    revisions = list(playing.library(site)[SLUG][:6])
    player = playing.newcomer(site)
    playing.finish(site, playing.deal(site, player, revisions[:4]), playing.wrong)
    playing.deal(site, player, revisions[4:])
    stranger = playing.newcomer(site)
    playing.finish(site, playing.deal(site, stranger, revisions), playing.right)
    playing.seat(page, site, player)
    page.goto(f"/documents/{SLUG}")
    assert marked(page) == quotes_of(revisions[:4], SLUG)
    assert quotes_of(revisions[:4], SLUG) != quotes_of(revisions, SLUG)
    expect(page.locator("aside .skills li")).to_have_count(
        sum(a.document.slug == SLUG for r in revisions[:4] for a in r.anchors)
    )


def test_a_quote_leads_to_its_place_in_the_file_and_back(site: Site, learner: Learners) -> None:
    page = learner(height=500)
    revisions = playing.library(site)["direct-call"]
    revision = max(revisions, key=lambda r: max(a.span.start for a in r.anchors))
    number, anchor = max(enumerate(revision.anchors), key=lambda pair: pair[1].span.start)
    player = playing.newcomer(site)
    round_id = playing.deal(site, player, [revision])
    playing.seat(page, site, player)
    page.goto(f"/rounds/{round_id}/1")
    playing.answer(page, Tapped(revision.question.verdict, Confidence.SURE))
    page.locator(".evidence").nth(number).locator("figcaption a").click()
    passage = page.locator("mark:has(> :target)")
    expect(passage).to_be_in_viewport()
    expect(passage).to_have_text(flat(anchor.evidence.quote.exact))
    assert page.evaluate("scrollY") > 0
    passage.locator("a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(revision.question.claim["en"])


def test_every_quote_of_every_set_has_its_place(site: Site, learner: Learners) -> None:
    page = learner()
    player = playing.newcomer(site)
    everything = [r for revisions in playing.library(site).values() for r in revisions]
    playing.finish(site, playing.deal(site, player, everything), playing.right)
    playing.seat(page, site, player)
    slugs = {a.document.slug for r in everything for a in r.anchors}
    for slug in slugs:
        page.goto(f"/documents/{slug}")
        assert marked(page) == quotes_of(everything, slug)
        ids = page.locator(".reader .paper mark [id]").evaluate_all("all => all.map(e => e.id)")
        expected = [
            f"{r.key.replace('/', '.')}.{n}"
            for r in everything
            for n, a in enumerate(r.anchors, start=1)
            if a.document.slug == slug
        ]
        assert sorted(ids) == sorted(expected)


def test_the_list_of_files_leads_to_each(site: Site, learner: Learners) -> None:
    page = learner()
    page.goto("/")
    page.get_by_role("link", name="Files").click()
    expect(page).to_have_url(f"{site.url}/documents/")
    # All that are shipped, and what other tests publish at this site.
    for slug in SHIPPED:
        expect(page.locator(f".cards a[href='/documents/{slug}']")).to_have_count(1)
    page.locator(".cards a[href='/documents/direct-call']").click()
    expect(page.locator(".reader .paper")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("complementary", name="About this file")).to_be_visible()
