"""Passages that become evidence: by their place, typed, or started from a suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from quiz.domain.errors import BadInput
from quiz.domain.quote import Span, locate
from quiz.models import DeskQuestion, DeskSet, Player
from quiz.services.desk import quoting
from quiz.services.desk.contents import documents_in, draft
from quiz.services.desk.quoting import UnclearQuote
from tests.desk import HARBOUR, create_harbour, create_question, slug_of
from tests.factories import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from quiz.domain.question_set import DraftEvidence


@pytest.fixture
def question(session: Session, mona: Player) -> DeskQuestion:
    """An empty question of Mona's."""
    return create_question(session, mona)


def select(session: Session, who: Player, row: DeskQuestion, words: str) -> DraftEvidence:
    """Select the first place of these words, as the page counts it; gives the new quote."""
    start = HARBOUR.index(words)
    span = Span(start, start + len(words))
    slug = slug_of(session, row)
    before = draft(session.get_one(DeskQuestion, row.id)).evidence
    saved = quoting.add_passage(session, who, row.id, slug, span, NOW)
    (new,) = [one for one in saved.draft.evidence if one not in before]
    return new


@pytest.mark.parametrize(
    "words", ["🛥️ et «\u00a0deux grues\u00a0»", "«\u00a0deux grues\u00a0»", "n’a vu la cloche"]
)
def test_a_selected_passage_is_quoted_exactly(
    session: Session, mona: Player, question: DeskQuestion, words: str
) -> None:
    new = select(session, mona, question, words)
    assert new.quote.exact == words
    assert (new.quote.prefix, new.quote.suffix, new.stance) == ("", "", None)


