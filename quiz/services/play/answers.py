"""The one way of an answer, of a round or of a room: read, pointed, stored once.

The table is a parameter, and its unique constraints decide which submission counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from ...domain.answer import Look, LookAnswer, Receipt, Status, Submission, Task
from ...domain.errors import BadInput, Conflict, QuizError
from ...domain.message import msg
from ...domain.scoring import Confidence
from ...models import Response, RoomResponse
from ...storage.db import write_together
from ..library.catalogue import NO_PASSAGE, catalogue_of
from ..library.passages import pointer_to

NO_POINTER = msg("Choose the sentence, or “None: the files do not say”.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the player's id and the token that the session cookie carries."""

    player_id: int
    token: str


class Asked(Protocol):
    """A question as a player stands to it; domain.answer.Looks with what is asked for now."""

    @property
    def task(self) -> Task:
        """What the question's mode asks for."""

    @property
    def awaited(self) -> Look | None:
        """The look that an answer would be stored for now."""

    @property
    def revision_id(self) -> int | None:
        """The question's revision, None when there is no question."""

    def answer_to(self, look: Look) -> LookAnswer | None:
        """The answer to a look."""

    def with_answer(self, look: Look, answer: LookAnswer) -> Self:
        """The same with a look answered."""


A = TypeVar("A", bound=Asked)
Columns = Mapping[str, object]


class AnswerTable:
    """A table that holds answers: whose by the column `owner`, to what by `question`.

    It is unique in owner and key, and lets each look at a question have one answer. `revision` is
    the expression for the revision that a row answers.
    """

    def __init__(
        self,
        model: type[Response] | type[RoomResponse],
        *,
        owner: InstrumentedAttribute[int],
        question: InstrumentedAttribute[int],
        revision: InstrumentedAttribute[int] | ColumnElement[int],
    ) -> None:
        self._owner, self._question = owner.key, question.key
        self._looks = {look: aliased(model, name=f"{look.value}_look") for look in Look}
        self._earlier = select(
            question.label("question"),
            model.look,
            model.verdict,
            model.confidence,
            model.pointer,
            revision.label("revision_id"),
        ).where(owner == bindparam("owner"), model.key == bindparam("key"))
        self._inserts = _inserts(cast(Table, model.__table__))

    def with_looks(
        self, query: Select[*tuple[Any, ...]], on: Callable[[Any], ColumnElement[bool]]
    ) -> Select[*tuple[Any, ...]]:
        """The query with both looks at each row, for `looks_in`; `on` joins the table's alias."""
        for look, answer in self._looks.items():
            query = query.add_columns(
                answer.verdict.label(f"{look.value}_verdict"),
                answer.confidence.label(f"{look.value}_confidence"),
                answer.pointer.label(f"{look.value}_pointer"),
            ).outerjoin(answer, and_(on(answer), answer.look == look))
        return query

    def store(
        self,
        connection: Connection,
        asked: A,
        submission: Submission,
        columns: Columns,
        now: datetime,
        read_again: Callable[[], A],
    ) -> Receipt[A]:
        """Store the submission if its look is awaited and nobody was first; say what became of it.

        `columns` are those of the row that the submission does not fill, `read_again` reads how
        the question stands by now. Raises Conflict for the same key with another answer, BadInput
        for a pointer to no sentence.
        """
        look = submission.look
        if look is not asked.awaited:
            return self._not_stored(connection, asked, submission, columns)
        pointer = _pointer(connection, asked.task, asked.revision_id, submission)
        answer = LookAnswer(submission.verdict, submission.confidence, pointer)
        row = {
            **columns,
            "look": look,
            "verdict": answer.verdict,
            "confidence": int(answer.confidence),
            "pointer": answer.pointer,
            "answered_at": now,
            "key": submission.key,
        }
        # Core: the ORM would double the cost of the hottest write.
        if not connection.execute(self._inserts[connection.dialect.name], row).rowcount:
            return self._not_stored(connection, read_again(), submission, columns)
        return Receipt(Status.STORED, asked.with_answer(look, answer))

    def _not_stored(
        self,
        connection: Connection,
        asked: A,
        submission: Submission,
        columns: Columns,
    ) -> Receipt[A]:
        status = Status.CLOSED if asked.answer_to(submission.look) is None else Status.ALREADY
        repeated = self.repeated(connection, asked, submission, columns)
        return repeated or Receipt(status, asked)

    def repeated(
        self,
        connection: Connection,
        asked: A,
        submission: Submission,
        columns: Columns,
    ) -> Receipt[A] | None:
        """The receipt of a submission that is stored already, None when its key is new.

        Raises Conflict when the key came with another answer.
        """
        who = {"owner": columns[self._owner], "key": submission.key}
        earlier = connection.execute(self._earlier, who).one_or_none()
        if earlier is None:
            return None
        *same, pointer, revision_id = earlier
        look, verdict, level = submission.look, submission.verdict, int(submission.confidence)
        if (
            same != [columns[self._question], look, verdict, level]
            or _pointer(connection, asked.task, revision_id, submission) != pointer
        ):
            raise Conflict(
                msg("The same form came twice with different answers. The first one counts.")
            )
        return Receipt(Status.REPEATED, asked)


def looks_in(row: Row[*tuple[Any, ...]]) -> dict[str, LookAnswer | None]:
    """The fields of a `Looks`, from a row of AnswerTable.with_looks."""
    return {"first": _look_answer(row, "first"), "final": _look_answer(row, "final")}


def _look_answer(row: Row[*tuple[Any, ...]], look: str) -> LookAnswer | None:
    verdict = getattr(row, f"{look}_verdict")
    if verdict is None:
        return None
    confidence = Confidence(getattr(row, f"{look}_confidence"))
    return LookAnswer(verdict, confidence, getattr(row, f"{look}_pointer"))


def submit(session: Session, store: Callable[[Connection], Receipt[A]]) -> Receipt[A]:
    """The receipt that `store` gives, durable when this returns; raises what `store` refuses with.

    Many answers share a commit (storage.db.write_together): `store` uses nothing but its
    connection, and raises a QuizError only before it has written anything.
    """

    def write(connection: Connection) -> Receipt[A] | QuizError:
        try:
            return store(connection)
        except QuizError as refusal:  # nothing was written: no reason to roll back the others
            return refusal

    outcome = write_together(session, write)
    if isinstance(outcome, QuizError):
        raise outcome
    return outcome


def _pointer(
    connection: Connection, task: Task, revision_id: int | None, submission: Submission
) -> str | None:
    """The pointer to store, None where the look asks for no sentence. Raises BadInput."""
    if not task.asks_sentence(submission.look):
        return None
    if submission.sentence == NO_PASSAGE:
        return NO_PASSAGE
    session = Session(connection)
    catalogue = catalogue_of(session)
    files = catalogue.files_of(session, catalogue.revision(session, revision_id or 0))
    pointer = pointer_to(tuple(files.values()), submission.sentence)
    if pointer is None:
        raise BadInput("pointer", NO_POINTER)
    return pointer


def _inserts(table: Table) -> Mapping[str, Insert]:
    """By dialect: the insert that leaves what stands, and tells by its count that it did."""
    return {
        dialect.name: insert(table)
        .values({c.name: bindparam(c.name) for c in table.columns if c.name != "id"})
        .on_conflict_do_nothing()
        .inline()
        .execution_options(preserve_rowcount=True)
        for dialect, insert in (
            (sqlite.dialect, sqlite.insert),
            (postgresql.dialect, postgresql.insert),
        )
    }
