"""Saving a question field by field: what others write stands too, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quiz.domain.errors import BadInput, NotFound
from quiz.domain.fields import fields_of
from quiz.domain.merge import field_digest
from quiz.domain.verdict import Rule, Verdict
from quiz.models import DeskEdit, DeskQuestion, DeskSet, Player, Right
from quiz.services.desk import editing, quoting
from quiz.services.desk.contents import draft
from tests.desk import create_question, share, slug_of
from tests.factories import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from quiz.services.desk.editing import Saved

EMPTY = field_digest("")
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def question(session: Session, mona: Player) -> DeskQuestion:
    """An empty question of Mona's."""
    return create_question(session, mona)


def write(session: Session, who: Player, row: DeskQuestion, at: int = 0, **fields: str) -> Saved:
    """Save fields that were empty when they were shown; claim_fr stands for claim.fr."""
    mine = {
        name.replace("_", ".", 1) if "_f" in name or "_e" in name else name: value
        for name, value in fields.items()
    }
    bases = editing.now_stored(session.get_one(DeskQuestion, row.id)).digests
    moment = NOW + timedelta(seconds=at)
    return editing.save_fields(session, who, row.id, mine, bases, moment)


def stored(session: Session, row: DeskQuestion) -> dict[str, str]:
    session.expire_all()
    return fields_of(draft(session.get_one(DeskQuestion, row.id)))


