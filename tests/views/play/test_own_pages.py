"""Review, documents, progress and guide in the browser: one's own answers, and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from quiz.domain.verdict import Verdict
from tests.factories import HOSTILE, SKETCHES, create_answers, create_round, finish, sentence
from tests.views.pages import Visitor, by_id, tree, words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FEW = ["harbour/h-fir", "harbour/h-box", "harbour/h-rue"]


@pytest.fixture
def answered(session: Session, pupil: Visitor) -> None:
    """Three questions, the last one answered wrong."""
    assert pupil.player
    played = create_round(session, pupil.player, keys=FEW)
    create_answers(session, played, [None, None, Verdict.TRUE])
    finish(session, played, points=75)


def claims(page: str) -> list[str]:
    """The claims listed."""
    items = [e for e in tree(page).iter("ol") if e.get("class") == "answers"]
    return [words(item)[:60].split("Claim ")[1].split(".")[0] for item in items[0]]


# Review


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["harbour h-rue", "harbour h-box", "harbour h-fir"]),
        ("?result=wrong", ["harbour h-rue"]),
        ("?verdict=unverified", ["harbour h-box"]),
        ("?set=tower", []),
        ("?verdict=nonsense&result=nonsense&page=nonsense", ["harbour h-rue"]),
        ("?page=99999999999", ["harbour h-rue"]),
        ("?page=²", ["harbour h-rue"]),
    ],
)
def test_the_review_lists_what_the_filters_let_through(
    pupil: Visitor, query: str, expected: list[str]
) -> None:
    assert claims(pupil.get(f"/review/{query}").text)[: len(expected) or None] == expected


def test_pages_link_to_each_other_and_keep_the_filters(session: Session, pupil: Visitor) -> None:
    assert pupil.player
    for slug in ("harbour", "tower"):
        keys = [f"{slug}/{sketch.id}" for sketch in SKETCHES[slug]]
        create_answers(session, create_round(session, pupil.player, keys=keys, set_slug=slug))

    first = pupil.read("/review/?result=right")
    (older,) = [a.get("href", "") for a in first.iter("a") if a.get("rel") == "next"]
    second = pupil.get(older)

    assert "result=right" in older
    assert len(claims(second.text)) == 4
    assert [a for a in tree(second.text).iter("a") if a.get("rel") == "prev"]


@pytest.mark.usefixtures("answered")
def test_an_answered_question_is_explained(pupil: Visitor) -> None:
    page = pupil.read("/review/harbour/h-rue")

    assert "Because of harbour h-rue: false. (English)" in words(page)
    assert "as of 15 Jan 2026, by our dating" in words(page)  # the document bears no date
    assert [words(mark) for mark in page.iter("mark")] == [sentence("harbour", 11)]


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("name", ["nobody", "guest", "outsider", "pupil"])
def test_a_question_not_answered_is_not_there(request: pytest.FixtureRequest, name: str) -> None:
    visitor: Visitor = request.getfixturevalue(name)

    for address in ("harbour/h-hop", "tower/t-fir", "examples/x-box", "a/b"):
        assert visitor.get(f"/review/{address}").status_code == 404


# Documents


@pytest.mark.usefixtures("answered")
def test_a_document_highlights_only_the_quotes_of_answered_questions(
    pupil: Visitor, outsider: Visitor, nobody: Visitor
) -> None:
    mine = pupil.read("/documents/harbour")

    assert [words(m) for m in mine.iter("mark")] == [sentence("harbour", n) for n in (4, 7, 11)]
    for visitor in (outsider, nobody):
        assert not list(visitor.read("/documents/harbour").iter("mark"))


@pytest.mark.usefixtures("answered")
def test_the_review_links_to_the_quotes_place_in_the_document(pupil: Visitor) -> None:
    page = pupil.read("/review/harbour/h-rue")
    (link,) = [a.get("href", "") for a in page.iter("a") if "#harbour" in a.get("href", "")]
    address, _, anchor = link.partition("#")

    assert by_id(pupil.read(address), anchor) is not None


def test_a_document_is_shown_whole_and_as_text(nobody: Visitor) -> None:
    response = nobody.get("/documents/harbour")

    assert HOSTILE not in response.text
    assert HOSTILE in words(tree(response.text))
    for number in range(12):
        assert sentence("harbour", number) in words(tree(response.text))


def test_an_unknown_document_is_not_found(nobody: Visitor) -> None:
    assert nobody.get("/documents/nowhere").status_code == 404
    assert nobody.get("/documents/harbour.txt").status_code == 404


# Progress


def test_progress_is_empty_before_the_first_answer(nobody: Visitor, pupil: Visitor) -> None:
    for visitor in (nobody, pupil):
        assert "Play a round to begin" in words(visitor.read("/progress/"))


@pytest.mark.usefixtures("answered")
def test_progress_shows_counts_and_keeps_back_what_is_too_few(pupil: Visitor) -> None:
    text = words(pupil.read("/progress/"))

    assert "3 questions met for the first time" in text
    assert "2 of 3" in text
    assert "more answers until this can be said" in text
    assert "+75" in text


@pytest.mark.usefixtures("answered")
def test_progress_is_ones_own(outsider: Visitor) -> None:
    assert "Play a round to begin" in words(outsider.read("/progress/"))


# Guide


def test_the_guide_explains_with_the_worked_examples_only(nobody: Visitor) -> None:
    for address in ("/guide/", "/guide/skills"):
        text = words(nobody.read(address))
        assert "Claim examples x-box. (English)" in text
        assert "Claim harbour" not in text
        assert "Claim tower" not in text


def test_the_guide_has_a_place_for_every_rule_and_skill_linked_to(
    pupil: Visitor, answered: None
) -> None:
    page = pupil.read("/review/harbour/h-fir")
    links = [a.get("href", "") for a in page.iter("a") if a.get("href", "").startswith("/guide")]
    anchored = [link for link in links if "#" in link]

    assert len(anchored) == 3  # the rule and two skills
    for link in anchored:
        address, _, anchor = link.partition("#")
        assert by_id(pupil.read(address), anchor) is not None
