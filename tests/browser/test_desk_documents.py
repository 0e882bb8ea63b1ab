"""Documents at the desk in a browser: brought, marked by mouse and keyboard, replaced."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import docx
from playwright.sync_api import Page, expect

from quiz.domain.question_set import Draft, DraftEvidence
from quiz.domain.quote import Quote
from quiz.models import DeskDocument, Player
from quiz.services.desk import sets
from tests.browser import hostile, playing
from tests.browser.conftest import Learners, Site
from tests.browser.hands import tab_to
from tests.desk import add_question

TEXT = "Fire in the harbour\nA crane fell on Monday.\nNobody was hurt.\nAnn: I saw it."
HTML = (
    "<html><head><title>Gull</title></head><body><nav>Menu</nav><article><h1>Fire in the harbour"
    "</h1><p>A crane fell on Monday.</p><p>Nobody was hurt.</p></article></body></html>"
)


def trainer_on(page: Page, site: Site) -> int:
    who = playing.trainer_named(site, f"Ames {secrets.token_hex(6)}", "three small words")
    playing.seat(page, site, who)
    return who


def bring(page: Page, text: str = TEXT) -> int:
    """Paste a text; gives the document's id."""
    page.goto("/desk/documents/new")
    page.get_by_label("Text of the document, as it was received").fill(text)
    page.get_by_role("button", name="Bring this text").click()
    expect(page.get_by_role("heading", name="The text", exact=True)).to_be_visible()
    return int(page.url.split("/")[-1].split("?")[0])


def word() -> bytes:
    document, file = docx.Document(), io.BytesIO()
    document.add_heading("Fire in the harbour", 0)
    document.add_paragraph("A crane fell on Monday.")
    document.save(file)
    return file.getvalue()


def drag(page: Page, first: int, last: int) -> None:
    """Select from inside one paragraph to inside another, with the mouse."""
    lines = page.locator("#document-text .line-text")
    lines.nth(last - 1).scroll_into_view_if_needed()
    start, end = lines.nth(first - 1).bounding_box(), lines.nth(last - 1).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 20, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + end["height"] / 2, steps=5)
    page.mouse.up()


def parts(page: Page) -> list[str]:
    return page.locator("#document-text .region-head .tag").all_inner_texts()


def test_a_text_is_pasted_and_described(
    site: Site, learner: Learners, axe: Callable[..., list[str]]
) -> None:
    page = learner()
    trainer_on(page, site)
    bring(page)
    assert parts(page) == ["Headline", "Article"]
    assert axe(page) == []
    learner.expect_problem("422")
    page.locator("input[name=publisher]").fill("The Gull")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#error-published")).to_be_visible()
    expect(page.locator("input[name=publisher]")).to_have_value("The Gull")
    assert axe(page) == []
    page.get_by_label("none stated").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    expect(page.locator("input[name=publisher]")).to_have_value("The Gull")


def test_files_are_chosen_and_read(site: Site, learner: Learners) -> None:
    page = learner()
    trainer_on(page, site)
    files = {
        "gull.html": ("text/html", HTML.encode()),
        "gull.docx": ("application/octet-stream", word()),
    }
    for name, (kind, data) in files.items():
        page.goto("/desk/documents/new")
        page.get_by_label("File, chosen or dropped here").set_input_files(
            {"name": name, "mimeType": kind, "buffer": data}
        )
        expect(page.locator("#file-chosen")).to_contain_text(name)
        page.get_by_role("button", name="Read the file").click()
        expect(page.locator("#document-text")).to_contain_text("A crane fell on Monday.")


def test_what_was_typed_stays_when_a_file_cannot_be_read(
    site: Site, learner: Learners, axe: Callable[..., list[str]]
) -> None:
    page = learner()
    trainer_on(page, site)
    learner.expect_problem("422")
    page.goto("/desk/documents/new")
    page.locator("#text").fill("Typed before.")
    page.locator("#file").set_input_files(
        {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing"}
    )
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("#error-failed")).to_be_visible()
    expect(page.locator("#text")).to_have_value("Typed before.")
    expect(page.get_by_role("button", name="Read the file")).to_be_enabled()
    assert axe(page) == []


def test_a_file_over_20_megabytes_is_not_even_sent(
    site: Site, learner: Learners, tmp_path: Path
) -> None:
    page = learner()
    trainer_on(page, site)
    page.goto("/desk/documents/new")
    big = tmp_path / "big.txt"
    big.write_bytes(b"x" * 20_100_000)
    page.locator("#file").set_input_files(big)
    expect(page.locator("#file-refused")).to_contain_text("20 MB")
    expect(page.locator("#file-chosen")).to_contain_text("20.1")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("#file")).to_be_focused()
    assert "POST" not in asked


