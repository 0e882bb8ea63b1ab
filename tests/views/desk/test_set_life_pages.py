"""A set on its way to the players, shared and previewed, without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from quiz.domain.question_set import Draft
from quiz.models import DeskSet, Right
from quiz.services.desk import contents
from quiz.web import rate_limits
from tests.desk import a_draft, create_set, ids_in, rewrite
from tests.factories import create_round, everything
from tests.views.desk.conftest import share, there
from tests.views.pages import Visitor, by_id, form_to, tree, words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_publishing_says_what_changes_and_puts_the_set_on_the_home_page(
    session: Session, trainer: Visitor, nobody: Visitor, made: DeskSet
) -> None:
    page = trainer.read(there(made, "/publish"))
    assert "It is the first edition" in words(page)
    assert "Everybody who plays on this site can then play it." in words(page)
    assert trainer.send(form_to(page, "/publish")).status_code == 303
    home = nobody.read("/")
    assert "Sets by trainers" in words(home)
    assert by_id(home, made.slug) is not None

    row = contents.questions_in(session, made)[0]
    claim = {"en": "The bridge over the Lave was opened in the autumn of 1931."}
    rewrite(session, row, a_draft(0, "the-bridge", claim=claim))
    again = trainer.read(there(made, "/publish"))
    assert [words(e) for e in again.iter("del")] == ["spring"]
    assert [words(e) for e in again.iter("ins")] == ["autumn"]


def test_a_set_with_errors_is_not_published(
    session: Session, trainer: Visitor, nobody: Visitor
) -> None:
    assert trainer.player
    made = create_set(session, trainer.player, questions=0)

    page = trainer.read(there(made, "/publish"))
    assert "Not yet" in words(page)
    assert not [e for e in page.iter("form") if e.get("action", "").endswith("/publish")]
    refused = trainer.post(there(made, "/publish"))

    assert refused.status_code == 409
    assert "the set has no document" in refused.text
    assert made.slug not in nobody.get("/").text


def test_publishing_the_same_twice_is_told_in_words(trainer: Visitor, made: DeskSet) -> None:
    assert trainer.post(there(made, "/publish")).status_code == 303

    again = trainer.post(there(made, "/publish"))

    assert again.status_code == 409
    assert "nothing has changed since" in again.text
    assert "nothing has changed since" in words(trainer.read(there(made, "/publish")))


def test_a_step_that_is_not_open_is_told_in_words(trainer: Visitor, made: DeskSet) -> None:
    assert trainer.post(there(made, "/step"), step="submit").status_code == 303
    assert "In review" in words(trainer.read(there(made)))
    again = trainer.post(there(made, "/step"), step="submit")
    assert again.status_code == 409
    assert "has moved on meanwhile" in again.text
    assert trainer.post(there(made, "/step"), step="publish").status_code == 422
    assert trainer.post(there(made, "/step"), step="").status_code == 422


def test_archiving_hides_the_set_from_players_and_keeps_its_review(
    session: Session, trainer: Visitor, pupil: Visitor, made: DeskSet
) -> None:
    trainer.post(there(made, "/publish"))
    assert pupil.player
    key = f"{made.slug}/question-0"
    played = create_round(session, pupil.player, set_slug=made.slug, keys=[key])
    pupil.answer(played, 1)

    assert trainer.post(there(made, "/step"), step="archive").status_code == 303

    assert "Sets by trainers" not in pupil.get("/").text
    assert pupil.get(f"/review/{key}").status_code == 200


def test_the_history_tells_each_edition_in_words(
    session: Session, trainer: Visitor, made: DeskSet
) -> None:
    assert "never published" in words(trainer.read(there(made, "/history")))
    trainer.post(there(made, "/publish"))
    trainer.post(there(made, "/describe"), **{
        "title.en": "The old bridge", "summary.en": "What a report says of it.", "languages": "en"
    })  # fmt: skip
    trainer.post(f"/desk/questions/{ids_in(session, made)[0]}/move", by="down")
    trainer.post(there(made, "/publish"))

    text = words(trainer.read(there(made, "/history")))

    assert "Edition 2" in text
    assert "by Teacher" in text
    assert "The first edition. 3 questions" in text
    assert "Title (English): The old bridge" in text
    assert "In another place" in text


def test_a_set_in_one_language_says_so_to_those_who_read_the_other(
    trainer: Visitor, nobody: Visitor, made: DeskSet
) -> None:
    trainer.post(there(made, "/publish"))

    page = tree(nobody.get("/", headers={"Accept-Language": "fr"}).text)

    card = by_id(page, made.slug)
    assert [e.get("lang") for e in card.iter("h3")] == ["en"]
    shipped = by_id(page, "harbour")
    assert [e.get("lang") for e in shipped.iter("h3")] == ["fr"]


def test_sharing_by_name_and_taking_it_back(
    trainer: Visitor, other_trainer: Visitor, made: DeskSet
) -> None:
    assert other_trainer.player
    page = trainer.read(there(made))
    form = form_to(page, "/shares")
    assert trainer.send(form, name="Other teacher").status_code == 303
    read = other_trainer.read(there(made))
    assert "by Teacher" in words(read)
    assert "You may read it" in words(read)
    assert other_trainer.post(there(made, "/describe"), **{"title.en": "x"}).status_code == 404
    other = f"/shares/{other_trainer.player.id}"
    assert trainer.post(there(made, other), right="edit").status_code == 303
    assert other_trainer.post(there(made, "/duplicate")).status_code == 303
    assert trainer.post(there(made, f"{other}/drop")).status_code == 303
    assert other_trainer.get(there(made)).status_code == 404


def test_names_cannot_be_tried_one_after_the_other(
    trainer: Visitor, made: DeskSet, pupil: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "NAME_TRIES", rate_limits.parse("3/15minutes"))
    answers = [
        trainer.post(there(made, "/shares"), name=name, right="read")
        for name in ("Nobody", "Pupil", "Teacher", "Other")
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    told = {words(by_id(tree(answer.text), "error-name")) for answer in answers[:3]}
    assert told == {"No other trainer has exactly this name."}


def test_whoever_has_a_shared_set_can_leave_it(
    session: Session, trainer: Visitor, other_trainer: Visitor, made: DeskSet
) -> None:
    share(session, trainer, other_trainer, made, Right.READ)

    assert other_trainer.post(there(made, "/leave")).status_code == 303

    assert other_trainer.get(there(made)).status_code == 404
    assert trainer.post(there(made, "/leave")).status_code == 404


def test_an_editor_can_neither_publish_nor_share_nor_delete(
    session: Session, trainer: Visitor, other_trainer: Visitor, made: DeskSet
) -> None:
    share(session, trainer, other_trainer, made, Right.EDIT)
    page = words(other_trainer.read(there(made)))

    assert "Publish" not in page
    for rest in ("/publish", "/step", "/shares", "/delete"):
        assert other_trainer.post(there(made, rest), sure="1", step="archive").status_code == 404
    assert other_trainer.get(there(made, "/publish")).status_code == 404


@pytest.mark.parametrize("screen", ["phone", "projector"])
def test_a_preview_asks_reveals_and_goes_on_and_stores_nothing(
    session: Session, trainer: Visitor, made: DeskSet, screen: str
) -> None:
    before = everything(session)
    address = there(made, f"/preview/1?screen={screen}")

    asked = trainer.get(address)
    assert "opened in the spring of 1931" in asked.text
    assert "was opened on 4 May 1931" in asked.text
    assert "and May is in spring" not in asked.text
    revealed = trainer.post(address, look="final", verdict="false", confidence="2")

    assert "and May is in spring" in revealed.text
    page = tree(revealed.text)
    links = [e.get("href") for e in page.iter("a") if "next" in (e.get("class") or "").split()]
    assert links == [there(made, f"/preview/2?screen={screen}")]
    assert ("Not this time" in revealed.text) == (screen == "phone")
    assert everything(session) == before


def test_a_preview_as_phone_asks_for_a_verdict(trainer: Visitor, made: DeskSet) -> None:
    refused = trainer.post(there(made, "/preview/1"), look="final", confidence="2")

    assert refused.status_code == 422
    assert "Choose a verdict" in refused.text


def test_a_preview_opens_the_whole_file(trainer: Visitor, made: DeskSet) -> None:
    assert "never came to the opening" not in trainer.get(there(made, "/preview/1")).text
    assert "never came to the opening" in trainer.get(there(made, "/preview/1?file=1")).text


@pytest.mark.parametrize("screen", ["phone", "projector"])
def test_an_unfinished_question_is_previewed_as_far_as_it_goes(
    session: Session, trainer: Visitor, made: DeskSet, screen: str
) -> None:
    row = contents.questions_in(session, made)[0]
    rewrite(session, row, Draft(row.key, claim={"en": "A claim so far."}))
    address = there(made, f"/preview/1?screen={screen}")

    asked = words(trainer.read(address))
    assert "A claim so far." in asked
    assert "Missing: the quotes, the verdict, the rule" in asked
    revealed = trainer.post(address, look="final", verdict="true", confidence="0")
    assert revealed.status_code == 200
    assert "Nothing to reveal yet" in revealed.text


def test_a_quote_that_lost_its_place_is_told_in_the_preview(
    session: Session, trainer: Visitor, made: DeskSet
) -> None:
    document = contents.rows_of_documents(session, made)[0]
    document.body = document.body | {"text": "Something else.\n", "regions": [
        {"kind": "article", "start": 0, "end": 16, "note": None}
    ]}  # fmt: skip
    session.commit()

    assert "1 quote no longer stands" in words(trainer.read(there(made, "/preview/1")))


def test_a_preview_is_its_readers_alone(
    session: Session, trainer: Visitor, other_trainer: Visitor, pupil: Visitor, made: DeskSet
) -> None:
    for visitor in (other_trainer, pupil):
        for rest in ("/preview", "/preview/1", "/preview/1?screen=projector"):
            assert visitor.get(there(made, rest)).status_code == 404
            assert visitor.post(there(made, "/preview/1")).status_code == 404
    share(session, trainer, other_trainer, made, Right.READ)
    assert other_trainer.get(there(made, "/preview/1")).status_code == 200
    for position in (0, 4, 9999):
        assert trainer.get(there(made, f"/preview/{position}")).status_code == 404


def test_a_set_without_questions_has_no_preview_yet(session: Session, trainer: Visitor) -> None:
    assert trainer.player
    made = create_set(session, trainer.player, questions=0)

    assert "no question to play yet" in words(trainer.read(there(made, "/preview")))


def test_statistics_stand_beside_a_published_question(
    session: Session, trainer: Visitor, pupil: Visitor, made: DeskSet
) -> None:
    trainer.post(there(made, "/publish"))
    assert pupil.player
    key = f"{made.slug}/question-0"
    played = create_round(session, pupil.player, set_slug=made.slug, keys=[key])
    pupil.answer(played, 1)

    page = trainer.read(there(made))

    text = words(by_id(page, f"question-{ids_in(session, made)[0]}"))
    assert "1 answer" in text
    assert "19 more answers" in text
