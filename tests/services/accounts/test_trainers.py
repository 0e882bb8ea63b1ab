"""Trainers: made by command, made of learners, and the first of them once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from quiz.domain.errors import BadInput, NotFound
from quiz.models import Player
from quiz.services.accounts import players, trainers
from quiz.services.classes import cards
from tests.factories import NOW, PASSPHRASE, create_class, create_learner, create_member

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


def test_a_trainer_is_made_and_signs_in(session: Session) -> None:
    assert not trainers.has_trainer(session)

    made = trainers.add_trainer(session, "Ms Ames", PASSPHRASE, NOW)

    assert trainers.has_trainer(session)
    assert players.sign_in(session, "ms ames", PASSPHRASE) is made


def test_a_learner_becomes_a_trainer_and_keeps_the_passphrase(session: Session) -> None:
    learner = create_learner(session, "Ann")

    assert trainers.add_trainer(session, "ANN", None, NOW) is learner
    session.refresh(learner)
    assert learner.is_trainer
    assert players.sign_in(session, "Ann", PASSPHRASE) is learner


def test_a_learner_on_a_card_who_becomes_a_trainer_is_out_of_others_hands(
    session: Session,
) -> None:
    teacher = trainers.add_trainer(session, "Teacher", PASSPHRASE, NOW)
    learner = create_learner(session, "Ann")
    member = create_member(session, create_class(session, teacher), learner, is_issued=True)

    trainers.add_trainer(session, "Ann", None, NOW)

    session.refresh(member)
    with pytest.raises(NotFound):
        cards.new_card(session, member, "en")


def test_the_cards_of_others_stay_what_they_are_when_a_learner_becomes_a_trainer(
    session: Session,
) -> None:
    teacher = trainers.add_trainer(session, "Teacher", PASSPHRASE, NOW)
    classroom = create_class(session, teacher)
    create_member(session, classroom, create_learner(session, "Ann"), is_issued=True)
    other = create_member(session, classroom, create_learner(session, "Ben"), is_issued=True)

    trainers.add_trainer(session, "Ann", None, NOW)

    session.refresh(other)
    assert other.is_issued


@pytest.mark.parametrize(
    ("name", "passphrase", "words"),
    [
        ("A", PASSPHRASE, players.NAME_SIZE),
        ("Ann", "short", players.PASSPHRASE_SHORT),
        ("Ann", None, players.PASSPHRASE_SHORT),
    ],
)
def test_what_no_account_can_have_is_refused(
    session: Session, name: str, passphrase: str | None, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        trainers.add_trainer(session, name, passphrase, NOW)
    assert not trainers.has_trainer(session)


def test_the_first_trainer_is_no_second(session: Session) -> None:
    trainers.add_first_trainer(session, "First", PASSPHRASE, NOW)

    with pytest.raises(NotFound):
        trainers.add_first_trainer(session, "Second", PASSPHRASE, NOW)


def test_the_set_up_link_takes_over_no_learners_account(session: Session) -> None:
    learner = create_learner(session, "Ann")

    with pytest.raises(BadInput, match=players.NAME_TAKEN):
        trainers.add_first_trainer(session, "Ann", "another passphrase", NOW)
    session.refresh(learner)
    assert not learner.is_trainer


def test_of_several_first_trainers_at_once_one_is_made(
    session: Session, at_once: Callable[..., list[Any]]
) -> None:
    def post(own: Session, n: int) -> bool:
        try:
            trainers.add_first_trainer(own, f"Trainer {n}", PASSPHRASE, NOW)
        except NotFound:
            return False
        return True

    assert sum(at_once(8, post)) == 1
    assert session.scalar(select(func.count(Player.id)).where(Player.is_trainer)) == 1


# The command


def run(app: Flask, *words: str, typed: str = "") -> Any:
    return app.test_cli_runner().invoke(args=["trainer", "add", *words], input=typed)


def test_the_command_asks_twice_and_shows_nothing(app: Flask, session: Session) -> None:
    done = run(app, "Ms Ames", typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")

    assert done.exit_code == 0, done.output
    assert PASSPHRASE not in done.output
    assert players.sign_in(session, "Ms Ames", PASSPHRASE)


def test_the_command_makes_a_passphrase_up(app: Flask, session: Session) -> None:
    done = run(app, "Ms Ames", "--generate")

    passphrase = done.output.split("“")[2].split("”")[0]
    assert players.sign_in(session, "Ms Ames", passphrase)


def test_the_command_leaves_a_learners_passphrase_alone(app: Flask, session: Session) -> None:
    create_learner(session, "Ann")

    done = run(app, "ann", "--generate")

    assert done.exit_code == 0
    assert done.output == "“Ann” is a trainer, with the passphrase so far.\n"


def test_the_command_says_what_is_wrong(app: Flask) -> None:
    done = run(app, "A", typed=f"{PASSPHRASE}\n{PASSPHRASE}\n")

    assert done.exit_code == 1
    assert "A name has 2 to 40 characters." in done.output
