"""Errors of the game: raised below, made into HTTP in one place."""

from __future__ import annotations

from .message import Message, msg

INCOMPLETE_FORM = msg("This form is incomplete. Open the question again.")


class QuizError(Exception):
    """An error the person at the screen can do something about."""

    status = 400
    message: Message | None = None
    """What to tell the person, where there is more to say than the status does."""


class NotFound(QuizError):
    """There is no such thing, or it is somebody else's; both look the same."""

    status = 404


class BadInput(QuizError):
    """Something typed or chosen is not usable: which field, and what is wrong with it."""

    status = 422
    message: Message

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class Conflict(QuizError):
    """What is asked for does not go with what has happened."""

    status = 409
    message: Message

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class TooMany(QuizError):
    """Too many tries in too short a time."""

    status = 429


class Away(QuizError):
    """Something the answer depends on is out of reach for the moment."""

    status = 503


class WeakDurability(RuntimeError):
    """The database is set up so that it could lose an acknowledged answer."""
