"""What a class should practise: the questions of the skills that its members miss most."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...models import Membership
from ..library.catalogue import Revision, catalogue_of
from ..library.history import histories

SKILLS = 3
"""How many skills a room on weak skills takes up."""

MET_ENOUGH = 5
"""Answers below which a skill says nothing of the class."""


def weak_skills(session: Session, classroom_id: int) -> tuple[str, ...]:
    """The skills that the class got wrong most often, weakest first, at most three.

    As in its report, what members answered before they joined is none of the class's business.
    """
    met: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    members = select(Membership).where(Membership.classroom_id == classroom_id)
    joined = {m.player_id: m.joined_at for m in session.scalars(members)}
    for player_id, answers in histories(session, joined).items():
        for answer in answers:
            if answer.answered_at >= joined[player_id]:
                met.update(answer.revision.question.skills)
                missed.update(answer.revision.question.skills if not answer.outcome.right else ())
    known = [skill for skill in missed if met[skill] >= MET_ENOUGH]
    return tuple(sorted(known, key=lambda s: (-missed[s] / met[s], s))[:SKILLS])


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
