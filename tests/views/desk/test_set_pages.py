"""The desk's home and the pages of a set, without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from quiz import limits
from quiz.content.loader import load_taxonomy
from quiz.domain.draft import Draft
from quiz.models import DeskQuestion, DeskSet, Right
from quiz.services.desk import contents, publishing, sets, sharing
from tests.desk import a_draft, create_document, create_ready_set, create_set, ids_in, rewrite
from tests.factories import NOW, create_round, everything
from tests.views.pages import Visitor, by_id, form_to, part, tree, words
from tests.views.test_query_counts import statements

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session


@pytest.fixture
def made(session: Session, trainer: Visitor) -> DeskSet:
    """A set of the trainer's, ready to publish."""
    assert trainer.player
    return create_ready_set(session, trainer.player)


def there(made: DeskSet, rest: str = "") -> str:
    """The address of the set's page, or one below it."""
    return f"/desk/sets/{made.id}{rest}"


def share(session: Session, owner: Visitor, other: Visitor, made: DeskSet, right: Right) -> None:
    """Share a set."""
    assert owner.player
    assert other.player
    sharing.share(session, owner.player, made.id, other.player.display_name, right)


def test_a_new_trainer_is_told_three_steps_and_given_one_button(trainer: Visitor) -> None:
    page = trainer.read("/desk/")

    assert len(list(by_id_list(page))) == 3
    primary = [e for e in page.iter() if "primary" in (e.get("class") or "").split()]
    assert [words(e) for e in primary] == ["Bring a document"]


def by_id_list(page: object) -> list[object]:
    """The steps of the empty desk."""
    return [
        li
        for ol in page.iter("ol")  # type: ignore[attr-defined]
        if ol.get("class") == "first-steps"
        for li in ol.iter("li")
    ]


def test_a_set_is_made_with_a_title_in_one_language_on_the_documents_ticked(
    session: Session, trainer: Visitor
) -> None:
    assert trainer.player
    document = create_document(session, trainer.player)

    sent = trainer.post(
        "/desk/sets", **{"title.en": "Bridges", "languages": "en", "documents": str(document.id)}
    )

    assert sent.status_code == 303
    page = trainer.read(sent.headers["Location"])
    assert words(next(page.iter("h1"))) == "Bridges"
    assert "The bridge over the Lave" in words(by_id(page, "documents"))


def test_a_set_without_a_title_keeps_what_was_chosen(session: Session, trainer: Visitor) -> None:
    assert trainer.player
    document = create_document(session, trainer.player)

    refused = trainer.post(
        "/desk/sets", **{"languages": ["fr", "en"], "documents": str(document.id)}
    )

    assert refused.status_code == 422
    page = tree(refused.text)
    assert "Give the set a title" in words(by_id(page, "error-title"))
    ticked = [e.get("value") for e in page.iter("input") if "checked" in e.attrib]
    assert ticked == ["fr", "en", str(document.id)]


def test_a_card_says_stage_size_and_what_is_missing(
    session: Session, trainer: Visitor, made: DeskSet
) -> None:
    assert trainer.player
    sets.add_question(session, trainer.player, made.id, Draft("question"), NOW)

    text = words(by_id(trainer.read("/desk/"), "main"))

    assert "Draft" in text
    assert "4 questions · 1 document" in text
    assert "1 question is not finished." in text


def test_the_library_shows_shipped_sets_with_their_keys_and_copies_them(trainer: Visitor) -> None:
    page = trainer.read("/desk/library/harbour")
    assert "Because of harbour h-ash: true." in words(page)

    sent = trainer.send(form_to(page, "/duplicate"))

    copy = trainer.read(sent.headers["Location"])
    assert words(next(copy.iter("h1"))) == "The harbour (English)"
    assert len([e for e in copy.iter("li") if e.get("data-id")]) == 12
    assert trainer.get("/desk/library/nothing").status_code == 404


def test_a_set_of_another_trainers_is_not_in_the_library(
    session: Session, trainer: Visitor, other_trainer: Visitor, made: DeskSet, questions: Path
) -> None:
    assert trainer.player
    publishing.publish(session, trainer.player, made.id, load_taxonomy(questions), NOW)

    assert other_trainer.get(f"/desk/library/{made.slug}").status_code == 404
    assert other_trainer.post(f"/desk/library/{made.slug}/duplicate").status_code == 404


def test_the_page_shows_each_question_with_verdict_rule_and_problems(
    session: Session, trainer: Visitor, made: DeskSet
) -> None:
    row = contents.questions_in(session, made)[1]
    rewrite(session, row, Draft(row.key, claim={"en": "A claim."}))

    page = trainer.read(there(made))

    first, second = (words(by_id(page, f"question-{i}")) for i in ids_in(session, made)[:2])
    assert "True" in first
    assert "T1" in first
    assert "nothing to mend" in first
    assert "no verdict yet" in second
    assert "English is missing" in second
    assert "errors" in second


