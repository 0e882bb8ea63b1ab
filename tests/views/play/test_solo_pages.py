"""Playing a round in a browser without scripts, and the fragments that scripts would fetch."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

import pytest
from sqlalchemy import select

from quiz.content.loader import load
from quiz.domain.answer import Look, Mode
from quiz.domain.verdict import Verdict
from quiz.models import Response, Round
from quiz.services.library.sync import sync
from quiz.storage.db import db
from tests.factories import NOW, VERDICTS, create_answers, create_round, finish
from tests.views.pages import (
    Visitor,
    by_id,
    form_to,
    forms,
    part,
    place,
    tree,
    without_noise,
    words,
)

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

KEYS = ["harbour/h-fir", "harbour/h-box", "harbour/h-rue"]  # true, unverified (silent), false
NOTICE = "This question already had your answer."


@pytest.fixture
def quick(session: Session, pupil: Visitor) -> Round:
    """The pupil's quick round."""
    assert pupil.player
    return create_round(session, pupil.player, keys=KEYS)


@pytest.fixture
def investigation(session: Session, pupil: Visitor) -> Round:
    """The pupil's investigation."""
    assert pupil.player
    return create_round(session, pupil.player, keys=KEYS, mode=Mode.INVESTIGATION)


def same(fragment: str, page: str, id: str) -> bool:
    """Whether the fragment is what the page has under this id."""
    return _flat(part(without_noise(fragment))) == _flat(by_id(tree(without_noise(page)), id))


def _flat(element: Element) -> bytes:
    element.tail = None
    return tostring(element)


def stage(page: Element) -> str:
    """The stage that the page shows."""
    return by_id(page, "item").get("class", "").split("stage-")[1]


def checked(page: Element) -> dict[str, str]:
    """The radio buttons that are chosen."""
    return {
        field.get("name", ""): field.get("value", "")
        for field in page.iter("input")
        if field.get("type") == "radio" and "checked" in field.attrib
    }


def responses(session: Session) -> list[Response]:
    session.rollback()
    return list(session.scalars(select(Response).order_by(Response.id)))


# From the first click to the summary


@pytest.mark.parametrize("mode", Mode)
def test_a_whole_round_by_forms_and_links_alone(
    session: Session, nobody: Visitor, mode: Mode
) -> None:
    home = nobody.read("/")
    start = next(form for form in forms(home) if form.fields.get("set") == "harbour")
    response = nobody.send(start, mode=mode.value)
    assert response.status_code == 303

    for position in range(1, 6):
        for _ in range(1 if mode is Mode.QUICK else 2):
            page = nobody.read(response.location)
            response = nobody.send(
                form_to(page, f"/{position}/answer"),
                verdict="true",
                confidence="2",
                pointer="none",
            )
            assert response.status_code == 303
        page = nobody.read(response.location)
        assert stage(page) == "reveal"
        (onward,) = [a for a in page.iter("a") if "next" in a.get("class", "").split()]
        response.headers["Location"] = onward.get("href", "")
    summary = nobody.read(response.location)

    (played,) = session.scalars(select(Round))
    finals = [row for row in responses(session) if row.look is Look.FINAL]
    assert len(finals) == played.size == 5
    assert played.finished_at is not None
    total = next(e for e in summary.iter() if e.get("class", "").startswith("points"))
    assert words(total).replace("−", "-").replace("+", "") == str(played.points)


def test_the_round_goes_on_where_it_was_left(pupil: Visitor, quick: Round) -> None:
    pupil.answer(quick, 1)

    assert pupil.get(f"/rounds/{quick.id}").location == place(quick, 2)
    home = pupil.read("/")
    assert f"/rounds/{quick.id}" in {a.get("href") for a in home.iter("a")}


# Stages


def test_a_quick_question_shows_the_passage_and_no_pointer(pupil: Visitor, quick: Round) -> None:
    page = pupil.read(place(quick, 1))

    assert stage(page) == "ask"
    assert "Line 7 of the harbour" in words(by_id(page, "sources"))
    assert "pointer" not in {field.get("name") for field in page.iter("input")}


def test_a_first_look_shows_the_claim_alone(pupil: Visitor, investigation: Round) -> None:
    page = pupil.read(place(investigation, 1))

    assert stage(page) == "first_look"
    assert not [e for e in page.iter() if e.get("id") == "sources"]
    assert "Line 7" not in words(page)


def test_a_second_look_opens_all_files_with_every_sentence_to_point_at(
    pupil: Visitor, investigation: Round
) -> None:
    pupil.answer(investigation, 1)

    page = pupil.read(place(investigation, 1))

    assert stage(page) == "second_look"
    pointers = [f.get("value") for f in page.iter("input") if f.get("name") == "pointer"]
    assert pointers[0] == "none"
    assert pointers[1:] == [f"harbour:{n}" for n in range(len(pointers) - 1)]
    assert len(pointers) > 24


