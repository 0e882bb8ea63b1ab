"""What every page with a question shows, alone, in a room or in a preview: asked, then revealed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from ..domain.answer import Look, Looks, Outcome, Stage, Task
from ..domain.errors import BadInput
from ..domain.question_set import SourceDocument, Text
from ..domain.scoring import POINTER_BONUS, Scoring
from ..services.library.catalogue import Revision
from ..services.library.passages import Passage
from .pages import Page


@dataclass(frozen=True, slots=True)
class Onward:
    """Where a preview goes on."""

    href: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage(Page):
    """A question. What is None, or empty, has no place at this stage.

    Until the reveal `revision` is None, and nothing else depends on the verdict.
    """

    claim: Text | None = None
    # Beside the claim: whole documents, or passages of them
    files: tuple[SourceDocument, ...] | None = None
    passages_shown: tuple[Passage, ...] = ()
    file_open: bool = False  # the player asked for the whole document
    file_href: str | None = None  # where it opens, if not at the item of a round
    pointing: bool = False  # a sentence of the documents is to be chosen
    typed: Mapping[str, str] | None = None  # the form that was refused with `error`
    error: BadInput | None = None
    # Revealed
    revision: Revision | None = None
    # Where it is shown
    item: Looks | None = None  # of a round
    screen: str | None = None  # of a host: "projector" or "remote"
    onward: Onward | None = None  # where a preview goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage(QuestionPage):
    """A question to answer, and what the answer was worth."""

    stage: Stage | None = None
    look: Look | None = None  # the answer to the form is to this one
    key: str = ""
    bonus: int = 0  # points for the right sentence
    # Revealed
    outcome: Outcome | None = None
    pointed: tuple[str, str] | None = None  # language and words of the sentence that was chosen


P = TypeVar("P", bound=AnswerPage)


def with_answer_form(
    page: P,
    task: Task,
    awaited: Look,
    sent: Mapping[str, str],
    error: BadInput | None,
    scoring: Scoring = Scoring.CONFIDENCE,
) -> P:
    """The page with the form for the look awaited; filled with what was refused with `error`.

    Its key is new, so that sending it counts as a submission of its own.
    """
    return replace(
        page,
        stage=task.stage(awaited),
        look=awaited,
        pointing=task.asks_sentence(awaited),
        typed=sent if error else None,
        error=error,
        key=secrets.token_urlsafe(16),
        bonus=POINTER_BONUS if scoring is Scoring.CONFIDENCE else 0,
    )
