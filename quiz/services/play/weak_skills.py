"""What a class should practise: the questions of the skills that its members miss most."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...domain.measures import skills_missed
from ...models import Membership
from ..library.catalogue import Revision, catalogue_of
from ..library.history import histories


def weak_skills(session: Session, classroom_id: int) -> tuple[str, ...]:
    """The skills that the class got wrong most often, weakest first, at most three.

    As in its report, what members answered before they joined is none of the class's business.
    """
    members = select(Membership).where(Membership.classroom_id == classroom_id)
    joined = {m.player_id: m.joined_at for m in session.scalars(members)}
    return skills_missed(
        (
            (answer.revision.question.skills, answer.outcome.right)
            for player_id, answers in histories(session, joined).items()
            for answer in answers
            if answer.answered_at >= joined[player_id]
        ),
        judged_only=True,
    )


def weak_questions(session: Session, classroom_id: int) -> list[Revision]:
    """Every playable question of the class's weak skills; none while too little is known."""
    weak = set(weak_skills(session, classroom_id))
    return [
        revision
        for stored in catalogue_of(session).sets(session)
        if not stored.is_examples
        for revision in stored.revisions
        if weak & set(revision.question.skills)
    ]
