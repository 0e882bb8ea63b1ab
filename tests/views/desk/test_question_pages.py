"""The editor's pages without a script: every button saves what was typed, then acts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

import pytest

from quiz.domain.merge import field_digest
from quiz.models import DeskQuestion, Right
from quiz.services.desk import editing, quoting
from quiz.services.desk.contents import draft
from tests.desk import HARBOUR, create_harbour, create_question, share, slug_of
from tests.factories import NOW
from tests.views.pages import Visitor, by_id, form_to, part, tree, words
from tests.views.test_query_counts import counting

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from quiz.domain.question_set import Draft


@pytest.fixture
def question(session: Session, trainer: Visitor) -> DeskQuestion:
    """An empty question of the trainer's."""
    assert trainer.player
    return create_question(session, trainer.player)


def address(row: DeskQuestion, rest: str = "") -> str:
    return f"/desk/questions/{row.id}{rest}"


def now_in(session: Session, row: DeskQuestion) -> Draft:
    session.rollback()
    return draft(session.get_one(DeskQuestion, row.id, populate_existing=True))


def filled(visitor: Visitor, row: DeskQuestion) -> dict[str, str]:
    """The editor's form as it would be sent untouched."""
    page = visitor.read(address(row))
    fields = dict(form_to(page, address(row)).fields)
    for box in by_id(page, "question").iter("textarea"):
        fields[box.get("name", "")] = (box.text or "").removeprefix("\n")
    return fields | {"act": "save"}


def texts_of(page: Element, kind: str) -> list[str]:
    return [words(one) for one in page.iter() if kind in one.get("class", "").split()]


def test_the_page_shows_the_document_exactly_with_the_place_of_each_line(
    trainer: Visitor, question: DeskQuestion
) -> None:
    page = trainer.read(address(question))
    lines = [one for one in page.iter("p") if one.get("data-start")]
    assert len(lines) == 3
    for line in lines:
        start, text = int(line.get("data-start", "")), "".join(line.itertext())
        assert HARBOUR[start : start + len(text)] == text
    for sentence in page.iter("span"):
        if sentence.get("data-end"):
            start, end = int(sentence.get("data-start", "")), int(sentence.get("data-end", ""))
            assert HARBOUR[start:end] == "".join(sentence.itertext())


