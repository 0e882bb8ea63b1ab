"""What the host's screens show of a room: the projector's, and the phone's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from ...domain.answer import Look
from ...domain.errors import NotFound
from ...domain.measures import Proportion
from ...domain.room import ANSWERING, Move, Phase, State, asked_look
from ...models import Classroom, Room, RoomQuestion, Seat
from ...services.library.catalogue import Revision, catalogue_of
from ...services.library.passages import passages
from ...services.live import results
from ...services.live.debrief import Debrief, debrief_of
from ...services.live.results import Distribution, RoomResults
from ...services.live.rooms import Hosted
from ...storage.db import db
from ...web.question_pages import QuestionPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen(QuestionPage):
    """A room as its host sees it. What is None, or empty, has no place in this phase."""

    host: Hosted
    room: Room
    state: State
    phase: Phase
    left: timedelta | None  # until the question closes
    moves: Set[Move]  # that the host can make
    answered: int
    seated: int
    distributions: Mapping[Look, Distribution] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Projector(Screen):
    """What the class sees, with the controls at the foot."""

    template: ClassVar = "live/projector.html"
    # In the lobby
    seats: Sequence[Seat] = ()
    classroom: Classroom | None = None
    # At the reveal
    found: Proportion | None = None  # of the class: who chose the right sentence
    # Between questions, or after the last
    results: RoomResults | None = None
    debrief: Debrief | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote(Screen):
    """The controls alone, for the host's phone."""

    template: ClassVar = "live/remote.html"


_AT_QUESTION = {Phase.QUESTION, Phase.SECOND_LOOK, Phase.CLOSED, Phase.REVEAL}
SCREENS: Mapping[str, type[Screen]] = {"projector": Projector, "remote": Remote}


def screen_page(host: Hosted, screen: str) -> Screen:
    """Nothing in it depends on the verdict before the reveal, for the host either."""
    room, state = host.room, host.state
    answered, seated = counted(host)
    page = SCREENS[screen](
        host=host,
        room=room,
        state=state,
        phase=state.phase,
        screen=screen,
        left=state.left(datetime.now(UTC)),
        moves=host.moves,
        answered=answered,
        seated=seated,
    )
    if state.position and state.phase in _AT_QUESTION:
        page = _with_question(page, host)
    return _with_board(page, host) if isinstance(page, Projector) else page


def counted(host: Hosted) -> tuple[int, int]:
    """How many have answered, and of how many; in a lobby everybody counts, newcomers too."""
    room, state = host.room, host.state
    position = 0 if state.phase is Phase.LOBBY else state.position
    return results.counted(db.session(), room.id, position, asked_look(host.rules, host.state))


def _with_question(page: Screen, host: Hosted) -> Screen:
    db_session, state, revision = db.session(), host.state, _asked(host)
    page = replace(page, claim=revision.question.claim)
    if state.phase in ANSWERING:
        return page
    distributions = {
        look: results.distribution(db_session, host.room.id, state.position, look)
        for look in host.rules.mode.task.looks
    }
    shown = revision if state.phase is Phase.REVEAL else None
    return replace(page, distributions=distributions, revision=shown)


def _with_board(page: Projector, host: Hosted) -> Projector:
    db_session, room, state = db.session(), host.room, host.state
    match state.phase:
        case Phase.LOBBY:
            classroom = db_session.get(Classroom, room.classroom_id or 0)
            return replace(page, seats=results.seats_of(db_session, room.id), classroom=classroom)
        case Phase.QUESTION if not host.rules.has_two_looks:
            return replace(page, passages_shown=passages(_asked(host)))
        case Phase.SECOND_LOOK:
            files = catalogue_of(db_session).files_of(db_session, _asked(host))
            return replace(page, files=tuple(files.values()))
        case Phase.REVEAL:
            reports = debrief_of(db_session, room).questions
            found = next((r.found for r in reports if r.position == state.position), None)
            return replace(page, found=found)
        case Phase.STANDINGS:
            return replace(page, results=results.results_of(db_session, room))
        case Phase.DEBRIEF | Phase.FINISHED:
            return replace(page, debrief=debrief_of(db_session, room))
    return page


def _asked(host: Hosted) -> Revision:
    """The question that the room is at."""
    db_session, room = db.session(), host.room
    asked = db_session.get(RoomQuestion, (room.id, host.state.position))
    if asked is None:
        raise NotFound(room.id)
    return catalogue_of(db_session).revision(db_session, asked.revision_id)