def test_paragraphs_are_marked_with_the_mouse(site: Site, learner: Learners) -> None:
    page = learner()
    trainer_on(page, site)
    bring(page)
    playing.arrived(page)
    page.locator("input[name=publisher]").fill("Not saved yet")
    drag(page, 3, 4)
    expect(page.get_by_label("From paragraph")).to_have_value("3")
    expect(page.get_by_label("To paragraph")).to_have_value("4")
    page.get_by_role("button", name="Readers’ comments").click()
    expect(page.locator("#mark-status")).to_have_text("Marked.")
    assert parts(page) == ["Headline", "Article", "Readers’ comments"]
    expect(page.locator("input[name=publisher]")).to_have_value("Not saved yet")


def test_paragraphs_are_marked_with_the_keyboard(site: Site, learner: Learners) -> None:
    page = learner()
    trainer_on(page, site)
    bring(page)
    playing.arrived(page)
    tab_to(page, page.get_by_label("From paragraph"))
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    button = page.get_by_role("button", name="Readers’ comments")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.locator("#mark-status")).to_have_text("Marked.")
    assert parts(page) == ["Headline", "Article", "Readers’ comments"]
    expect(button).to_be_focused()


def test_all_of_it_works_without_scripts_on_a_phone(site: Site, learner: Learners) -> None:
    page = learner(width=360, java_script_enabled=False)
    trainer_on(page, site)
    bring(page)
    page.get_by_label("From paragraph").fill("4")
    page.get_by_label("To paragraph").fill("4")
    page.get_by_role("button", name="Readers’ comments").click()
    assert parts(page) == ["Headline", "Article", "Readers’ comments"]
    page.get_by_role("link", name="New version").click()
    page.locator("#text").fill(f"{TEXT}\nBob: So did I.")
    page.get_by_role("button", name="Look at this text").click()
    page.get_by_role("button", name="Put the new text in place").click()
    expect(page.locator("#document-text")).to_contain_text("Bob: So did I.")
    assert parts(page) == ["Headline", "Article", "Readers’ comments"]


def test_a_new_version_shows_the_quote_that_is_lost(
    site: Site, learner: Learners, axe: Callable[..., list[str]]
) -> None:
    page = learner()
    who = trainer_on(page, site)
    document_id = bring(page)
    with playing.store(site) as session:
        trainer, row = session.get_one(Player, who), session.get_one(DeskDocument, document_id)
        now = datetime.now(UTC)
        made = sets.create_set(session, trainer, {"en": "News"}, ["en"], [document_id], now)
        for n, words in enumerate(("A crane fell on Monday.", "Nobody was hurt.")):
            evidence = (DraftEvidence(row.slug, Quote(words)),)
            question = Draft(f"q-{n}", claim={"en": f"Claim {n}."}, evidence=evidence)
            add_question(session, trainer, made.id, question, now)

    page.goto(f"/desk/documents/{document_id}/text")
    page.locator("#text").fill(TEXT.replace("fell", "collapsed"))
    page.get_by_role("button", name="Look at this text").click()
    lost = page.locator(".fate-list").first
    expect(lost).to_contain_text("Claim 0.")
    expect(lost.locator("del")).to_have_text("fell")
    expect(lost.locator("ins")).to_have_text("collapsed")
    assert axe(page) == []
    page.get_by_role("button", name="Put the new text in place").click()
    expect(page.locator(".notice")).to_contain_text("Quotes that stand no more: 1.")


def test_hostile_texts_are_shown_as_they_are(site: Site, learner: Learners) -> None:
    page = learner()
    trainer_on(page, site)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    document_id = bring(page, "\n".join(hostile.CORPUS))
    page.locator("input[name=publisher]").fill(hostile.TOGETHER[:200])
    page.get_by_label("none stated").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("input[name=publisher]")).to_have_value(hostile.TOGETHER[:200])
    for address in ("", "/text"):
        page.goto(f"/desk/documents/{document_id}{address}")
        assert page.evaluate("window.__xss") is None
    page.locator("#text").fill("\n".join(reversed(hostile.CORPUS)))
    page.get_by_role("button", name="Look at this text").click()
    body = page.locator("body").text_content() or ""
    assert all(words.strip() in body for words in hostile.CORPUS)
    assert page.evaluate("window.__xss") is None
    assert not [url for url in asked if "xss" in url]


def test_nothing_is_wider_than_a_phone(
    site: Site, learner: Learners, axe: Callable[..., list[str]]
) -> None:
    page = learner(width=360)
    trainer_on(page, site)
    document_id = bring(page, f"{TEXT}\n{'wide' * 60}")
    for address in ("", "new", str(document_id), f"{document_id}/text"):
        page.goto(f"/desk/documents/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        assert axe(page) == []