def test_after_the_answer_come_verdict_explanation_and_quote(pupil: Visitor, quick: Round) -> None:
    pupil.answer(quick, 1, verdict="false", confidence="3")

    text = words(by_id(pupil.read(place(quick, 1)), "item"))

    assert "Not this time. It was: True" in text
    assert "Because of harbour h-fir: true. (English)" in text
    assert "−157" in text


@pytest.mark.parametrize(
    ("pointer", "said"),
    [
        ("harbour:14", "yes, that is the one +20"),
        ("harbour:0", "the explanation rests on another sentence"),
        ("none", "you said the files do not say; see the passage below"),
    ],
)
def test_the_sentence_pointed_at_is_judged(
    pupil: Visitor, investigation: Round, pointer: str, said: str
) -> None:
    pupil.answer(investigation, 1)
    pupil.answer(investigation, 1, pointer=pointer)

    assert said in words(by_id(pupil.read(place(investigation, 1)), "item"))


# Fragments


@pytest.mark.parametrize("rest", ["", "/file"])
def test_a_fragment_is_the_part_of_the_page_at_every_stage(
    pupil: Visitor, quick: Round, investigation: Round, rest: str
) -> None:
    def check(played: Round) -> None:
        shown = pupil.get(place(played, 1, rest))
        if shown.status_code == 303:  # a first look opens no file
            assert (rest, played) == ("/file", investigation)
            return
        page = shown.text
        fragment = pupil.get(place(played, 1, f"{rest}/part")).text
        if rest == "":
            assert same(fragment, page, "item")
        elif stage(tree(page)) in ("ask", "second_look"):
            assert same(fragment, page, "sources")

    for played, answers in ((quick, 1), (investigation, 2)):
        check(played)
        for _ in range(answers):
            pupil.answer(played, 1, pointer="none")
            check(played)


@pytest.mark.parametrize("mode", Mode)
def test_answering_by_fragment_gives_the_part_of_the_page_that_follows(
    session: Session, pupil: Visitor, mode: Mode
) -> None:
    assert pupil.player
    played = create_round(session, pupil.player, keys=KEYS, mode=mode)

    for look in (Look.FIRST, Look.FINAL) if mode is Mode.INVESTIGATION else (Look.FINAL,):
        form = form_to(pupil.read(place(played, 1)), "/1/answer")
        fields = {**form.fields, "verdict": "false", "confidence": "1", "pointer": "none"}
        fragment = pupil.post(form.action + "/part", **fields)
        assert fragment.status_code == 200, look
        assert same(fragment.text, pupil.get(place(played, 1)).text, "item")


def test_both_ways_of_answering_store_the_same(
    session: Session, pupil: Visitor, outsider: Visitor
) -> None:
    assert pupil.player
    assert outsider.player
    for visitor, path in ((pupil, "/answer"), (outsider, "/answer/part")):
        assert visitor.player
        played = create_round(session, visitor.player, keys=KEYS, mode=Mode.INVESTIGATION)
        for _ in range(2):
            form = form_to(visitor.read(place(played, 1)), "/1/answer")
            fields = {**form.fields, "verdict": "false", "confidence": "1", "pointer": "harbour:3"}
            visitor.post(place(played, 1, path), **fields)

    rows = responses(session)
    said = [(r.look, r.verdict, r.confidence, r.pointer, r.revision_id) for r in rows]
    assert said[:2] == said[2:]


# Incomplete forms


@pytest.mark.parametrize(
    ("kept", "field", "words_said"),
    [
        ({"confidence": "1", "pointer": "harbour:3"}, "verdict", "Choose a verdict"),
        ({"verdict": "false", "pointer": "none"}, "confidence", "Say how sure you are"),
        ({"verdict": "false", "confidence": "3"}, "pointer", "Choose the sentence"),
    ],
)
@pytest.mark.parametrize("path", ["/answer", "/answer/part"])
def test_an_incomplete_answer_comes_back_with_what_was_chosen(
    session: Session,
    pupil: Visitor,
    investigation: Round,
    kept: dict[str, str],
    field: str,
    words_said: str,
    path: str,
) -> None:
    pupil.answer(investigation, 1)
    form = form_to(pupil.read(place(investigation, 1)), "/1/answer")

    refused = pupil.post(place(investigation, 1, path), **form.fields, **kept)

    assert refused.status_code == 422
    page = tree(refused.text)
    assert checked(page) == kept
    assert words_said in words(by_id(page, f"error-{field}"))
    assert len(responses(session)) == 1  # the first look


def test_after_an_incomplete_answer_a_change_of_language_leads_back_to_the_question(
    pupil: Visitor, quick: Round
) -> None:
    form = form_to(pupil.read(place(quick, 1)), "/1/answer")
    refused = pupil.send(form, verdict="true")

    chosen = pupil.send(form_to(tree(refused.text), "/preferences"), ui="fr")
    back = pupil.get(chosen.location)

    assert (back.status_code, back.location) == (303, place(quick, 1))