def test_saving_goes_back_to_the_page_and_stores_what_was_typed(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    fields = filled(trainer, question) | {
        "claim.fr": "Le port compte 13 bateaux.",
        "rule": "F1",
        "difficulty": "2",
        "as_of": "2026-01-15",
    }
    sent = trainer.post(address(question), **fields, skills=["close_reading", "number_check"])
    assert (sent.status_code, sent.location) == (303, address(question))
    stored = now_in(session, question)
    assert stored.claim == {"fr": "Le port compte 13 bateaux."}
    assert (stored.rule, stored.verdict, stored.difficulty) == ("F1", "false", 2)
    assert stored.skills == ("close_reading", "number_check")
    again = filled(trainer, question)
    assert (again["claim.fr"], again["rule"]) == ("Le port compte 13 bateaux.", "F1")


def test_a_field_that_the_form_does_not_show_is_left_alone(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    trainer.post(address(question), **filled(trainer, question) | {"claim.fr": "Stands"})
    trainer.post(address(question), act="save", **{"claim.fr": ""})
    assert now_in(session, question).claim == {"fr": "Stands"}


def test_a_passage_becomes_evidence_and_the_typed_text_is_saved_with_it(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    start = HARBOUR.index("🛥️ et")
    act = f"use:{slug_of(session, question)}:{start}-{start + 5}"
    fields = filled(trainer, question) | {"claim.en": "Typed before", "act": act}
    assert trainer.post(address(question), **fields).status_code == 303
    stored = now_in(session, question)
    assert stored.evidence[0].quote.exact == "🛥️ et"
    assert stored.claim == {"en": "Typed before"}
    page = trainer.read(address(question))
    assert [words(one) for one in page.iter("mark")] == ["🛥️ et"]


def test_a_typed_quote_with_a_typo_is_offered_the_nearest_passage_by_a_button(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    fields = filled(trainer, question) | {"act": "find", "quote": "vue la clohce"}
    refused = trainer.post(address(question), **fields | {"claim.fr": "Typed"})
    assert refused.status_code == 422
    page = tree(refused.text)
    assert "nearest" in words(by_id(page, "places"))
    assert by_id(page, "f-quote").get("value") == "vue la clohce"
    (button,) = by_id(page, "places").iter("button")
    trainer.post(address(question), **fields | {"act": button.get("value", "")})
    stored = now_in(session, question)
    assert "la cloche" in stored.evidence[0].quote.exact
    assert stored.claim == {"fr": "Typed"}


def test_enter_in_the_box_of_the_quote_finds_it(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    fields = filled(trainer, question) | {"quote": "la cloche"}
    assert trainer.post(address(question), **fields).status_code == 303
    assert len(now_in(session, question).evidence) == 1


def test_a_conflict_shows_both_versions_and_either_can_be_taken(
    session: Session, trainer: Visitor, other_trainer: Visitor, question: DeskQuestion
) -> None:
    assert other_trainer.player
    share(session, question, other_trainer.player)
    mine, theirs = filled(trainer, question), filled(other_trainer, question)
    other_trainer.post(address(question), **theirs | {"claim.fr": "<b>Theirs</b>"})
    clash = trainer.post(
        address(question), **mine | {"claim.fr": "Mine", "explanation.fr": "Also typed"}
    )
    assert clash.status_code == 409
    page = tree(clash.text)
    (shown,) = texts_of(page, "clash")
    assert "Mine" in shown
    assert "<b>Theirs</b>" in shown
    assert other_trainer.player.display_name in shown
    assert now_in(session, question).explanation == {"fr": "Also typed"}

    fields = dict(form_to(page, address(question)).fields)
    fields |= {"claim.fr": "Mine", "explanation.fr": "Also typed"}
    kept = trainer.post(address(question), **fields | {"act": "keep:claim.fr"})
    assert kept.status_code == 303
    assert now_in(session, question).claim == {"fr": "Mine"}
    # The other one's form is behind now; taking the version there is drops the typed one.
    theirs = {**theirs, "claim.fr": "Late", "act": "theirs:claim.fr"}
    assert other_trainer.post(address(question), **theirs).status_code == 303
    assert now_in(session, question).claim == {"fr": "Mine"}


def test_a_refused_field_keeps_everything_typed_in_the_form(
    trainer: Visitor, question: DeskQuestion
) -> None:
    fields = filled(trainer, question) | {"as_of": "2026-99-01", "claim.fr": "Not lost"}
    refused = trainer.post(address(question), **fields)
    assert refused.status_code == 422
    page = tree(refused.text)
    assert words(by_id(page, "f-claim.fr")) == "Not lost"
    assert "2026-01-31" in words(by_id(page, "hint-as_of"))


def test_undo_and_redo_are_buttons_where_there_is_something_to_undo(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    def disabled() -> list[bool]:
        page = trainer.read(address(question))
        buttons = {one.get("value"): one for one in page.iter("button")}
        return ["disabled" in buttons[act].attrib for act in ("undo", "redo")]

    assert disabled() == [True, True]
    trainer.post(address(question), **filled(trainer, question) | {"claim.fr": "A"})
    assert disabled() == [False, True]
    trainer.post(address(question), **filled(trainer, question) | {"act": "undo"})
    assert disabled() == [True, False]
    assert now_in(session, question).claim == {}


def test_a_near_miss_fills_the_claim_and_what_stood_there_can_be_had_back(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    slug = slug_of(session, question)
    line = HARBOUR.splitlines()[0]
    assert trainer.player
    quoting.add_passage(session, trainer.player, question.id, slug, quoting.Span(0, len(line)), NOW)
    page = trainer.read(address(question))
    fills = [b.get("value", "") for b in page.iter("button") if "fill:" in b.get("value", "")]
    assert len(fills) > 1
    fields = filled(trainer, question) | {"claim.fr": "Typed first", "act": fills[1]}
    trainer.post(address(question), **fields)
    assert now_in(session, question).claim["fr"] == fills[1].removeprefix("fill:claim.fr:")
    trainer.post(address(question), **filled(trainer, question) | {"act": "undo"})
    assert now_in(session, question).claim["fr"] == "Typed first"


def test_a_question_starts_from_a_suggestion_and_the_next_one_is_linked(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    act = f"start:{slug_of(session, question)}:0-20 number_check"
    sent = trainer.post(address(question), **filled(trainer, question) | {"act": act})
    assert sent.status_code == 303
    assert sent.location != address(question)
    page = trainer.read(sent.location)
    assert words(by_id(page, "main")).count("Question 2 of 2") == 1
    assert len(texts_of(page, "quote-card")) == 1
    (chosen,) = [
        b.get("value")
        for b in page.iter("input")
        if b.get("name") == "skills" and "checked" in b.attrib
    ]
    assert chosen == "number_check"
    assert any(link.get("href") == address(question) for link in page.iter("a"))


def test_a_set_s_page_can_begin_a_question(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    sent = trainer.post(f"/desk/questions/new/{question.set_id}")
    assert sent.status_code == 303
    assert "Question 2 of 2" in trainer.get(sent.location).text


def test_a_pair_is_chosen_from_the_other_questions(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    assert trainer.player
    other = quoting.start_question(session, trainer.player, question.set_id, NOW)
    fields = filled(trainer, question) | {"contrast": f"with:{other.id}"}
    assert trainer.post(address(question), **fields).status_code == 303
    assert now_in(session, question).contrast == now_in(session, other).contrast == "q2-q1"


def test_the_files_of_a_question_are_ticked_among_those_of_its_set(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    slug = slug_of(session, question)
    page = trainer.read(address(question))
    assert not any(box.get("name") == "files" for box in page.iter("input"))  # there is but one
    fields = filled(trainer, question) | {"files": slug}
    assert trainer.post(address(question), **fields).status_code == 303
    assert now_in(session, question).files == (slug,)
    (box,) = (
        one for one in trainer.read(address(question)).iter("input") if one.get("name") == "files"
    )
    assert (box.get("value"), "checked" in box.attrib) == (slug, True)
    assert trainer.post(address(question), **filled(trainer, question)).status_code == 303
    assert now_in(session, question).files == (slug,)


def test_what_is_missing_is_listed_with_links_into_the_form(
    trainer: Visitor, question: DeskQuestion
) -> None:
    page = trainer.read(address(question))
    ids = {element.get("id") for element in page.iter()}
    links = [link.get("href", "") for link in by_id(page, "lint").iter("a")]
    assert {"#f-claim.fr", "#f-evidence", "#f-verdict", "#f-rule", "#f-skills"} <= set(links)
    assert {link[1:] for link in links} <= ids


def test_another_question_s_quotes_are_linked_without_a_letter_more_in_the_text(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    assert trainer.player
    other = quoting.start_question(session, trainer.player, question.set_id, NOW)
    quoting.add_typed(session, trainer.player, other.id, "la cloche", NOW)
    page = trainer.read(address(question))
    (link,) = [one for one in page.iter("a") if one.get("class") == "to-elsewhere"]
    assert (link.get("href"), link.text) == (address(other), None)
    assert "2" in link.get("aria-label", "")


def test_who_may_only_read_sees_the_page_without_its_controls(
    session: Session, trainer: Visitor, other_trainer: Visitor, question: DeskQuestion
) -> None:
    assert other_trainer.player
    share(session, question, other_trainer.player, Right.READ)
    page = other_trainer.read(address(question))
    (controls,) = [one for one in page.iter("fieldset") if one.get("class") == "all"]
    assert "disabled" in controls.attrib
    assert not list(by_id(page, "question").iter("button"))
    assert other_trainer.post(address(question), act="save").status_code == 404
    assert other_trainer.get(address(question, "/history")).status_code == 200


def test_the_history_tells_who_changed_what(trainer: Visitor, question: DeskQuestion) -> None:
    trainer.post(address(question), **filled(trainer, question) | {"claim.fr": "A", "rule": "T1"})
    page = trainer.read(address(question, "/history"))
    newest = words(next(iter(page.iter("tbody"))))
    assert "Teacher" in newest
    assert "Claim, Français; Verdict; Rule" in newest


def test_the_part_holds_the_form_and_the_documents_only_when_a_quote_has_changed(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    fields = filled(trainer, question) | {"claim.fr": "A", "act": ""}
    answer = part(trainer.post(address(question, "/save/part"), **fields).text)
    ids = {element.get("id") for element in answer.iter()}
    assert {"question", "bases", "lint"} <= ids
    assert "documents" not in ids
    fields |= {"act": f"use:{slug_of(session, question)}:0-20"}
    answer = part(trainer.post(address(question, "/save/part"), **fields).text)
    assert "documents" in {element.get("id") for element in answer.iter()}


def test_hostile_words_are_shown_as_they_are(
    session: Session, trainer: Visitor, question: DeskQuestion
) -> None:
    hostile = "</textarea><script>x</script>\"'<img onerror=1>"
    fields = filled(trainer, question) | {"claim.fr": hostile}
    trainer.post(address(question), **fields)
    shown = trainer.get(address(question)).text
    assert "<script>x" not in shown
    assert filled(trainer, question)["claim.fr"] == hostile


@pytest.mark.parametrize("others", [1, 12])
def test_a_save_costs_the_same_however_much_there_is(
    app: Flask, session: Session, trainer: Visitor, question: DeskQuestion, others: int
) -> None:
    assert trainer.player
    for n in range(others):
        other = quoting.start_question(session, trainer.player, question.set_id, NOW)
        quoting.add_typed(session, trainer.player, other.id, "la cloche", NOW)
        bases = editing.now_stored(other).digests
        mine = {"claim.fr": f"Claim {n}"}
        editing.save_fields(session, trainer.player, other.id, mine, bases, NOW)
    create_harbour(session, trainer.player)
    fields = filled(trainer, question) | {"claim.fr": "Mine", "act": ""}
    with counting(app) as seen:
        assert trainer.post(address(question, "/save/part"), **fields).status_code == 200
    # Saving: player, question, set and question held, edits, those to redo gone, and three writes;
    # showing: question, documents, questions, edits.
    assert len(seen) <= 14, seen


def test_nobody_sees_a_path_or_base_of_another_question(
    trainer: Visitor, question: DeskQuestion
) -> None:
    page = trainer.get(address(question)).text
    assert re.findall(r'name="base\.claim\.fr" value="(\w+)"', page) == [field_digest("")]
