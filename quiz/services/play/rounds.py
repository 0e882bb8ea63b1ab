"""Starting a round: which questions it gets, stored once however often the button is pressed."""

from __future__ import annotations

import random
import secrets
from datetime import datetime

from sqlalchemy import and_, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ...domain.answer import Look, Mode
from ...domain.draw import Candidate, Met, draw, resting
from ...domain.errors import BadInput, NotFound
from ...domain.message import msg
from ...models import Player, Response, Round, RoundItem
from ...storage.db import writing
from ..library.catalogue import StoredSet, catalogue_of
from ..library.history import history
from ..library.withheld import unrevealed
from .answers import Caller
from .schedule import due_keys

PRACTICE_SIZE = 10
NOTHING_DUE = msg("Nothing is due for practice now. Play a set instead.")


def start_round(
    session: Session,
    player_id: int,
    set_slug: str | None,
    mode: Mode,
    size: int | None,
    start_key: str,
    now: datetime,
    rng: random.Random,
) -> str:
    """Draw a round and store it; gives its id.

    `set_slug` None means practice: due questions from all sets. `size` None means all. The same
    `start_key` twice gives the same round. Raises NotFound for an unknown set, BadInput when there
    is nothing to draw.
    """
    started = _started(session, player_id, start_key)
    if started:
        return started
    revisions = _drawn(session, player_id, set_slug, size, now, rng)
    if not revisions:
        raise BadInput("set", NOTHING_DUE)
    played = Round(
        id=secrets.token_urlsafe(16),
        player_id=player_id,
        set_slug=set_slug,
        mode=mode,
        size=len(revisions),
        start_key=start_key,
        started_at=now,
    )
    try:
        _store(session, played, revisions)
    except IntegrityError:  # the other tap of a double tap was first
        return _started(session, player_id, start_key) or played.id
    return played.id


def _store(session: Session, played: Round, revisions: list[int]) -> None:
    with writing(session):
        session.add(played)
        session.flush()
        session.add_all(
            RoundItem(round_id=played.id, position=n, revision_id=i)
            for n, i in enumerate(revisions, start=1)
        )
        session.execute(
            update(Player)
            .where(Player.id == played.player_id)
            .values(last_played_at=played.started_at)
        )


def check_playable(session: Session, set_slug: str | None) -> None:
    """Raise NotFound for a set nobody can play, BadInput for practice without a record."""
    if set_slug is None:
        raise BadInput("set", NOTHING_DUE)
    _playable(session, set_slug)


def _playable(session: Session, set_slug: str) -> StoredSet:
    chosen = catalogue_of(session).set(session, set_slug)
    if chosen.is_examples:
        raise NotFound(set_slug)
    return chosen


def _started(session: Session, player_id: int, start_key: str) -> str | None:
    return session.scalar(
        select(Round.id).where(Round.player_id == player_id, Round.start_key == start_key)
    )


def _drawn(
    session: Session,
    player_id: int,
    set_slug: str | None,
    size: int | None,
    now: datetime,
    rng: random.Random,
) -> list[int]:
    """Ids of the revisions drawn, in playing order."""
    catalogue = catalogue_of(session)
    past = history(session, player_id)
    due = due_keys(past, now)
    if set_slug is None:
        sets = [s for s in catalogue.sets(session) if not s.is_examples]
        pool = [r for s in sets for r in s.revisions if r.key in due]
        size = PRACTICE_SIZE if size is None else size
    else:
        pool = list(_playable(session, set_slug).revisions)
    seen = {answer.key for answer in past}
    # What a room is about to ask is not practised meanwhile: the round would show the verdict.
    waiting = unrevealed(session, player_id)
    by_key = {r.key: r for r in pool if r.id not in waiting}
    met = [Met(answer.key, answer.revision.contrast, answer.answered_at) for answer in past]
    twins = resting({key: r.contrast for key, r in by_key.items()}, met, now)
    candidates = [
        Candidate(
            key=key,
            verdict=r.question.verdict,
            contrast=r.contrast,
            seen=key in seen,
            due=key in due,
            resting=key in twins,
        )
        for key, r in by_key.items()
    ]
    return [by_key[key].id for key in draw(candidates, size, rng)]


def current_position(session: Session, caller: Caller, round_id: str) -> int | None:
    """The first place without a final answer, None when the round is played to its end.

    Raises NotFound when it is not the caller's round.
    """
    own = (
        select(Round.size, func.count(Response.id))
        .join(Player, Player.id == Round.player_id)
        .outerjoin(RoundItem, RoundItem.round_id == Round.id)
        .outerjoin(Response, and_(Response.item_id == RoundItem.id, Response.look == Look.FINAL))
        .where(Round.id == round_id, Player.id == caller.player_id)
        .where(Player.session_token == caller.token)
        .group_by(Round.id, Round.size)
    )
    row = session.execute(own).one_or_none()
    if row is None:
        raise NotFound(round_id)
    size, answered = row
    return None if answered >= size else answered + 1
