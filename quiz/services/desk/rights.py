"""Who may see and change what at the desk. Somebody else's looks as if it were not there."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ...domain.errors import NotFound
from ...domain.message import msg
from ...models import (
    DeskDocument,
    DeskQuestion,
    DeskSet,
    DeskSetDocument,
    Player,
    Right,
    SetShare,
)

LARGEST_ID = 2**31 - 1
NO_TRAINER = msg("No other trainer has exactly this name.")


def set_of(
    session: Session, trainer: Player, set_id: int, right: Right = Right.READ, lock: bool = False
) -> DeskSet:
    """The set, if the trainer owns it or it is shared with this right. Raises NotFound.

    With `lock` it is read anew and held until the transaction ends.
    """
    _check_id(set_id)
    query = select(DeskSet).where(DeskSet.id == set_id, _is_open_to(trainer, right))
    if lock:
        query = query.with_for_update(of=DeskSet).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(set_id)
    return found


def own_set(session: Session, trainer: Player, set_id: int, lock: bool = False) -> DeskSet:
    """The set, if it is the trainer's own. Raises NotFound."""
    found = set_of(session, trainer, set_id, lock=lock)
    if found.owner_id != trainer.id:
        raise NotFound(set_id)
    return found


def sets_of(session: Session, trainer: Player) -> list[DeskSet]:
    """Every set the trainer owns or may read, the one last changed first."""
    query = select(DeskSet).where(_is_open_to(trainer, Right.READ))
    return list(session.scalars(query.order_by(DeskSet.updated_at.desc(), DeskSet.id.desc())))


def may_edit(session: Session, trainer: Player, desk_set: DeskSet) -> bool:
    """Whether the trainer may change the set."""
    if desk_set.owner_id == trainer.id:
        return True
    share = session.get(SetShare, (desk_set.id, trainer.id))
    return share is not None and share.right is Right.EDIT


def question_of(
    session: Session,
    trainer: Player,
    question_id: int,
    right: Right = Right.READ,
    lock: bool = False,
) -> DeskQuestion:
    """The question, if its set is open to the trainer with this right. Raises NotFound."""
    _check_id(question_id)
    query = (
        select(DeskQuestion)
        .join(DeskSet, DeskSet.id == DeskQuestion.set_id)
        .where(DeskQuestion.id == question_id, _is_open_to(trainer, right))
    )
    if lock:
        query = query.with_for_update(of=DeskQuestion).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(question_id)
    return found


def document_of(
    session: Session,
    trainer: Player,
    document_id: int,
    right: Right = Right.READ,
    lock: bool = False,
) -> DeskDocument:
    """The document, if it is the trainer's or a set open with this right quotes it.

    To edit it, the set must be one of its owner's: quoting a document in a set of one's own, or
    having one's document quoted in somebody else's, gives nobody the right to change it. Raises
    NotFound.
    """
    _check_id(document_id)
    query = select(DeskDocument).where(
        DeskDocument.id == document_id, document_is_open_to(trainer, right)
    )
    if lock:
        query = query.with_for_update(of=DeskDocument).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(document_id)
    return found


def documents_of(session: Session, trainer: Player) -> list[DeskDocument]:
    """Every document the trainer owns or may read, the one last changed first."""
    query = select(DeskDocument).where(document_is_open_to(trainer, Right.READ))
    return list(
        session.scalars(query.order_by(DeskDocument.updated_at.desc(), DeskDocument.id.desc()))
    )


def _is_open_to(trainer: Player, right: Right) -> ColumnElement[bool]:
    shares = select(SetShare.set_id).where(SetShare.trainer_id == trainer.id)
    if right is Right.EDIT:
        shares = shares.where(SetShare.right == Right.EDIT)
    return or_(DeskSet.owner_id == trainer.id, DeskSet.id.in_(shares))


def document_is_open_to(trainer: Player, right: Right) -> ColumnElement[bool]:
    """The condition that a document is the trainer's, or a set open with this right quotes it."""
    quoting = (
        select(DeskSetDocument.document_id)
        .join(DeskSet, DeskSet.id == DeskSetDocument.set_id)
        .where(_is_open_to(trainer, right))
    )
    if right is Right.EDIT:
        quoting = quoting.where(DeskSet.owner_id == DeskDocument.owner_id)
    return or_(DeskDocument.owner_id == trainer.id, DeskDocument.id.in_(quoting))


def _check_id(number: int) -> None:
    if not 0 < number <= LARGEST_ID:
        raise NotFound(number)