def test_questions_move_without_scripts(session: Session, trainer: Visitor, made: DeskSet) -> None:
    a, b, c = ids_in(session, made)

    sent = trainer.post(f"/desk/questions/{a}/move", by="down")

    assert sent.headers["Location"].endswith(f"{there(made)}#question-{a}")
    session.rollback()
    assert ids_in(session, made) == [b, a, c]
    assert trainer.post(there(made, "/order"), order=f"{c} {b} {a}").status_code == 303
    session.rollback()
    assert ids_in(session, made) == [c, b, a]
    assert trainer.post(f"/desk/questions/{a}/move", by="sideways").status_code == 422


def test_moving_gives_the_list_and_tells_the_new_place(
    session: Session, trainer: Visitor, made: DeskSet
) -> None:
    a, b, c = ids_in(session, made)

    moved = part(trainer.post(f"/desk/questions/{a}/move/part", by="down").text)
    assert moved.get("id") == "questions"
    assert moved.get("data-news") == "Now in place 2 of 3."
    dragged = part(trainer.post(there(made, "/order/part"), order=f"{c} {a} {b}", moved=c).text)
    assert dragged.get("data-news") == "Now in place 1 of 3."
    assert [e.get("data-id") for e in dragged.iter("li") if e.get("data-id")] == [
        str(c), str(a), str(b)
    ]  # fmt: skip


def test_describing_keeps_what_was_typed_when_it_is_refused(
    trainer: Visitor, made: DeskSet
) -> None:
    typed = {"title.en": "x" * 121, "summary.en": "Kept?", "languages": "fr"}
    refused = trainer.post(there(made, "/describe"), **typed)

    assert refused.status_code == 422
    page = tree(refused.text)
    assert "at most 120" in words(by_id(page, "error-title"))
    assert "Kept?" in words(page)
    assert trainer.send(form_to(page, "/describe"), **{"title.en": "Short"}).status_code == 303
    assert words(next(trainer.read(there(made)).iter("h1"))) == "Short"


def test_splitting_merging_duplicating_and_deleting(
    session: Session, trainer: Visitor, made: DeskSet
) -> None:
    a, *_ = ids_in(session, made)
    refused = trainer.post(there(made, "/split"), **{"split_title.en": "A part"})
    assert refused.status_code == 422
    assert "Tick some" in refused.text

    split = trainer.post(there(made, "/split"), **{"questions": a, "split_title.en": "A part"})
    part_of = split.headers["Location"]
    assert words(next(trainer.read(part_of).iter("h1"))) == "A part"
    merged = trainer.post(there(made, "/merge"), other=part_of.rsplit("/", 1)[1])
    assert "1 question is copied." in words(trainer.read(merged.headers["Location"]))
    copy = trainer.post(there(made, "/duplicate")).headers["Location"]
    assert trainer.post(f"{copy}/delete").status_code == 422
    assert trainer.post(f"{copy}/delete", sure="1").status_code == 303
    assert trainer.get(copy).status_code == 404


def test_a_question_is_deleted(session: Session, trainer: Visitor, made: DeskSet) -> None:
    a, b, c = ids_in(session, made)

    assert trainer.post(f"/desk/questions/{b}/delete").status_code == 303

    session.rollback()
    assert ids_in(session, made) == [a, c]


def test_documents_are_added_and_taken_out(
    session: Session, trainer: Visitor, made: DeskSet
) -> None:
    assert trainer.player
    spare = create_document(session, trainer.player, "spare")
    quoted = contents.rows_of_documents(session, made)[0]

    assert trainer.post(there(made, "/documents"), documents=spare.id).status_code == 303
    refused = trainer.post(there(made, f"/documents/{quoted.id}/drop"))
    assert refused.status_code == 422
    assert "Take the quote out first" in refused.text
    assert trainer.post(there(made, f"/documents/{spare.id}/drop")).status_code == 303
    session.rollback()
    assert list(contents.documents_in(session, made)) == [quoted.slug]


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
    monkeypatch.setattr(limits, "NAME_TRIES", limits.parse("3/15minutes"))
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


def test_no_page_of_the_desk_costs_more_with_more_questions(
    app: Flask, session: Session, trainer: Visitor, made: DeskSet
) -> None:
    assert trainer.player
    pages = ["/desk/", there(made), there(made, "/publish"), there(made, "/preview/1")]
    few = [len(statements(app, trainer, page)) for page in pages]
    for number in range(12):
        sets.add_question(session, trainer.player, made.id, a_draft(number % 4, "the-bridge"), NOW)
    create_set(session, trainer.player, "Another", [create_document(session, trainer.player)])

    assert [len(statements(app, trainer, page)) for page in pages] == few
    assert session.query(DeskQuestion).count() == 18
    assert max(few) < 18
