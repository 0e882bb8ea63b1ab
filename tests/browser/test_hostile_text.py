"""Texts that try to break out stay texts wherever they stand: nothing runs or is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from quiz.config import ROOT
from quiz.domain.answer import Mode
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from tests.browser import hostile, playing
from tests.browser.conftest import Learners, Site, opened
from tests.browser.hostile import CORPUS, EACH, SLUG, text
from tests.browser.playing import Tapped

KNOWN = re.compile(
    r"/(static/(css|img|vendor)/[\w./-]+|scripts/[\w./-]+|rounds[\w/-]*|review/[\w/-]*|progress/"
    r"|documents/[\w-]*|guide/\w*|account/[\w-]*|preferences|healthz)?"
)
GADGETS = (
    "iframe, base, textarea:not([name=text]), meta[http-equiv], style, hx-partial, #gadget-link,"
    "[hx-get*=xss],"
    "[data-hx-post], [sse-connect], [hx-ext], [hx-swap-oob], [action*=xss], [src*=xss],"
    "[href*=xss], [href^='javascript:'], [onerror], [onload], [ontoggle], main script, main img,"
    r"[hx-on\:click], [hx-on], svg script"
)
TAPPED = Tapped(Verdict.TRUE, Confidence.LEANING)


@dataclass
class Guard:
    """Watches a page for anything that a text has made happen."""

    page: Page
    dialogs: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", self._dialog)
        self.page.on("request", lambda request: self._asked(request.url))

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _asked(self, url: str) -> None:
        if not KNOWN.fullmatch(urlsplit(url).path):
            self.strange.append(url)

    def see(self, *texts: str) -> None:
        """All these texts are on the page as they were written, and nothing has come of them."""
        playing.settle(self.page)
        body = self.page.locator("body").text_content() or ""
        for words in texts:
            assert words in body
        assert self.page.locator(GADGETS).count() == 0
        assert self.page.evaluate("window.__xss") is None
        assert self.dialogs == []
        assert self.strange == []


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A game whose question files are hostile through and through."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile.write(folder / "questions", ROOT / "questions")
    with opened(folder, QUESTIONS=folder / "questions") as site:
        yield site


@pytest.fixture
def visitor(hostile_site: Site, browser: Browser) -> Iterator[Learners]:
    """Opens pages of the hostile site."""
    visitors = Learners(hostile_site, browser)
    yield visitors
    visitors.close()


@pytest.fixture(scope="module")
def veteran(hostile_site: Site) -> int:
    """Somebody who has answered everything there."""
    player = playing.newcomer(hostile_site)
    everything = playing.library(hostile_site)[SLUG]
    playing.finish(hostile_site, playing.deal(hostile_site, player, everything), playing.right)
    return player


def test_the_hostile_files_are_served(hostile_site: Site) -> None:
    (revisions,) = playing.library(hostile_site).values()
    assert [r.question.claim["en"] for r in revisions] == [text("claim", n) for n in EACH]


def test_a_quick_round_shows_every_text_literally(hostile_site: Site, visitor: Learners) -> None:
    page = visitor()
    guard = Guard(page)
    page.goto("/")
    guard.see(text("set"), text("summary"))
    page.locator(f"#{SLUG} label").filter(has_text="up to").click()
    page.locator(f"#{SLUG} button[value=quick]").click()
    expect(playing.claim_of(page)).to_be_visible()
    for revision in playing.asked(hostile_site, playing.round_of(page)):
        question, (anchor,) = revision.question, revision.anchors
        expect(playing.claim_of(page)).to_have_text(playing.flat(question.claim["en"]))
        guard.see(question.claim["en"], anchor.evidence.quote.exact, text("file"))
        playing.answer(page, TAPPED)
        assert page.locator(".explanation").text_content() == question.explanation["en"]
        assert page.locator(".translation q").text_content() == anchor.evidence.translation["en"]
        assert page.locator("mark").text_content() == anchor.evidence.quote.exact
        guard.see(question.claim["en"], text("file"), text("name"))
        playing.press_next(page)
        expect(playing.outcome_on(page)).to_have_count(0)
    expect(page.locator(".answers li")).to_have_count(len(EACH))
    guard.see(text("set"), *(text("claim", n) for n in EACH))


def test_an_investigation_shows_every_sentence_literally(
    hostile_site: Site, visitor: Learners
) -> None:
    page = visitor()
    guard = Guard(page)
    player = playing.newcomer(hostile_site)
    revisions = playing.library(hostile_site)[SLUG][:2]
    round_id = playing.deal(hostile_site, player, revisions, Mode.INVESTIGATION)
    playing.seat(page, hostile_site, player)
    page.goto(f"/rounds/{round_id}/1")
    playing.choose(page, TAPPED)
    playing.send(page)
    expect(page.locator(".first-answer")).to_be_visible()
    guard.see(text("file"))
    sentences = "".join(page.locator(".sentence span").all_text_contents())
    file = revisions[0].anchors[0].document.text
    assert re.sub(r"\s", "", sentences) == re.sub(r"\s", "", file)
    words = page.locator(".sentence span").nth(2).text_content()
    playing.answer(page, Tapped(Verdict.TRUE, Confidence.SURE, 2))
    guard.see(str(words), text("explanation", 0))


def test_the_whole_file_opened_beside_the_question_is_literal(
    hostile_site: Site, visitor: Learners
) -> None:
    page = visitor()
    guard = Guard(page)
    player = playing.newcomer(hostile_site)
    revisions = playing.library(hostile_site)[SLUG][:1]
    playing.seat(page, hostile_site, player)
    page.goto(f"/rounds/{playing.deal(hostile_site, player, revisions)}/1")
    page.locator(".open-file a").click()
    expect(page.locator("details.file")).to_be_visible()
    guard.see(text("file"), *map(hostile.line, EACH))


CLAIMS = [text("claim", n) for n in EACH]
PAGES = {
    "/": [text("set"), text("summary")],
    "/review/": [*CLAIMS[-20:], text("set"), text("name")],
    "/review/?skill=close_reading&page=2": CLAIMS[:-20],
    "/progress/": [text("set"), text("name")],
    "/documents/": [text("file"), text("kind"), text("author")],
    f"/documents/{SLUG}": [
        *map(text, ("file", "kind", "publisher", "author", "date_note", "provenance")),
        *(text("disclosure", n) for n in EACH),
        *(text("region", n) for n in EACH[1:]),
        *map(hostile.line, EACH),
    ],
    "/guide/": [*map(text, ("meaning", "test", "ask", "then", "name")), *CLAIMS],
    "/guide/skills": [*map(text, ("name", "definition", "tip")), *CLAIMS],
    "/account/": [],
}
PAGES |= {
    f"/review/{SLUG}/question-{n:02}": [
        *(text(place, n) for place in ("claim", "explanation", "translation")),
        hostile.line(n),
        text("name"),
    ]
    for n in EACH[::5]
}


@pytest.mark.parametrize("address", PAGES)
def test_every_page_shows_the_texts_literally(
    hostile_site: Site, visitor: Learners, veteran: int, address: str
) -> None:
    page = visitor()
    guard = Guard(page)
    playing.seat(page, hostile_site, veteran)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    guard.see(*PAGES[address])


def test_the_title_of_a_file_is_the_title_of_its_page(visitor: Learners) -> None:
    page = visitor()
    page.goto(f"/documents/{SLUG}")
    title = page.evaluate("document.querySelector('title').textContent")
    assert title == f"{text('file')} · Not Proven"


@pytest.mark.parametrize("words", CORPUS[:6])
def test_what_is_typed_as_a_name_comes_back_as_text(visitor: Learners, words: str) -> None:
    page = visitor()
    guard = Guard(page)
    visitor.expect_problem("422")
    for address in ("/account/keep", "/account/sign-in"):
        page.goto(address)
        page.locator("input[name=name]").fill(words[:40])
        page.locator("input[name=passphrase]").fill(words)
        page.locator("main .button.primary").click()
        expect(page.locator(".error")).to_be_visible()
        expect(page.locator("input[name=name]")).to_have_value(words[:40])
        guard.see()


@pytest.mark.parametrize("words", [CORPUS[0], CORPUS[3], CORPUS[4], CORPUS[20]])
def test_an_address_is_repeated_as_text_only(visitor: Learners, words: str) -> None:
    page = visitor()
    guard = Guard(page)
    page.goto(f"/review/?skill={quote(words)}&set={quote(words)}&page={quote(words)}")
    guard.see()
    repeated = page.locator("input[name=next]").input_value()
    assert words in unquote(repeated)
    visitor.expect_problem("404")
    page.goto(f"/documents/{quote(words, safe='')}")
    guard.strange.clear()  # the page itself was asked for under that address
    guard.see()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing here")


def test_the_guard_notices_what_runs_and_what_is_asked_for(site: Site, learner: Learners) -> None:
    page = learner()
    guard = Guard(page)
    learner.expect_problem("404")
    page.goto("/")
    guard.see()
    with page.expect_response("**/xss-img"):
        page.evaluate(
            """() => {
              window.alert("hello");
              document.querySelector('main').innerHTML = '<img src="/xss-img">';
            }"""
        )
    assert guard.dialogs == ["hello"]
    assert guard.strange == [f"{site.url}/xss-img"]
    assert page.locator(GADGETS).count() == 1
