"""What is stored. Typed columns and constraints; nothing here knows of HTTP."""

from .accounts import Player
from .classes import Classroom, Membership
from .desk import (
    Comment,
    DeskDocument,
    DeskEdit,
    DeskQuestion,
    DeskSet,
    DeskSetDocument,
    DeskUpload,
    Reading,
    ReadingAnswer,
    Right,
    SetEdition,
    SetShare,
    Thread,
    ThreadKind,
)
from .library import DocumentVersion, QuestionRevision, QuestionSetRow, SetEntry
from .live import Room, RoomQuestion, RoomResponse, Seat
from .play import Response, Round, RoundItem

__all__ = [
    "Classroom",
    "Comment",
    "DeskDocument",
    "DeskEdit",
    "DeskQuestion",
    "DeskSet",
    "DeskSetDocument",
    "DeskUpload",
    "DocumentVersion",
    "Membership",
    "Player",
    "QuestionRevision",
    "QuestionSetRow",
    "Reading",
    "ReadingAnswer",
    "Response",
    "Right",
    "Room",
    "RoomQuestion",
    "RoomResponse",
    "Round",
    "RoundItem",
    "Seat",
    "SetEdition",
    "SetEntry",
    "SetShare",
    "Thread",
    "ThreadKind",
]
