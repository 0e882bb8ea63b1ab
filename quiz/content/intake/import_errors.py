"""Why a file that somebody brought could not be used, in words for the person who brought it."""

from __future__ import annotations

from ...domain.message import Message, msg


class Failed(Exception):
    """Nothing came of a file. `message` says why, `mend` what to do about it."""

    def __init__(self, message: Message, fix: Message) -> None:
        super().__init__(f"{message} — {fix}")
        self.message = message
        self.fix = fix


_DAMAGED = (
    msg("This file could not be read: it seems to be damaged."),
    msg("Save it again in the program it comes from, or paste the text."),
)


def damaged() -> Refused:
    """The refusal of a file that its own kind of program would stumble over, too."""
    return Refused(*_DAMAGED)


class Refused(Failed):
    """The file was looked at and cannot be used, for a reason that can be named."""


class TookTooLong(Failed):
    """The work was stopped at its time limit."""

    def __init__(self) -> None:
        super().__init__(
            msg("Reading this file took too long, so it was stopped."),
            msg("Paste the text you need, or bring a smaller file."),
        )


class TooBig(Failed):
    """The work needed more memory than it may have, or gave more than can be taken."""

    def __init__(self) -> None:
        super().__init__(
            msg("This file grows too big when it is opened."),
            msg("Paste the text you need, or bring a smaller file."),
        )


class Broken(Failed):
    """The work crashed, or what it gave makes no sense."""

    def __init__(self) -> None:
        super().__init__(*_DAMAGED)


class Busy(Failed):
    """Others' files are being read, and none was done in time."""

    def __init__(self) -> None:
        super().__init__(
            msg("Other files are being read just now."),
            msg("Try again in a moment."),
        )
