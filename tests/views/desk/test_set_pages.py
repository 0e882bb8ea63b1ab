"""The desk's home and the pages of a set, without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quiz.content.loader import load_taxonomy
from quiz.domain.question_set import Draft
from quiz.models import DeskQuestion, DeskSet
from quiz.services.desk import contents, publishing
from tests.desk import (
    a_draft,
    add_question,
    create_document,
    create_set,
    ids_in,
    rewrite,
)
from tests.factories import NOW
from tests.views.desk.conftest import there
from tests.views.pages import Visitor, by_id, form_to, part, tree, words
from tests.views.test_query_counts import statements

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session


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
    add_question(session, trainer.player, made.id, Draft("question"), NOW)

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


def test_no_page_of_the_desk_costs_more_with_more_questions(
    app: Flask, session: Session, trainer: Visitor, made: DeskSet
) -> None:
    assert trainer.player
    pages = ["/desk/", there(made), there(made, "/publish"), there(made, "/preview/1")]
    few = [len(statements(app, trainer, page)) for page in pages]
    for number in range(12):
        add_question(session, trainer.player, made.id, a_draft(number % 4, "the-bridge"), NOW)
    create_set(session, trainer.player, "Another", [create_document(session, trainer.player)])

    assert [len(statements(app, trainer, page)) for page in pages] == few
    assert session.query(DeskQuestion).count() == 18
    assert max(few) < 18
