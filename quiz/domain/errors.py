"""Errors of the game: raised below, made into HTTP in one place."""

from __future__ import annotations


class QuizError(Exception):
    """An error the person at the screen can do something about."""

    status = 400


class NotFound(QuizError):
    """There is no such thing, or it is somebody else's; both look the same."""

    status = 404


class BadInput(QuizError):
    """Something typed or chosen is not usable: which field, and what is wrong with it.

    `code` is a Message, or a code for which labels.problem has the words.
    """

    status = 422

    def __init__(self, field: str, code: str) -> None:
        super().__init__(code)
        self.field = field
        self.code = code


class Conflict(QuizError):
    """What is asked for does not go with what has happened; `code` as in BadInput, if known."""

    status = 409

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class TooMany(QuizError):
    """Too many tries in too short a time."""

    status = 429


class Away(QuizError):
    """Something the answer depends on is out of reach for the moment."""

    status = 503


class WeakDurability(RuntimeError):
    """The database is set up so that it could lose an acknowledged answer."""