def test_a_field_is_stored_with_its_edit_and_the_set_counts_the_change(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    before = session.get_one(DeskSet, question.set_id).version
    saved = write(session, mona, question, claim_fr="Le port est plein.")

    assert saved.has_changed
    assert (saved.edit_number, saved.clashes) == (2, ())
    assert stored(session, question)["claim.fr"] == "Le port est plein."
    assert session.get_one(DeskSet, question.set_id).version == before + 1
    assert session.get_one(DeskEdit, (question.id, 2)).by_id == mona.id


def test_saving_what_is_stored_already_changes_nothing(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    write(session, mona, question, claim_fr="Le port.")
    again = write(session, mona, question, claim_fr="  Le port. \r\n")

    assert not again.has_changed
    assert again.edit_number == 2


def test_different_fields_from_two_tabs_both_stand(
    session: Session, mona: Player, igor: Player, question: DeskQuestion
) -> None:
    share(session, question, igor)
    bases = editing.now_stored(question).digests
    editing.save_fields(session, mona, question.id, {"claim.fr": "A", "claim.en": ""}, bases, NOW)
    other = editing.save_fields(
        session, igor, question.id, {"claim.fr": "", "claim.en": "B"}, bases, NOW
    )

    assert other.clashes == ()
    assert (other.fields["claim.fr"], other.fields["claim.en"]) == ("A", "B")


def test_of_one_field_written_twice_both_versions_come_back_with_name_and_time(
    session: Session, mona: Player, igor: Player, question: DeskQuestion
) -> None:
    share(session, question, igor)
    bases = editing.now_stored(question).digests
    editing.save_fields(session, igor, question.id, {"claim.fr": "Igor’s"}, bases, NOW)
    saved = editing.save_fields(session, mona, question.id, {"claim.fr": "Mona’s"}, bases, LATER)

    (clash,) = saved.clashes
    assert (clash.field, clash.mine, clash.theirs) == ("claim.fr", "Mona’s", "Igor’s")
    assert (clash.by, clash.at) == ("Igor", NOW)
    assert not saved.has_changed
    # Keeping mine is sending it again, based on theirs.
    bases = {"claim.fr": field_digest("Igor’s")}
    kept = editing.save_fields(session, mona, question.id, {"claim.fr": "Mona’s"}, bases, LATER)
    assert kept.clashes == ()
    assert stored(session, question)["claim.fr"] == "Mona’s"


def test_what_was_typed_for_a_quote_that_is_gone_comes_back(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    saved = quoting.add_typed(session, mona, question.id, "la cloche", NOW)
    (name,) = [name for name in saved.fields if name.endswith("translation.en")]
    quoting.remove_evidence(session, mona, question.id, name.split(".")[1], NOW)
    after = editing.save_fields(session, mona, question.id, {name: "the bell"}, saved.digests, NOW)

    (clash,) = after.clashes
    assert (clash.field, clash.mine, clash.is_gone) == (name, "the bell", True)


def test_a_rule_brings_its_verdict_unless_one_is_chosen_with_it(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    assert write(session, mona, question, rule="F1").draft.verdict is Verdict.FALSE
    other = write(session, mona, question, at=60, rule="U3", verdict="true").draft
    assert (other.rule, other.verdict) == (Rule.U3, Verdict.TRUE)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("verdict", "perhaps", editing.NOT_OFFERED),
        ("rule", "Z9", editing.NOT_OFFERED),
        ("difficulty", "7", editing.NOT_OFFERED),
        ("as_of", "2026-02-30", "Give a day, like 2026-01-31."),
        ("claim.fr", "x" * 601, "This text is too long."),
        ("skills", "x" * 201, "This text is too long."),
    ],
)
def test_what_a_field_cannot_hold_is_refused_by_its_name(
    session: Session, mona: Player, question: DeskQuestion, field: str, value: str, words: str
) -> None:
    with pytest.raises(BadInput) as refused:
        editing.save_fields(session, mona, question.id, {field: value}, {field: EMPTY}, NOW)
    assert (refused.value.field, refused.value.message) == (field, words)


@pytest.mark.parametrize("right", [None, Right.READ])
def test_who_may_not_edit_finds_nothing(
    session: Session, mona: Player, igor: Player, question: DeskQuestion, right: Right | None
) -> None:
    if right:
        share(session, question, igor, right)
    for act in (editing.undo, editing.redo):
        with pytest.raises(NotFound):
            act(session, igor, question.id, NOW)
    with pytest.raises(NotFound):
        editing.save_fields(session, igor, question.id, {"claim.fr": "x"}, {}, NOW)
    with pytest.raises(NotFound):
        quoting.add_typed(session, igor, question.id, "la cloche", NOW)
    with pytest.raises(NotFound):
        quoting.start_question(session, igor, question.set_id, NOW)


def test_typing_on_in_one_field_is_one_edit_and_the_first_edit_stays(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    for at, text in enumerate(["L", "Le", "Le p", "Le port"]):
        write(session, mona, question, at=4 * at, claim_fr=text)
    numbers = [entry.number for entry in editing.history(session, mona, question.id)]
    assert numbers == [2, 1]
    assert editing.undo(session, mona, question.id, NOW).fields["claim.fr"] == ""


@pytest.mark.parametrize("what", ["pause", "other field", "other trainer", "undone"])
def test_another_edit_begins_with(
    session: Session, mona: Player, igor: Player, question: DeskQuestion, what: str
) -> None:
    share(session, question, igor)
    write(session, mona, question, at=0, claim_fr="A")
    write(session, mona, question, at=1, claim_en="B")
    who, at, field = mona, 5, "claim_en"
    if what == "pause":
        at = 22
    elif what == "other field":
        field = "claim_fr"
    elif what == "other trainer":
        who = igor
    else:
        editing.undo(session, mona, question.id, NOW)
        field = "claim_fr"
    saved = write(session, who, question, at=at, **{field: "C"})
    assert saved.edit_number == (3 if what == "undone" else 4)


def test_undo_and_redo_walk_through_the_saved_states(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    for n in range(3):
        write(session, mona, question, at=60 * n, claim_fr=f"Claim {n}")
    seen = [editing.undo(session, mona, question.id, LATER).fields["claim.fr"] for _ in range(4)]
    assert seen == ["Claim 1", "Claim 0", "", ""]
    assert editing.ways(session, session.get_one(DeskQuestion, question.id)) == (False, True)
    seen = [editing.redo(session, mona, question.id, LATER).fields["claim.fr"] for _ in range(4)]
    assert seen == ["Claim 0", "Claim 1", "Claim 2", "Claim 2"]


def test_a_new_edit_after_an_undo_ends_what_could_be_redone(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    write(session, mona, question, claim_fr="A")
    editing.undo(session, mona, question.id, NOW)
    write(session, mona, question, at=60, claim_en="B")
    assert editing.redo(session, mona, question.id, NOW).fields["claim.fr"] == ""


def test_undo_brings_a_removed_quote_back(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    saved = quoting.add_typed(session, mona, question.id, "la cloche", NOW)
    key = next(name.split(".")[1] for name in saved.fields if name.startswith("evidence."))
    quoting.remove_evidence(session, mona, question.id, key, NOW)
    assert len(editing.undo(session, mona, question.id, NOW).draft.evidence) == 1


def test_only_the_last_hundred_edits_are_kept(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    for n in range(110):
        write(session, mona, question, at=60 * n, claim_fr=f"Claim {n}")
    numbers = [entry.number for entry in editing.history(session, mona, question.id)]
    assert numbers == list(range(111, 11, -1))


def test_history_names_who_when_and_which_fields(
    session: Session, mona: Player, igor: Player, question: DeskQuestion
) -> None:
    share(session, question, igor)
    write(session, mona, question, claim_fr="A", rule="T1")
    write(session, igor, question, at=60, claim_en="B")
    last, middle, first = editing.history(session, mona, question.id)
    assert (last.by, last.at, last.fields) == ("Igor", LATER, ("claim.en",))
    assert last.is_shown
    assert (middle.by, middle.fields) == ("Mona", ("claim.fr", "verdict", "rule"))
    assert first.number == 1
    quoting.add_typed(session, mona, question.id, "la cloche", LATER)
    assert editing.history(session, mona, question.id)[0].fields == ("evidence",)


def test_a_pair_is_made_with_another_question_of_the_set(
    session: Session, mona: Player, question: DeskQuestion
) -> None:
    other = quoting.start_question(session, mona, question.set_id, NOW)
    saved = editing.contrast_with(session, mona, other.id, question.id, NOW)
    assert saved.draft.contrast == stored(session, question)["contrast"] == "q1-q2"
    stranger = create_question(session, mona)
    for wrong in (other, stranger):
        with pytest.raises(BadInput):
            editing.contrast_with(session, mona, other.id, wrong.id, NOW)


def test_two_trainers_at_once_on_different_fields_both_stand(
    session: Session,
    mona: Player,
    igor: Player,
    question: DeskQuestion,
    at_once: Callable[..., list[Any]],
) -> None:
    share(session, question, igor)
    bases = editing.now_stored(question).digests
    session.commit()
    people, fields = (mona, igor), ("claim.fr", "explanation.en")

    def save(own: Session, n: int) -> Saved:
        mine = dict.fromkeys(fields, "") | {fields[n]: f"Text {n}"}
        return editing.save_fields(own, people[n], question.id, mine, bases, NOW)

    assert [saved.clashes for saved in at_once(2, save)] == [(), ()]
    assert [stored(session, question)[name] for name in fields] == ["Text 0", "Text 1"]


def test_of_thirty_parallel_saves_of_one_field_one_stands_and_the_others_come_back(
    session: Session, mona: Player, question: DeskQuestion, at_once: Callable[..., list[Any]]
) -> None:
    bases = editing.now_stored(question).digests
    session.commit()

    def save(own: Session, n: int) -> Saved:
        mine = {"claim.fr": f"Text {n}"}
        return editing.save_fields(own, mona, question.id, mine, bases, NOW)

    results = at_once(30, save)
    (winner,) = [n for n, saved in enumerate(results) if not saved.clashes]
    assert stored(session, question)["claim.fr"] == f"Text {winner}"
    for n, saved in enumerate(results):
        assert [clash.mine for clash in saved.clashes] == ([] if n == winner else [f"Text {n}"])
    assert [e.number for e in editing.history(session, mona, question.id)] == [2, 1]


def test_thirty_parallel_saves_of_quotes_and_fields_lose_none(
    session: Session, mona: Player, question: DeskQuestion, at_once: Callable[..., list[Any]]
) -> None:
    bases = editing.now_stored(question).digests
    slug = slug_of(session, question)
    session.commit()
    names = sorted(set(bases) - {"verdict", "rule", "as_of", "difficulty"})

    def act(own: Session, n: int) -> Saved:
        if n < 5:
            span = quoting.Span(4 * n, 4 * n + 9)
            return quoting.add_passage(own, mona, question.id, slug, span, NOW)
        name = names[n % len(names)]
        return editing.save_fields(own, mona, question.id, {name: f"t{name}"}, bases, NOW)

    at_once(30, act)
    found = stored(session, question)
    assert {name: found[name] for name in names} == {name: f"t{name}" for name in names}
    assert len(draft(session.get_one(DeskQuestion, question.id)).evidence) == 5


def test_skills_ticked_in_another_order_are_no_change(
    session: Session, mona: Player, igor: Player, question: DeskQuestion
) -> None:
    share(session, question, igor)
    write(session, mona, question, skills="number_check close_reading")
    bases = editing.now_stored(session.get_one(DeskQuestion, question.id)).digests
    mine = {"skills": "close_reading number_check"}
    assert not editing.save_fields(session, mona, question.id, mine, bases, NOW).has_changed
    editing.save_fields(session, igor, question.id, {"skills": "allegation"}, bases, NOW)
    later = editing.save_fields(session, mona, question.id, mine, bases, NOW)
    assert later.clashes == ()
    assert later.draft.skills == ("allegation",)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
steps = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["fr", "en"]), texts), max_size=12)


@given(steps=steps)
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whoever_writes_in_any_order_finds_every_text_stored_or_given_back(
    session: Session, mona: Player, steps: list[tuple[int, str, str]]
) -> None:
    """Three tabs: each builds on what its own last save gave it. No text goes unheard of."""
    row = create_question(session, mona)
    seen = [editing.now_stored(row)] * 3
    for n, (tab, field, text) in enumerate(steps):
        name = f"claim.{field}"
        at = NOW + timedelta(minutes=n)
        mine = {"claim.fr": seen[tab].fields["claim.fr"], "claim.en": seen[tab].fields["claim.en"]}
        before = stored(session, row)
        saved = editing.save_fields(
            session, mona, row.id, mine | {name: text}, seen[tab].digests, at
        )
        typed = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        clashing = {clash.field: clash for clash in saved.clashes}
        untouched = typed == mine[name]
        assert saved.fields[name] == typed or name in clashing or untouched
        if name in clashing:
            assert before[name] != mine[name]  # somebody wrote there meanwhile
            assert (clashing[name].mine, clashing[name].theirs) == (typed, before[name])
            assert saved.fields[name] == before[name]
        seen[tab] = saved
