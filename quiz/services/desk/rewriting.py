"""A set at the desk made into what a file says of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ...domain.draft import DraftSet
from ...models import DeskDocument, DeskQuestion, DeskSet, Player
from .contents import questions_in, rows_of_documents
from .copies import quote_documents
from .editing import store
from .sets import append, touch


def rewrite(
    session: Session,
    by: Player,
    row: DeskSet,
    content: DraftSet,
    documents: Sequence[DeskDocument],
    now: datetime,
) -> None:
    """Make a set what `content` says, on these documents; its slug and stage stay.

    Questions are matched by their ids; those that `content` has not go. What a question was
    before is in its history. Inside a transaction that holds the set. Raises BadInput when there
    are too many questions.
    """
    present = {question.key: question for question in questions_in(session, row)}
    wanted = {question.id: question for question in content.questions}
    gone = [question.id for key, question in present.items() if key not in wanted]
    session.execute(delete(DeskQuestion).where(DeskQuestion.id.in_(gone)))
    session.expire(row, ["questions"])
    if [found.id for found in rows_of_documents(session, row)] != [d.id for d in documents]:
        quote_documents(session, row, documents)
    for key, question in present.items():
        if key in wanted:
            store(session, question, row, wanted[key], by, now)
    new = [question for key, question in wanted.items() if key not in present]
    made = append(session, row, new, by, now, come_back=True) if new else []
    places = {**present, **{question.key: question for question in made}}
    for position, key in enumerate(wanted):
        places[key].position = position
    row.title, row.summary = dict(content.title), dict(content.summary)
    row.languages = list(content.languages)
    touch(row, now)