def test_a_word_that_the_selection_cuts_is_quoted_whole(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    assert select(session, mona, question, "sonne n’a vu la clo").quote.exact == (
        "Personne n’a vu la cloche"
    )


def test_a_new_question_takes_three_skills_at_most(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    skills = [f"junk{n}" for n in range(500)]
    made = quoting.start_question(session, mona, question.set_id, NOW, None, skills)
    assert len(draft(made).skills) == 3


def test_white_space_around_a_selection_is_left_out(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    new = select(session, mona, question, " dit le maire.\nPersonne ")
    assert new.quote.exact == "dit le maire.\nPersonne"


def test_a_passage_that_stands_twice_gets_what_tells_it_apart(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    new = select(session, mona, question, "12 bateaux 🛥️")
    assert new.quote.exact == "12 bateaux 🛥️"
    place = locate(new.quote, HARBOUR)
    assert place is not None
    assert place.start == HARBOUR.index("12 bateaux")


def test_quotes_stand_in_the_order_of_the_document_and_never_twice(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    for words in ("la cloche", "deux grues", "le maire"):
        select(session, mona, question, words)
    row = session.get_one(DeskQuestion, question.id)
    number = row.edit_number
    saved = quoting.add_typed(session, mona, question.id, "deux grues", NOW)
    exact = [one.quote.exact for one in saved.draft.evidence]
    assert exact == ["deux grues", "le maire", "la cloche"]
    assert (saved.edit_number, saved.has_changed) == (number, False)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (0, 2, quoting.QUOTE_SIZE),
        (5, 5, quoting.QUOTE_PLACE),
        (9, 4, quoting.QUOTE_PLACE),
        (-3, 4, quoting.QUOTE_PLACE),
        (0, 10_000, quoting.QUOTE_PLACE),
    ],
)
def test_a_place_that_is_none_is_refused(
    session: Session, mona: Player, question: DeskQuestion, start: int, end: int, words: str
) -> None:
    slug = slug_of(session, question)
    with pytest.raises(BadInput) as refused:
        quoting.add_passage(session, mona, question.id, slug, Span(start, end), NOW)
    assert refused.value.message == words


def test_a_document_of_another_set_cannot_be_quoted(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    other = create_harbour(session, mona)
    with pytest.raises(BadInput):
        quoting.add_passage(session, mona, question.id, other.slug, Span(0, 9), NOW)


def test_a_quote_of_more_than_six_hundred_characters_is_refused(
    session: Session, mona: Player
) -> None:
    row = create_question(session, mona, "Long " * 200)
    slug = slug_of(session, row)
    with pytest.raises(BadInput) as refused:
        quoting.add_passage(session, mona, row.id, slug, Span(0, 700), NOW)
    assert refused.value.message == quoting.QUOTE_SIZE


def test_a_ninth_quote_is_refused(session: Session, mona: Player) -> None:
    row = create_question(session, mona, " ".join(f"word{n:02}" for n in range(9)))
    for n in range(8):
        quoting.add_typed(session, mona, row.id, f"word{n:02}", NOW)
    with pytest.raises(BadInput) as refused:
        quoting.add_typed(session, mona, row.id, "word08", NOW)
    assert refused.value.message == "A question has at most 8 quotes. Remove one first."


@pytest.mark.parametrize(
    ("typed", "exact"),
    [
        ("Personne n’a vu", "Personne n’a vu"),
        ("Personne n'a vu", "Personne n’a vu"),
        ('"deux grues"', "deux grues"),
        ("« deux grues », dit", "deux grues\u00a0», dit"),
        ("  la cloche \r\n", "la cloche"),
    ],
)
def test_a_typed_quote_is_taken_as_the_document_has_it(
    session: Session, mona: Player, question: DeskQuestion, typed: str, exact: str
) -> None:
    (new,) = quoting.add_typed(session, mona, question.id, typed, NOW).draft.evidence
    assert new.quote.exact == exact


def test_a_typed_quote_that_stands_twice_gives_places_to_choose_from(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    with pytest.raises(UnclearQuote) as unclear:
        quoting.add_typed(session, mona, question.id, "12 bateaux", NOW)
    assert unclear.value.message == "These words stand in several places. Choose one."
    assert [place.exact for place in unclear.value.places] == ["12 bateaux"] * 2
    assert unclear.value.places[0].before == "Le port compte "


def test_a_typed_quote_with_a_typo_offers_the_nearest_passage(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    with pytest.raises(UnclearQuote) as unclear:
        quoting.add_typed(session, mona, question.id, "Personne n’a vue la clohce", NOW)
    (place,) = unclear.value.places
    assert unclear.value.message == "These words do not stand there. This passage is the nearest:"
    assert "vu la cloche" in place.exact
    saved = quoting.add_passage(session, mona, question.id, place.document.slug, place.span, NOW)
    assert saved.draft.evidence[0].quote.exact == place.exact


def test_words_like_nothing_in_the_document_offer_nothing(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    with pytest.raises(UnclearQuote) as unclear:
        quoting.add_typed(session, mona, question.id, "zzzzzz xxxxxx kkkkk", NOW)
    assert unclear.value.message == "No document of the set says anything like it."
    assert unclear.value.places == ()


def test_removing_a_quote_twice_is_removing_it_once(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    saved = quoting.add_typed(session, mona, question.id, "la cloche", NOW)
    (key,) = {name.split(".")[1] for name in saved.fields if name.startswith("evidence.")}
    first = quoting.remove_evidence(session, mona, question.id, key, NOW)
    again = quoting.remove_evidence(session, mona, question.id, key, NOW)
    assert first.draft.evidence == again.draft.evidence == ()
    assert (first.has_changed, again.has_changed) == (True, False)


def test_new_questions_are_numbered_and_take_the_date_of_their_document(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    slug = slug_of(session, question)
    start = HARBOUR.index("la cloche")
    made = quoting.start_question(
        session, mona, question.set_id, NOW, (slug, Span(start, start + 9)), ["close_reading"]
    )
    assert (question.key, made.key) == ("q1", "q2")
    new = draft(made)
    assert (new.as_of, new.skills) == ("2026-01-15", ("close_reading",))
    assert [one.quote.exact for one in new.evidence] == ["la cloche"]
    desk_set = session.get_one(DeskSet, question.set_id)
    assert list(documents_in(session, desk_set)) == [slug]