@pytest.mark.parametrize("fields", [{}, {"verdict": "true", "confidence": "2"}])
@pytest.mark.parametrize("path", ["/answer", "/answer/part"])
def test_a_refused_answer_shows_no_question_that_is_still_to_come(
    session: Session, pupil: Visitor, quick: Round, fields: dict[str, str], path: str
) -> None:
    form = form_to(pupil.read(place(quick, 1)), "/1/answer")

    refused = pupil.post(place(quick, 3, path), **form.fields, **fields)

    assert (refused.status_code, refused.location) == (303, f"/rounds/{quick.id}")
    assert responses(session) == []


def test_a_value_that_no_form_offers_is_refused(
    session: Session, pupil: Visitor, investigation: Round
) -> None:
    pupil.answer(investigation, 1)
    for bad in (
        {"verdict": "maybe"},
        {"confidence": "4"},
        {"confidence": "-1"},
        {"confidence": "1e0"},
        {"look": "third"},
        {"pointer": "harbour:9999"},
        {"pointer": "nowhere:1"},
        {"pointer": "harbour:-1"},
    ):
        refused = pupil.answer(investigation, 1, **{"pointer": "none", **bad})
        assert refused.status_code == 422, bad

    assert len(responses(session)) == 1


def test_a_question_answered_before_it_was_opened_is_asked_first(
    session: Session, pupil: Visitor, quick: Round
) -> None:
    fields = {"look": "final", "verdict": "true", "confidence": "1"}

    early = pupil.post(place(quick, 1, "/answer"), **fields)

    assert (early.status_code, early.location) == (303, f"/rounds/{quick.id}")
    assert stage(pupil.read(early.location)) == "ask"
    assert responses(session) == []


# Back, refresh, second tab


def test_going_back_to_an_answered_question_shows_its_answer(pupil: Visitor, quick: Round) -> None:
    pupil.answer(quick, 1)
    pupil.read(place(quick, 2))

    page = pupil.read(place(quick, 1))

    assert stage(page) == "reveal"
    assert NOTICE not in words(page)


def test_sending_the_same_form_again_is_quietly_fine(
    session: Session, pupil: Visitor, quick: Round
) -> None:
    form = form_to(pupil.read(place(quick, 1)), "/1/answer")
    fields = {"verdict": "true", "confidence": "2"}

    locations = [pupil.send(form, **fields).location for _ in range(3)]

    assert locations == [place(quick, 1)] * 3
    assert len(responses(session)) == 1


def test_sending_the_same_form_with_another_answer_is_a_conflict(
    session: Session, pupil: Visitor, quick: Round
) -> None:
    form = form_to(pupil.read(place(quick, 1)), "/1/answer")
    pupil.send(form, verdict="true", confidence="2")

    refused = pupil.send(form, verdict="false", confidence="2")

    assert refused.status_code == 409
    assert "The first one counts" in refused.text
    assert [row.verdict for row in responses(session)] == [Verdict.TRUE]


def test_a_second_tab_is_told_that_the_first_one_counts(
    session: Session, pupil: Visitor, quick: Round
) -> None:
    one, other = (form_to(pupil.read(place(quick, 1)), "/1/answer") for _ in range(2))
    pupil.send(one, verdict="true", confidence="2")

    late = pupil.send(other, verdict="false", confidence="3")
    page = pupil.read(late.location)
    by_fragment = pupil.post(
        other.action + "/part", **other.fields, verdict="false", confidence="3"
    )

    assert late.status_code == 303
    assert NOTICE in words(page)
    assert NOTICE in words(part(by_fragment.text))
    assert [row.verdict for row in responses(session)] == [Verdict.TRUE]


def test_a_first_look_sent_from_a_second_tab_does_not_answer_for_good(
    session: Session, pupil: Visitor, investigation: Round
) -> None:
    one, other = (form_to(pupil.read(place(investigation, 1)), "/1/answer") for _ in range(2))
    pupil.send(one, verdict="true", confidence="2")

    page = pupil.read(pupil.send(other, verdict="false", confidence="2").location)

    assert stage(page) == "second_look"
    assert NOTICE in words(page)
    assert [row.look for row in responses(session)] == [Look.FIRST]


def test_nobody_is_told_of_an_answer_that_does_not_exist(pupil: Visitor, quick: Round) -> None:
    page = pupil.read(place(quick, 1) + "?already=1")

    assert NOTICE not in words(page)


# Places


