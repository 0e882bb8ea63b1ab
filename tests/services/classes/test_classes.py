"""Classes: who owns them, who is in them, what is kept and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from quiz.domain.codes import normalise
from quiz.domain.errors import BadInput, NotFound
from quiz.models import Classroom, Membership, Player
from quiz.services.accounts import players, trainers
from quiz.services.accounts.retention import erase_past_retention
from quiz.services.classes import cards, classrooms, rosters
from quiz.services.play import own_record
from quiz.storage.db import db
from tests import factories
from tests.factories import (
    NOW,
    PASSPHRASE,
    create_answers,
    create_class,
    create_learner,
    create_member,
    create_round,
)

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

KEY = "k" * 22


@pytest.fixture
def teacher(session: Session) -> Player:
    """A trainer."""
    return trainers.add_trainer(session, "Teacher", PASSPHRASE, NOW)


@pytest.fixture
def other_teacher(session: Session) -> Player:
    """Another trainer."""
    return trainers.add_trainer(session, "Other teacher", PASSPHRASE, NOW)


@pytest.fixture
def classroom(session: Session, teacher: Player) -> Classroom:
    """The teacher's class."""
    return create_class(session, teacher)


def people(session: Session) -> set[str]:
    """Everybody's names, without trainers."""
    return set(session.scalars(select(Player.pseudonym).where(Player.is_trainer.is_(False))))


def issue(session: Session, classroom: Classroom, count: int = 1, key: str = KEY) -> list[str]:
    """Cards made for the class; gives the names."""
    made = cards.issue_cards(session, classroom, str(count), key, "en", NOW)
    return [card.name for card in made]


def members(session: Session, classroom: Classroom) -> dict[str, rosters.Member]:
    """The members by label."""
    return {member.label: member for member in rosters.roster(session, classroom)}


# A trainer's classes


def test_a_class_is_made_with_a_code(session: Session, teacher: Player) -> None:
    made = classrooms.create_class(session, teacher, "  4B   Latin ", "90", NOW)

    assert (made.name, made.retention_days) == ("4B Latin", 90)
    assert made.code == normalise(made.code or "")
    (own,) = classrooms.classes_of(session, teacher)
    assert (own.classroom, own.members) == (made, 0)


