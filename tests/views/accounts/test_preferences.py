"""Languages, interface and content apart; colours; and where the form leads back to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

import pytest

from quiz.domain.answer import Mode
from tests.factories import create_round
from tests.views.pages import Visitor, by_id, form_to, place, tree, words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def language(page: Element) -> str:
    """The language that the page says it is in."""
    return page.get("lang", "")


def languages_of(page: Element, text: str) -> set[str]:
    """The language declared for the elements that hold this text themselves."""
    found = set()

    def walk(element: Element, lang: str) -> None:
        lang = element.get("lang", lang)
        if text in (element.text or "") or any(text in (e.tail or "") for e in element):
            found.add(lang)
        for child in element:
            walk(child, lang)

    walk(page, "")
    return found


# Where it leads


PAGES = ["/", "/review/?set=harbour&result=wrong", "/documents/harbour", "/guide/skills"]
ELSEWHERE = [
    "",
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\nLocation: https://evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "evil.example",
    " //evil.example",
    "/\u2028/evil.example",
    "/%2F%2Fevil.example",
    "/no/such/page",
    "/documents/a\r\nX-A: b",
    "/healthz/../../evil",
]


def test_choosing_leads_back_to_the_page_it_was_chosen_on(nobody: Visitor) -> None:
    responses = [nobody.post("/preferences", ui="fr", next=target) for target in PAGES]

    assert [(r.status_code, r.location) for r in responses] == [(303, page) for page in PAGES]


def test_it_leads_nowhere_but_to_pages_of_the_game(nobody: Visitor) -> None:
    responses = {target: nobody.post("/preferences", next=target) for target in ELSEWHERE}

    led = {target: (r.status_code, r.location) for target, r in responses.items()}
    assert led == dict.fromkeys(ELSEWHERE, (303, "/"))


def test_no_address_makes_the_game_lead_elsewhere(nobody: Visitor) -> None:
    for path in ("//evil.example/x", "/%5Cevil.example", "/..//evil.example"):
        response = nobody.get(path)

        assert response.status_code == 404 or response.location.startswith("/")
        assert not (response.location or "/").startswith("//")


def test_the_form_leads_back_to_its_own_page(nobody: Visitor) -> None:
    page = nobody.read("/documents/harbour")

    assert nobody.send(form_to(page, "/preferences"), ui="fr").location == "/documents/harbour"


# Which language


def test_the_browsers_language_is_the_first_guess(nobody: Visitor) -> None:
    expected = {
        "fr": "fr",
        "fr-CA,fr;q=0.9,en;q=0.8": "fr",
        "en-GB": "en",
        "de,fr;q=0.5": "fr",
        "de": "en",
        "fr;q=0.1,en;q=0.9": "en",
        "": "en",
    }

    pages = {h: tree(nobody.get("/", headers={"Accept-Language": h}).text) for h in expected}

    assert {header: language(page) for header, page in pages.items()} == expected


def test_what_was_chosen_wins_over_the_browser_and_stays(nobody: Visitor) -> None:
    nobody.post("/preferences", ui="fr", theme="dark")

    page = tree(nobody.get("/", headers={"Accept-Language": "en"}).text)

    assert (language(page), page.get("data-theme")) == ("fr", "dark")


@pytest.mark.parametrize(
    "fields", [{"ui": "de"}, {"content": "xx"}, {"theme": "<b>"}, {"ui": ""}, {}]
)
def test_a_choice_that_is_not_offered_changes_nothing(
    nobody: Visitor, fields: dict[str, str]
) -> None:
    nobody.post("/preferences", ui="fr", content="en", theme="light")

    nobody.post("/preferences", **fields)

    page = nobody.read("/")
    assert (language(page), page.get("data-theme")) == ("fr", "light")
    assert "The harbour (English)" in words(page)


@pytest.mark.parametrize("ui", ["fr", "en"])
@pytest.mark.parametrize("content", ["fr", "en"])
def test_interface_and_claims_have_their_languages_apart_and_say_which(
    session: Session, pupil: Visitor, ui: str, content: str
) -> None:
    assert pupil.player
    pupil.post("/preferences", ui=ui, content=content)
    played = create_round(session, pupil.player, keys=["tower/t-fir"], set_slug="tower")
    word = {"fr": "français", "en": "English"}[content]

    home = pupil.read("/")
    question = pupil.read(place(played, 1))
    pupil.answer(played, 1)
    reveal = pupil.read(place(played, 1))

    for page in (home, question, reveal):
        assert language(page) == ui
    assert languages_of(home, f"The tower ({word})") == {content}
    assert languages_of(question, f"Claim tower t-fir. ({word})") == {content}
    assert languages_of(reveal, f"Because of tower t-fir: true. ({word})") == {content}
    # A document keeps its own language, whatever is chosen.
    assert languages_of(question, "Line 7 of the tower") == {"fr"}
    assert languages_of(reveal, "Line 7 of the tower") == {"fr"}


@pytest.mark.parametrize("ui", ["fr", "en"])
def test_sentences_to_point_at_are_in_the_documents_language(
    session: Session, pupil: Visitor, ui: str
) -> None:
    assert pupil.player
    pupil.post("/preferences", ui=ui, content=ui)
    keys = ["tower/t-fir"]
    played = create_round(
        session, pupil.player, keys=keys, set_slug="tower", mode=Mode.INVESTIGATION
    )
    pupil.answer(played, 1)

    sources = by_id(pupil.read(place(played, 1)), "sources")

    assert languages_of(sources, "Line 3 of the tower") == {"fr"}
    assert languages_of(sources, "Line 3 of the harbour") == {"en"}


def test_languages_outlive_signing_in_and_out(pupil: Visitor) -> None:
    pupil.post("/preferences", ui="fr", content="en", theme="dark")

    pupil.post("/account/sign-out")

    page = pupil.read("/")
    assert (language(page), page.get("data-theme")) == ("fr", "dark")
