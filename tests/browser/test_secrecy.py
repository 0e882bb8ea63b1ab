"""Before the answer, nothing that reaches the browser tells the verdict or where it shows."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect
from playwright.sync_api import Response as Answer

from quiz.domain.answer import Mode
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Verdict
from quiz.services.library.catalogue import Revision
from tests.browser import playing
from tests.browser.conftest import Learners, Site
from tests.browser.playing import Tapped, flat

STANCES = (
    "supports the claim",
    "contradicts the claim",
    "leaves the claim open",
    "the nearest passage",
)
# What the form says of each verdict, to everybody; one rule is called the same.
FORM = ("supported by the file", "contradicted by the file", "the file cannot settle it")
RANDOM = re.compile(r'(name="(?:key|csrf_token)" value=")[^"]*|/rounds/[\w-]{22}')
LANGUAGE = re.compile(r' lang="(?:fr|en)"')


@dataclass
class Received:
    """All that a browser has got of the site so far, as text."""

    page: Page
    pages: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    waiting: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("response", self._came)

    def _came(self, answer: Answer) -> None:
        if "/static/" in answer.url or "/scripts/" in answer.url:
            self.files.add(answer.url)
        else:
            self.waiting.append(answer)

    def drain(self) -> None:
        """Read what came; before the page changes, since the browser forgets bodies then."""
        for answer in self.waiting:
            if answer.status == 200:
                self.pages.append(answer.text())
            self.pages.append("\n".join(f"{k}: {v}" for k, v in answer.all_headers().items()))
        self.waiting.clear()

    def kept(self, site: Site) -> str:
        """What the browser keeps: storage, and cookies as the site reads them."""
        stored = self.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert json.loads(stored) == [{}, {}]
        cookies = {c["name"]: c["value"] for c in self.page.context.cookies()}
        assert set(cookies) == {"session"}
        return json.dumps(playing.cookie_content(site, cookies["session"]))

    def text(self, site: Site) -> str:
        """Pages, headers and what is kept, without random ids; white space as one space."""
        live = self.page.content()
        return readable("\n".join([*self.pages, live, self.kept(site)]))

    def files_text(self) -> str:
        """What the scripts, styles and pictures hold."""
        texts = [url for url in self.files if ".woff2" not in url]
        return flat(" ".join(self.page.request.get(url).text() for url in texts))


def readable(source: str) -> str:
    return flat(html.unescape(RANDOM.sub(r"\1", source)))


def words_of(revision: Revision) -> list[str]:
    """The texts that explain the question."""
    translations = [words for a in revision.anchors for words in a.evidence.translation.values()]
    return [flat(text) for text in [*revision.question.explanation.values(), *translations]]


def explained(revision: Revision) -> str:
    """The explanation as somebody gets it who reads English, and French where there is no other."""
    texts = revision.question.explanation
    return flat(texts.get("en") or texts["fr"])


def codes_of(site: Site, revision: Revision) -> list[str]:
    """The rule and the skills, by code and by name, unless the texts shown hold the same word."""
    question = revision.question
    taxonomy = site.app.jinja_env.globals["taxonomy"]
    names = [*taxonomy.rules[question.rule].name.values(), question.rule.value, *question.skills]
    for skill in question.skills:
        names += taxonomy.skills[skill].name.values()
    texts = [*question.claim.values(), *(a.document.text for a in revision.anchors)]
    shown = " ".join([*texts, *FORM])
    return [name for name in names if not stands(name, shown)]


def stands(word: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE) is not None


def leaks(site: Site, received: Received, revision: Revision) -> list[str]:
    """What of the answer has come, in pages, files, headers or storage."""
    text = received.text(site)
    everything = text + received.files_text()
    found = [words for words in words_of(revision) if words in everything]
    found += [stance for stance in (*STANCES, "stance-") if stance in text]
    found += [name for name in codes_of(site, revision) if stands(name, text)]
    return found


@pytest.fixture(params=list(Verdict), ids=str)
def dealt(request: pytest.FixtureRequest, site: Site) -> list[Revision]:
    """The first question of this verdict in each set."""
    return [r for r in playing.one_of_each(site) if r.question.verdict is request.param]


def test_nothing_tells_the_verdict_in_a_quick_round(
    site: Site, learner: Learners, dealt: list[Revision]
) -> None:
    for revision in dealt[::3]:
        page = learner()
        received = Received(page)
        player = playing.newcomer(site)
        round_id = playing.deal(site, player, [revision])
        playing.seat(page, site, player)
        look_around(page, received, revision)
        page.goto(f"/rounds/{round_id}/1")
        received.drain()
        assert_nothing_chosen(page)
        page.get_by_role("link", name="Open the whole file").click()
        expect(page.locator("details.file").first).to_be_visible()
        received.drain()
        assert leaks(site, received, revision) == []
        # The same search does find it once the answer is in.
        playing.answer(page, Tapped(Verdict.TRUE, Confidence.GUESS))
        received.drain()
        found = leaks(site, received, revision)
        assert explained(revision) in found
        assert revision.question.rule.value in found


def test_nothing_tells_the_verdict_in_an_investigation(
    site: Site, learner: Learners, dealt: list[Revision]
) -> None:
    for revision in dealt[1::3]:
        page = learner()
        received = Received(page)
        player = playing.newcomer(site)
        round_id = playing.deal(site, player, [revision], Mode.INVESTIGATION)
        playing.seat(page, site, player)
        page.goto(f"/rounds/{round_id}/1")
        received.drain()
        assert_nothing_chosen(page)
        playing.choose(page, Tapped(Verdict.FALSE, Confidence.GUESS))
        playing.send(page)
        expect(page.locator(".first-answer")).to_be_visible()
        received.drain()
        assert_nothing_chosen(page)
        page.reload()
        received.drain()
        look_around(page, received, revision)
        page.goto(f"/rounds/{round_id}/1")
        received.drain()
        assert leaks(site, received, revision) == []
        playing.answer(page, Tapped(Verdict.TRUE, Confidence.GUESS, "none"))
        received.drain()
        assert explained(revision) in leaks(site, received, revision)


def test_the_review_of_a_question_not_answered_yet_is_not_there(
    site: Site, learner: Learners, dealt: list[Revision]
) -> None:
    page = learner()
    player = playing.newcomer(site)
    playing.deal(site, player, dealt)
    playing.seat(page, site, player)
    for revision in dealt:
        answer = page.request.get(f"/review/{revision.key}")
        assert answer.status == 404


def test_pages_of_all_questions_look_alike_but_for_claim_and_files(
    site: Site, learner: Learners
) -> None:
    """The tags and attributes of the form are the same whatever the verdict is."""
    page = learner()
    shapes = set()
    for revision in playing.one_of_each(site):
        player = playing.newcomer(site)
        round_id = playing.deal(site, player, [revision])
        playing.seat(page, site, player)
        source = page.request.get(f"/rounds/{round_id}/1/part").text()
        before, _, rest = source.partition('<div id="sources"')
        after = rest.partition('<div class="controls">')[2]
        shape = LANGUAGE.sub("", RANDOM.sub(r"\1", before + after))
        shapes.add(re.sub(r"(<h1[^>]*>).*?(</h1>)", r"\1\2", shape, flags=re.DOTALL))
    assert len(shapes) == 1


def look_around(page: Page, received: Received, revision: Revision) -> None:
    """Visit what a curious player would visit while the question waits."""
    documents = {f"/documents/{a.document.slug}" for a in revision.anchors}
    for address in ("/", "/review/", "/progress/", *documents):
        page.goto(address)
        received.drain()


def assert_nothing_chosen(page: Page) -> None:
    """No verdict is chosen beforehand, and no class or attribute singles one out."""
    radios = page.locator("input[name=verdict]")
    expect(radios).to_have_count(3)
    expect(page.locator("input:checked")).to_have_count(0)
    attributes = radios.evaluate_all(
        "all => all.map(radio => radio.getAttributeNames().sort().join())"
    )
    assert len(set(attributes)) == 1
    expect(page.locator(".is-right, .is-wrong, mark, .evidence")).to_have_count(0)
