"""A document that was written for the game says so wherever something of it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories import create_answers, create_round

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.views.pages import Visitor

NOTE = "Written for this game. Nothing in it happened."
TOWER, HARBOUR = "tower/t-fir", "harbour/h-fir"


def test_the_page_of_a_document_says_it(nobody: Visitor) -> None:
    assert NOTE in nobody.get("/documents/tower").text
    assert NOTE not in nobody.get("/documents/harbour").text


def test_the_list_of_documents_says_it_of_that_one(nobody: Visitor) -> None:
    assert nobody.get("/documents/").text.count(NOTE) == 1


def test_a_round_says_it_with_the_passage_and_with_the_whole_file(
    session: Session, pupil: Visitor
) -> None:
    assert pupil.player
    for key, count in ((TOWER, 1), (HARBOUR, 0)):
        played = create_round(session, pupil.player, keys=[key])
        page = f"/rounds/{played.id}/1"
        assert pupil.get(page).text.count(NOTE) == count
        assert pupil.get(f"{page}/file").text.count(NOTE) == count


def test_the_reveal_and_the_review_say_it_with_each_quote(session: Session, pupil: Visitor) -> None:
    assert pupil.player
    for key, count in ((TOWER, 1), (HARBOUR, 0)):
        played = create_round(session, pupil.player, keys=[key])
        create_answers(session, played)
        assert pupil.get(f"/rounds/{played.id}/1").text.count(NOTE) == count
        assert pupil.get(f"/review/{key}").text.count(NOTE) == count


def test_it_is_said_in_the_interface_s_language(nobody: Visitor) -> None:
    page = nobody.get("/documents/tower", headers={"Accept-Language": "fr"}).text
    assert "Écrit pour ce jeu. Rien de tout cela n’est arrivé." in page
