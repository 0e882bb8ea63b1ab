"""Sets at the desk: made, described, filled, put in order, also by several at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from quiz.domain.errors import BadInput, NotFound
from quiz.domain.question_set import Draft
from quiz.models import DeskQuestion, DeskSet, Player, Thread, ThreadKind
from quiz.services.desk import contents, overview, sets
from quiz.services.desk.rights import set_of
from tests.desk import a_draft, add_question, create_document, create_ready_set, create_set, ids_in
from tests.factories import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def make(session: Session, trainer: Player, title: str = "The bridge", **more: Any) -> DeskSet:
    """A set by its title alone."""
    values: dict[str, Any] = {"languages": ["en"], "documents": [], **more}
    return sets.create_set(session, trainer, {"en": title}, now=NOW, **values)


def keys_in(session: Session, desk_set: DeskSet) -> list[str]:
    """What the questions are called, in order."""
    return [row.key for row in contents.questions_in(session, desk_set)]


def test_a_title_in_one_language_is_enough(session: Session, mona: Player) -> None:
    made = make(session, mona, "  The   bridge ", languages=["en", "fr", "xx"])

    assert made.title == {"en": "The bridge"}
    assert made.languages == ["fr", "en"]
    assert made.slug == "the-bridge"


@pytest.mark.parametrize(
    ("title", "languages", "field"),
    [({"en": " "}, ["en"], "title"), ({"en": "x" * 121}, ["en"], "title"), ({"en": "x"}, [], "l")],
)
def test_a_set_without_a_title_or_a_language_is_not_made(
    session: Session, mona: Player, title: dict[str, str], languages: list[str], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        sets.create_set(session, mona, title, languages, [], NOW)
    assert refused.value.field.startswith(field)
    assert session.query(DeskSet).all() == []


def test_a_set_on_somebody_elses_document_is_not_made(
    session: Session, mona: Player, igor: Player
) -> None:
    with pytest.raises(NotFound):
        make(session, igor, documents=[create_document(session, mona).id])
    assert session.query(DeskSet).all() == []


def test_no_trainer_has_more_sets_than_can_be_kept_apart(
    session: Session, mona: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sets, "MOST_SETS", 1)
    make(session, mona)
    with pytest.raises(BadInput, match="You have 200 sets"):
        make(session, mona)


def test_a_slug_is_never_used_twice(session: Session, mona: Player, igor: Player) -> None:
    slugs = [make(session, who, title).slug for who in (mona, igor) for title in ("Pont", "PONT!")]

    assert slugs == ["pont", "pont-2", "pont-3", "pont-4"]
    assert make(session, mona, "Harbour").slug == "harbour-2"  # a set that came with the game
    assert make(session, mona, "橋").slug == "set"


def test_the_slug_of_a_deleted_set_of_which_somebody_spoke_is_not_given_again(
    session: Session, mona: Player, igor: Player
) -> None:
    thread = Thread(kind=ThreadKind.REMARK, set_slug="pont", question_key="a", opened_at=NOW)
    session.add(thread)
    session.commit()

    assert make(session, igor, "Pont").slug == "pont-2"


def test_twelve_who_choose_the_same_title_at_once_all_get_a_set(
    session: Session, mona: Player, igor: Player, at_once: Callable[..., list[Any]]
) -> None:
    made = at_once(12, lambda session, n: make(session, (mona, igor)[n % 2]).slug)

    assert len(set(made)) == 12


def test_questions_keep_the_order_asked_for(session: Session, mona: Player) -> None:
    made = create_ready_set(session, mona)
    a, b, c = ids_in(session, made)

    sets.reorder(session, mona, made.id, [c, a, b], NOW)
    assert ids_in(session, made) == [c, a, b]
    sets.reorder(session, mona, made.id, [b, 987654, b], NOW)  # the others follow as they were
    assert ids_in(session, made) == [b, c, a]


def test_a_question_moves_as_far_as_there_are_places(session: Session, mona: Player) -> None:
    made = create_ready_set(session, mona)
    a, b, c = ids_in(session, made)

    assert sets.shift(session, mona, a, 1, NOW) == (made.id, 2)
    assert ids_in(session, made) == [b, a, c]
    assert sets.shift(session, mona, c, 1, NOW) == (made.id, 3)
    assert sets.shift(session, mona, b, -1, NOW) == (made.id, 1)
    assert ids_in(session, made) == [b, a, c]


def test_a_question_added_while_others_are_put_in_order_is_not_lost(
    session: Session, mona: Player, at_once: Callable[..., list[Any]]
) -> None:
    made = create_ready_set(session, mona)
    order = ids_in(session, made)[::-1]

    def act(session: Session, n: int) -> None:
        if n % 2:
            sets.reorder(session, mona, made.id, order, NOW)
        else:
            add_question(session, mona, made.id, Draft("question"), NOW)

    at_once(10, act)
    session.rollback()  # what was read before is not what is there now

    assert len(set(keys_in(session, made))) == 8
    positions = [row.position for row in contents.questions_in(session, made)]
    assert len(set(positions)) == 8
    assert [i for i in ids_in(session, made) if i in order] == order


def test_deleting_and_ordering_at_once_ends_well(
    session: Session, mona: Player, at_once: Callable[..., list[Any]]
) -> None:
    made = create_set(session, mona, documents=[create_document(session, mona)], questions=4)
    order = ids_in(session, made)

    def act(session: Session, n: int) -> None:
        if n % 2:
            sets.reorder(session, mona, made.id, order[::-1], NOW)
        else:
            sets.drop_question(session, mona, order[n // 2], NOW)

    at_once(8, act)
    session.rollback()

    assert ids_in(session, made) == []


def test_the_key_of_a_question_of_which_somebody_spoke_is_not_given_again(
    session: Session, mona: Player
) -> None:
    made = create_ready_set(session, mona)
    thread = Thread(
        kind=ThreadKind.REMARK, set_slug=made.slug, question_key="question-0", opened_at=NOW
    )
    session.add(thread)
    session.commit()
    sets.drop_question(session, mona, ids_in(session, made)[0], NOW)

    again = add_question(session, mona, made.id, a_draft(0), NOW)

    assert again.key == "question-0-2"
    assert again.body["id"] == again.key


def test_a_quoted_document_stays_and_one_that_is_not_quoted_goes(
    session: Session, mona: Player
) -> None:
    made = create_ready_set(session, mona)
    quoted = contents.rows_of_documents(session, made)[0]
    spare = create_document(session, mona, "spare")
    sets.add_document(session, mona, made.id, spare.id, NOW)
    sets.add_document(session, mona, made.id, spare.id, NOW)
    assert list(contents.documents_in(session, made)) == [quoted.slug, "spare"]

    with pytest.raises(BadInput, match="A question quotes this document"):
        sets.drop_document(session, mona, made.id, quoted.id, NOW)
    sets.drop_document(session, mona, made.id, spare.id, NOW)

    assert list(contents.documents_in(session, made)) == [quoted.slug]


def test_a_deleted_set_takes_its_questions_and_what_was_said_of_them(
    session: Session, mona: Player
) -> None:
    made = create_ready_set(session, mona)
    session.add(Thread(kind=ThreadKind.REMARK, set_slug=made.slug, question_key="q", opened_at=NOW))
    session.commit()

    sets.delete_set(session, mona, made.id)

    assert session.query(DeskQuestion).all() == []
    assert session.query(Thread).all() == []
    with pytest.raises(NotFound):
        set_of(session, mona, made.id)


def test_every_change_is_counted_so_that_a_form_knows_it_is_old(
    session: Session, mona: Player
) -> None:
    made = create_ready_set(session, mona)
    before = set_of(session, mona, made.id).version

    sets.reorder(session, mona, made.id, [], NOW)
    sets.describe(session, mona, made.id, {"fr": "Le pont"}, {}, ["fr"], NOW)

    now = set_of(session, mona, made.id)
    assert now.version == before + 2
    assert (now.title, now.slug) == ({"fr": "Le pont"}, "the-bridge")


def test_the_overview_says_what_is_unfinished_and_whose_it_is(
    session: Session, mona: Player, igor: Player
) -> None:
    made = create_ready_set(session, mona)
    add_question(session, mona, made.id, Draft("question"), NOW)
    make(session, igor)

    (card,) = overview.cards_of(session, mona)

    assert (card.set.id, card.owner, card.documents) == (made.id, None, 1)
    assert (card.questions, card.unfinished) == (4, 1)
