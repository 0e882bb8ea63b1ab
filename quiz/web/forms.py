"""What forms send, read in one place: an answer, an idempotency key, a choice."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from ..domain.answer import Look, Submission
from ..domain.errors import INCOMPLETE_FORM, BadInput
from ..domain.message import Message, msg
from ..domain.scoring import Confidence
from ..domain.verdict import Verdict

KEY_LENGTH = 43
UNSURE = msg("Tick the box first: erasing cannot be undone.")
NO_CONFIDENCE = msg("Say how sure you are.")
NO_VERDICT = msg("Choose a verdict: true, false or unverified.")
T = TypeVar("T", bound=StrEnum)


def choice_in(form: Mapping[str, str], kind: type[T], field: str, message: Message) -> T:
    """The member that a field names. Raises BadInput on it, with the message."""
    try:
        return kind(form.get(field, ""))
    except ValueError:
        raise BadInput(field, message) from None


def key_in(form: Mapping[str, str]) -> str:
    """The form's idempotency key; a form without one counts as new."""
    return form.get("key", "")[:KEY_LENGTH] or secrets.token_urlsafe(16)


def answer_in(form: Mapping[str, str]) -> Submission:
    """An answer. Raises BadInput on what is missing."""
    return Submission(
        look=choice_in(form, Look, "look", INCOMPLETE_FORM),
        verdict=choice_in(form, Verdict, "verdict", NO_VERDICT),
        confidence=_confidence(form),
        sentence=form.get("pointer", ""),
        key=key_in(form),
    )


def _confidence(form: Mapping[str, str]) -> Confidence:
    try:
        return Confidence(int(form.get("confidence", "")))
    except ValueError:
        raise BadInput("confidence", NO_CONFIDENCE) from None
