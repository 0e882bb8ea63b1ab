"""What is stored. Typed columns and constraints; nothing here knows of HTTP."""

from .classes import Classroom, Membership
from .players import Player
from .questions import DocumentVersion, QuestionRevision, QuestionSetRow, SetEntry
from .rooms import Room, RoomQuestion, RoomResponse, Seat
from .rounds import Look, Mode, Response, Round, RoundItem

__all__ = [
    "Classroom",
    "DocumentVersion",
    "Look",
    "Membership",
    "Mode",
    "Player",
    "QuestionRevision",
    "QuestionSetRow",
    "Response",
    "Room",
    "RoomQuestion",
    "RoomResponse",
    "Round",
    "RoundItem",
    "Seat",
    "SetEntry",
]