@pytest.mark.parametrize(
    ("name", "retention", "words"),
    [
        ("", "90", "The name of a class has 1 to 60 characters."),
        (" ", "90", "The name of a class has 1 to 60 characters."),
        ("x" * 61, "90", "The name of a class has 1 to 60 characters."),
        ("4\u202eB", "90", classrooms.VISIBLE_SIGNS),
        ("4B", "91", "Choose one of these times."),
        ("4B", "", "Choose one of these times."),
    ],
)
def test_what_no_class_can_be_is_refused(
    session: Session, teacher: Player, name: str, retention: str, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        classrooms.create_class(session, teacher, name, retention, NOW)


def test_a_form_sent_twice_makes_one_class(
    session: Session, teacher: Player, at_once: Callable[..., list[Any]]
) -> None:
    def press(own: Session, _n: int) -> str:
        try:
            classrooms.create_class(own, own.get_one(Player, teacher.id), "4B", "365", NOW)
        except BadInput as error:
            return error.message
        return "made"

    assert sorted(at_once(6, press)) == ["You have a class of this name already."] * 5 + ["made"]
    assert len(classrooms.classes_of(session, teacher)) == 1


def test_another_trainers_class_is_not_there(
    session: Session, classroom: Classroom, other_teacher: Player
) -> None:
    for class_id in (classroom.id, 0, -1, 2**63, 10**30):
        with pytest.raises(NotFound):
            classrooms.class_of(session, other_teacher, class_id)
    assert classrooms.classes_of(session, other_teacher) == []


def test_a_class_is_renamed_and_keeps_answers_shorter(
    session: Session, teacher: Player, classroom: Classroom
) -> None:
    classrooms.change_class(session, classroom, "4b", "30")
    assert (classroom.name, classroom.retention_days) == ("4b", 30)

    create_class(session, teacher, name="5C")
    with pytest.raises(BadInput, match="You have a class of this name already"):
        classrooms.change_class(session, classroom, "5c", "30")


def test_a_closed_class_and_an_old_code_join_nothing(
    session: Session, classroom: Classroom, pupil: Player
) -> None:
    old = classroom.code or ""
    new = classrooms.open_class(session, classroom)
    with pytest.raises(NotFound):
        rosters.join(session, old, pupil, NOW)
    assert rosters.join(session, new, pupil, NOW).id == classroom.id

    classrooms.close_class(session, classroom)
    with pytest.raises(NotFound):
        rosters.class_with_code(session, new)
    with pytest.raises(NotFound):
        cards.join_as_newcomer(session, new, KEY, "en", NOW)


# Joining and leaving


def test_joining_twice_or_at_once_is_joining_once(
    session: Session, classroom: Classroom, pupil: Player, at_once: Callable[..., list[Any]]
) -> None:
    code = classroom.code or ""

    at_once(6, lambda own, _n: rosters.join(own, code, own.get_one(Player, pupil.id), NOW))
    rosters.join(session, code, pupil, NOW)

    (member,) = rosters.roster(session, classroom)
    assert (member.player.id, member.label) == (pupil.id, pupil.pseudonym)
    assert not member.is_issued


def test_somebody_without_a_record_gets_an_account_in_the_class(
    session: Session, classroom: Classroom
) -> None:
    player, card = cards.join_as_newcomer(session, classroom.code or "", KEY, "fr", NOW)

    assert players.sign_in(session, card.name, card.passphrase) is player
    assert members(session, classroom)[card.name].is_issued
    with pytest.raises(BadInput, match="This form was sent twice"):
        cards.join_as_newcomer(session, classroom.code or "", KEY, "fr", NOW)


def test_a_full_class_takes_nobody(
    session: Session, classroom: Classroom, pupil: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "MOST_MEMBERS", 2)
    issue(session, classroom, 2)

    with pytest.raises(BadInput, match="This class is full"):
        rosters.join(session, classroom.code or "", pupil, NOW)
    with pytest.raises(BadInput, match="This class is full"):
        issue(session, classroom, key="another")


def test_the_last_place_of_a_class_is_taken(
    session: Session, classroom: Classroom, pupil: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "MOST_MEMBERS", 3)
    issue(session, classroom, 2)

    rosters.join(session, classroom.code or "", pupil, NOW)

    assert rosters.classes_joined(session, pupil) == [classroom]


def test_a_learner_leaves_and_keeps_the_record(
    session: Session, classroom: Classroom, pupil: Player, outsider: Player
) -> None:
    create_member(session, classroom, pupil)
    assert rosters.classes_joined(session, pupil) == [classroom]

    with pytest.raises(NotFound):
        rosters.leave_class(session, outsider, classroom.id)
    rosters.leave_class(session, pupil, classroom.id)

    assert rosters.classes_joined(session, pupil) == []
    assert pupil.pseudonym in people(session)


def test_a_guest_who_signs_in_takes_the_place_in_the_class_along(
    session: Session, teacher: Player, classroom: Classroom, pupil: Player
) -> None:
    learner, both = create_learner(session, "Ann"), create_class(session, teacher, name="both")
    for room, who in ((classroom, pupil), (both, pupil), (both, learner)):
        create_member(session, room, who)

    players.bring_along(session, pupil, learner)

    assert [c.id for c in rosters.classes_joined(session, learner)] == [classroom.id, both.id]
    assert [m.player.id for m in rosters.roster(session, both)] == [learner.id]


# Cards


def test_cards_sign_in_under_different_pseudonyms(session: Session, classroom: Classroom) -> None:
    made = cards.issue_cards(session, classroom, "12", KEY, "fr", NOW)

    assert len({card.name for card in made}) == 12
    for card in made[:2]:
        learner = players.sign_in(session, card.name, card.passphrase)
        assert learner
        assert not learner.is_guest
    assert set(members(session, classroom)) == {card.label for card in made}
    stored = factories.everything(session)
    assert not any(card.passphrase in stored for card in made)


@pytest.mark.parametrize("count", ["0", "41", "-1", "", "x", "²", "1e1", "9" * 5000])
def test_no_other_number_of_cards_is_made(
    session: Session, classroom: Classroom, count: str
) -> None:
    with pytest.raises(BadInput, match="Choose a number from 1 to 40"):
        cards.issue_cards(session, classroom, count, KEY, "en", NOW)
    assert rosters.roster(session, classroom) == []


def test_a_double_press_makes_one_batch_and_says_so(
    session: Session, classroom: Classroom, at_once: Callable[..., list[Any]]
) -> None:
    def press(own: Session, _n: int) -> str:
        try:
            return f"{len(issue(own, own.get_one(Classroom, classroom.id), 5))} cards"
        except BadInput as error:
            return error.message

    batch, *refused = sorted(at_once(6, press))
    assert batch == "5 cards"
    assert [words.startswith("This form was sent twice:") for words in refused] == [True] * 5
    assert len(rosters.roster(session, classroom)) == 5


def test_the_same_key_in_another_class_is_another_form(
    session: Session, teacher: Player, classroom: Classroom
) -> None:
    issue(session, classroom)

    assert issue(session, create_class(session, teacher, name="5C"))


def test_a_name_taken_meanwhile_is_drawn_anew(
    session: Session, classroom: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_learner(session, "Calm Otter 7")
    drawn = iter([["Calm Otter 7"], ["Calm Otter 8"]])
    monkeypatch.setattr(cards, "_free_names", lambda *_: next(drawn))

    assert issue(session, classroom) == ["Calm Otter 8"]


def test_a_new_passphrase_ends_the_old_one_and_all_sessions(
    session: Session, classroom: Classroom
) -> None:
    (old,) = cards.issue_cards(session, classroom, "1", KEY, "en", NOW)
    member = members(session, classroom)[old.name]
    token = member.player.session_token

    new = cards.new_card(session, member.membership, "en")

    assert players.sign_in(session, old.name, old.passphrase) is None
    learner = players.sign_in(session, new.name, new.passphrase)
    assert learner
    assert learner.session_token != token


def test_an_account_of_ones_own_gets_no_new_passphrase(
    session: Session, classroom: Classroom
) -> None:
    member = create_member(session, classroom, create_learner(session, "Ann"))

    with pytest.raises(NotFound):
        cards.new_card(session, member, "en")
    assert players.sign_in(session, "Ann", PASSPHRASE)


def test_what_is_done_to_a_class_that_another_tab_has_deleted_does_nothing(
    app: Flask, session: Session, classroom: Classroom
) -> None:
    (name,) = issue(session, classroom)
    member = members(session, classroom)[name]
    class_id = classroom.id
    with app.app_context():
        another_tab = db.session()
        classrooms.delete_class(another_tab, another_tab.get_one(Classroom, class_id))

    classrooms.close_class(session, classroom)
    classrooms.open_class(session, classroom)
    classrooms.change_class(session, classroom, "5C", "30")
    rosters.rename_member(session, member, "Ann")
    rosters.remove_member(session, member)
    rosters.erase_member(session, member)
    classrooms.delete_class(session, classroom)
    with pytest.raises(NotFound):
        issue(session, classroom, key="another")
    with pytest.raises(NotFound):
        cards.new_card(session, member.membership, "en")

    assert session.scalar(select(func.count(Classroom.id))) == 0


# What a trainer does with a member


def test_a_member_gets_another_label(session: Session, classroom: Classroom) -> None:
    (name,) = issue(session, classroom)
    member = members(session, classroom)[name]

    rosters.rename_member(session, member, "  Zoé  P. ")
    for label in ("", "x" * 41, "a\u202eb"):
        with pytest.raises(BadInput):
            rosters.rename_member(session, member, label)

    assert members(session, classroom)["Zoé P."].player.name == name


def test_a_member_of_another_class_is_not_there(
    session: Session, teacher: Player, classroom: Classroom, pupil: Player
) -> None:
    member = create_member(session, create_class(session, teacher, name="5C"), pupil)

    for member_id in (member.id, 0, 2**40):
        with pytest.raises(NotFound):
            rosters.member_of(session, classroom, member_id)


def test_who_is_taken_out_keeps_the_account(session: Session, classroom: Classroom) -> None:
    (name,) = issue(session, classroom)

    rosters.remove_member(session, members(session, classroom)[name])

    assert rosters.roster(session, classroom) == []
    assert name in people(session)


def test_erasing_takes_a_card_with_its_answers_and_leaves_an_own_record(
    session: Session, classroom: Classroom, pupil: Player
) -> None:
    (name,) = issue(session, classroom)
    create_member(session, classroom, pupil)
    card = members(session, classroom)[name]
    create_answers(session, create_round(session, card.player))

    for member in rosters.roster(session, classroom):
        rosters.erase_member(session, member)

    assert people(session) == {pupil.pseudonym}
    assert name not in factories.everything(session)


def test_an_account_that_is_in_another_class_too_is_not_erased(
    session: Session, classroom: Classroom, other_teacher: Player
) -> None:
    (name,) = issue(session, classroom)
    card = members(session, classroom)[name]
    elsewhere = create_class(session, other_teacher)
    create_member(session, elsewhere, card.player)

    rosters.erase_member(session, card)

    assert set(members(session, elsewhere)) == {name}


@pytest.mark.parametrize("act", [classrooms.clear_class, classrooms.delete_class])
def test_emptying_and_deleting_leave_own_records(
    session: Session, classroom: Classroom, pupil: Player, act: Callable[..., object]
) -> None:
    issue(session, classroom, 3)
    create_member(session, classroom, pupil)

    act(session, classroom)

    assert people(session) == {pupil.pseudonym}
    assert session.scalar(select(func.count(Membership.id))) == 0
    left = session.scalar(select(func.count(Classroom.id)))
    assert left == (1 if act is classrooms.clear_class else 0)


def test_a_trainer_who_goes_takes_the_cards_along(
    session: Session, teacher: Player, classroom: Classroom, pupil: Player
) -> None:
    issue(session, classroom, 2)
    create_member(session, classroom, pupil)

    players.erase(session, teacher)

    assert people(session) == {pupil.pseudonym}


def test_the_export_names_the_classes(
    session: Session, classroom: Classroom, pupil: Player
) -> None:
    create_member(session, classroom, pupil, label="Ann")

    (told,) = own_record.export(session, pupil)["classes"]

    assert told == {"name": "4B", "label": "Ann", "joined_at": NOW.isoformat()}


# How long


def test_members_who_no_longer_play_are_let_go(
    session: Session, teacher: Player, classroom: Classroom, pupil: Player, outsider: Player
) -> None:
    short = create_class(session, teacher, name="short", retention_days=30)
    (name,) = issue(session, short)
    create_member(session, short, pupil)
    create_member(session, classroom, outsider)
    rosters.join(session, short.code or "", create_learner(session, "Late"), NOW)
    session.query(Membership).filter_by(label="Late").update(
        {"joined_at": NOW + timedelta(days=20)}
    )
    session.commit()

    assert erase_past_retention(session, NOW + timedelta(days=30)) == 0
    assert erase_past_retention(session, NOW + timedelta(days=30, seconds=1)) == 2

    assert name not in people(session)
    assert {pupil.pseudonym, outsider.pseudonym, "Late"} <= people(session)
    assert set(members(session, short)) == {"Late"}
    assert set(members(session, classroom)) == {outsider.pseudonym}


def test_who_plays_on_stays(session: Session, teacher: Player) -> None:
    short = create_class(session, teacher, retention_days=30)
    (name,) = issue(session, short)
    members(session, short)[name].player.last_played_at = NOW + timedelta(days=10)
    session.commit()

    assert erase_past_retention(session, NOW + timedelta(days=39)) == 0
    assert erase_past_retention(session, NOW + timedelta(days=41)) == 1
    assert people(session) == set()


def test_a_guest_in_a_class_is_kept_as_long_as_the_class_keeps_answers(
    session: Session, classroom: Classroom, pupil: Player, outsider: Player
) -> None:
    create_member(session, classroom, pupil)
    assert players.erase_old_guests(session, NOW + timedelta(days=31), 30) == 1
    assert people(session) == {pupil.pseudonym}

    later = NOW + timedelta(days=366)
    assert erase_past_retention(session, later) == 1
    assert players.erase_old_guests(session, later, 30) == 1
    assert people(session) == set()