@pytest.mark.parametrize("rest", ["", "/part", "/file", "/file/part"])
def test_a_question_further_on_leads_to_the_one_that_waits(
    session: Session, pupil: Visitor, quick: Round, rest: str
) -> None:
    pupil.answer(quick, 1)

    early = pupil.get(place(quick, 3, rest))

    assert (early.status_code, early.location) == (303, f"/rounds/{quick.id}")
    assert stage(pupil.read(early.location)) == "ask"
    session.rollback()
    assert pupil.get(f"/rounds/{quick.id}").location == place(quick, 2)


@pytest.mark.parametrize("rest", ["/part", "/file/part"])
def test_asked_for_a_piece_of_another_question_the_browser_loads_the_right_page(
    pupil: Visitor, quick: Round, rest: str
) -> None:
    early = pupil.get(place(quick, 3, rest), headers={"HX-Request": "true"})

    assert (early.status_code, early.text) == (200, "")
    assert early.headers["HX-Redirect"] == f"/rounds/{quick.id}"


def test_a_place_that_the_round_does_not_have_is_not_found(pupil: Visitor, quick: Round) -> None:
    for position in ("0", "4", "99", "-1", "x", "1.5", "2147483648", "9" * 30):
        for rest in ("", "/part", "/file", "/file/part"):
            address = f"/rounds/{quick.id}/{position}{rest}"
            assert pupil.get(address).status_code == 404, address


def test_the_summary_of_an_unfinished_round_leads_back_to_it(pupil: Visitor, quick: Round) -> None:
    early = pupil.get(f"/rounds/{quick.id}/summary")

    assert (early.status_code, early.location) == (303, f"/rounds/{quick.id}")


def test_a_finished_round_leads_to_its_summary(
    session: Session, pupil: Visitor, quick: Round
) -> None:
    create_answers(session, quick)
    finish(session, quick)

    assert pupil.get(f"/rounds/{quick.id}").location == f"/rounds/{quick.id}/summary"
    assert stage(pupil.read(place(quick, 2))) == "reveal"


# What is noted


def test_opening_the_file_is_noted(session: Session, pupil: Visitor, quick: Round) -> None:
    pupil.get(place(quick, 1, "/file/part"))
    pupil.answer(quick, 1)
    pupil.answer(quick, 2)

    assert [row.has_opened_file for row in responses(session)] == [True, False]


def test_the_choices_stand_in_one_order_whatever_the_verdict(pupil: Visitor, quick: Round) -> None:
    orders = set()
    for position in (1, 2, 3):
        page = pupil.read(place(quick, position))
        fields = [f for f in page.iter("input") if f.get("type") == "radio"]
        orders.add(tuple((f.get("name"), f.get("value")) for f in fields))
        pupil.answer(quick, position)

    assert len({VERDICTS[key] for key in KEYS}) == 3
    assert len(orders) == 1


# Pieces of pages that are kept: for all who see the same, and nobody else


def test_two_players_see_their_own_answers_to_the_same_question(
    session: Session, pupil: Visitor, outsider: Visitor
) -> None:
    seen = []
    for visitor, verdict in ((pupil, "true"), (outsider, "false"), (pupil, "unverified")):
        assert visitor.player
        played = create_round(session, visitor.player, keys=KEYS)
        visitor.answer(played, 1, verdict=verdict, confidence="3")
        seen.append(by_id(visitor.read(place(played, 1)), "item"))

    said = [[words(dd) for dd in item.iter("dd")] for item in seen]
    assert said == [["True Sure +98"], ["False Sure −157"], ["Unverified Sure −157"]]
    for item in seen:
        assert "Because of harbour h-fir: true. (English)" in words(item)


def test_an_explanation_follows_the_language_chosen_after_it_was_first_shown(
    pupil: Visitor, quick: Round
) -> None:
    pupil.answer(quick, 1)

    for language, word in (("en", "English"), ("fr", "français"), ("en", "English")):
        pupil.post("/preferences", ui=language, content=language)
        text = words(by_id(pupil.read(place(quick, 1)), "item"))
        assert f"Because of harbour h-fir: true. ({word})" in text


def test_a_changed_explanation_is_shown_to_whoever_answers_the_new_wording(
    app: Flask, session: Session, pupil: Visitor, questions: Path, tmp_path: Path
) -> None:
    assert pupil.player
    before = create_round(session, pupil.player, keys=KEYS)
    pupil.answer(before, 1)
    changed = Path(shutil.copytree(questions, tmp_path / "changed"))
    file = changed / "sets/harbour.yaml"
    file.write_text(file.read_text("utf-8").replace("Because of", "The reason for"), "utf-8")
    session.rollback()
    with app.app_context():
        sync(db.session(), load(changed), NOW)

    after = create_round(session, pupil.player, keys=KEYS)
    pupil.answer(after, 1)

    assert "Because of harbour h-fir" in words(pupil.read(place(before, 1)))
    assert "The reason for harbour h-fir" in words(pupil.read(place(after, 1)))
