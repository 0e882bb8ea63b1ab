"""What a class should practise: the questions of the skills that its members miss most."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..models import Membership
from .catalogue import Revision, catalogue_of
from .history import histories

SKILLS = 3
"""How many skills a room on weak skills takes up."""

MET_ENOUGH = 5
"""Answers below which a skill says nothing of the class."""


def weak_skills(session: Session, classroom_id: int) -> tuple[str, ...]:
    """The skills that the class got wrong most often, weakest first, at most three."""
    met: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    members = select(Membership.player_id).where(Membership.classroom_id == classroom_id)
    answered = histories(session, session.scalars(members))
    for answer in chain.from_iterable(answered.values()):
        met.update(answer.revision.question.skills)
        if not answer.outcome.right:
            missed.update(answer.revision.question.skills)
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
