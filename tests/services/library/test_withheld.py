"""What a player must not meet elsewhere: the questions that their room has still to reveal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quiz.models import Player
from quiz.services.library.withheld import unrevealed
from tests.factories import create_player, revisions
from tests.rooms import ask, join, open_room, reveal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FIR, RUE = "harbour/h-fir", "harbour/h-rue"


def test_only_rooms_that_one_sits_in_withhold(session: Session, mona: Player) -> None:
    ann, bob = (create_player(session, pseudonym=name) for name in ("Ann", "Bob"))
    here, there = (open_room(session, mona, keys=[key]) for key in (FIR, RUE))
    join(session, here, player=ann)
    join(session, there, player=bob)
    known = revisions(session)

    assert unrevealed(session, ann.id) == {known[FIR].id}
    assert unrevealed(session, bob.id) == {known[RUE].id}


def test_a_question_is_withheld_until_its_reveal(session: Session, mona: Player) -> None:
    room_id = open_room(session, mona, keys=[FIR, RUE])
    ann = join(session, room_id).player
    known = revisions(session)
    ask(session, mona, room_id)
    assert unrevealed(session, ann.id) == {known[FIR].id, known[RUE].id}

    reveal(session, mona, room_id)

    assert unrevealed(session, ann.id) == {known[RUE].id}
