"""A class to show the game with: simulated players of known properties, stored as if they played.

Rounds are drawn as real ones are, the answers are those of `domain.simulate`, and the points come
from the judgement that real answers get. So every page has something to show, and what the figures
should come to is known.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from typing import TypeAlias

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ...domain.answer import Look, LookAnswer, Mode
from ...domain.draw import Candidate, Met, draw, resting
from ...domain.sentences import sentences
from ...domain.simulate import SimulatedPlayer
from ...domain.verdict import Verdict
from ...models import Player, Response, Round, RoundItem
from ...storage.db import writing
from ..accounts.players import keep_record
from ..accounts.pseudonyms import pseudonym
from ..library.catalogue import NO_PASSAGE, Revision, StoredSet, catalogue_of
from ..library.outcome import outcome_of
from ..play.rounds import PRACTICE_SIZE
from ..play.schedule import Past, due_questions

PERIOD = timedelta(days=28)
"""How far back the first rounds lie: less than a guest's record is kept."""

MOST_ROUNDS = 100
"""Per player: as many fit into the period one after the other."""

KEPT = 5
"""How many players, the first ones, kept their record under a name; the others are guests."""

_Pointers: TypeAlias = dict[int, dict[bool, list[str]]]

_SIZES = (5, 10, 10, None)
_INVESTIGATES = 0.4
_PRACTISES = 0.25
_LEAVES = 6  # one player in six left the last round half-way
_POINTS_WELL = {True: 0.75, False: 0.2}  # by whether the verdict is right
_FIRST_LOOK, _QUICK, _SECOND_LOOK, _EXPLANATION = 12.0, 25.0, 60.0, 15.0  # median seconds


class AlreadySeeded(Exception):
    """The class with this seed is in the database."""


class NoQuestions(Exception):
    """The database holds no set to play."""


@dataclass(frozen=True, slots=True)
class DemoClass:
    """A class to make up: how many players and rounds, and the means of their properties.

    `bias` says how far guesses lean to true, false and unverified, as in SimulatedPlayer; K is then
    `skill` and b_r is (1 − skill)·bias_r. Raises ValueError for an impossible class.
    """

    players: int = 28
    rounds: int = 6
    skill: float = 0.6
    bias: tuple[float, float, float] = (0.0, 0.0, 0.0)
    overconfidence: float = 0.15
    checking: float = 0.5
    seed: int = 1
    language: str = "fr"

    def __post_init__(self) -> None:
        """Refuse a class that nobody could be the mean of."""
        if self.players < 1 or not 1 <= self.rounds <= MOST_ROUNDS:
            raise ValueError(f"a class has players, and 1 to {MOST_ROUNDS} rounds for each")
        SimulatedPlayer(self.skill, self.bias, self.overconfidence, self.checking)


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was stored, and the name and passphrase with which one of the players signs in."""

    players: int
    rounds: int
    answers: int
    name: str
    passphrase: str


def full_bias(leans: Mapping[Verdict, float]) -> tuple[float, float, float]:
    """The bias for true, false and unverified: verdicts not named share what brings the sum to 0.

    Raises ValueError when all three are named and do not sum to 0.
    """
    rest = len(Verdict) - len(leans)
    if not rest and abs(sum(leans.values())) > 1e-9:
        raise ValueError("three biases sum to 0")
    share = -sum(leans.values()) / max(1, rest)
    true, false, unverified = (leans.get(verdict, share) for verdict in Verdict)
    return true, false, unverified


def members(plan: DemoClass) -> tuple[SimulatedPlayer, ...]:
    """The players of a class: each a little different, their means those of the class."""
    rng = random.Random(f"{plan.seed} members")

    def spread(mean: float, reach: float) -> list[float]:
        values = [mean + reach * ((2 * n + 1) / plan.players - 1) for n in range(plan.players)]
        rng.shuffle(values)
        return values

    true, false, unverified = plan.bias
    columns = zip(
        spread(plan.skill, min(0.2, plan.skill, 1 - plan.skill)),
        spread(0.0, min(0.1, 1 / 3 + min(plan.bias))),
        spread(plan.overconfidence, min(0.1, 1 - abs(plan.overconfidence))),
        spread(plan.checking, min(0.3, plan.checking, 1 - plan.checking)),
        strict=True,
    )
    return tuple(
        SimulatedPlayer(skill, (true + tilt, false - tilt, unverified), overconfidence, checking)
        for skill, tilt, overconfidence, checking in columns
    )


def seed_class(session: Session, plan: DemoClass, now: datetime) -> Seeded:
    """Store the class as if it had played over the weeks before `now`.

    The same plan, questions and moment give the same class, except for what is secret or a random
    address. A transaction or two for each player. Raises NoQuestions, and AlreadySeeded before
    anything is stored.
    """
    sets = [stored for stored in catalogue_of(session).sets(session) if not stored.is_examples]
    if not sets:
        raise NoQuestions
    names = _names(plan)
    if session.scalar(select(Player.id).where(Player.name.in_(names[:KEPT])).limit(1)):
        raise AlreadySeeded
    passphrase = secrets.token_hex(6)
    pointers = _pointers(sets)
    rounds = answers = 0
    for n, (name, member) in enumerate(zip(names, members(plan), strict=True)):
        rng = random.Random(f"{plan.seed} player {n}")
        played = _Career(member, sets, pointers, rng).play(plan.rounds, now, n % _LEAVES == 0)
        player = _player(session, name, passphrase if n < KEPT else None, played[0].started_at)
        _store(session, player, played)
        rounds += len(played)
        answers += sum(one.answers for one in played)
    return Seeded(plan.players, rounds, answers, names[0], passphrase)


def _names(plan: DemoClass) -> list[str]:
    """A pseudonym for each player, no two alike."""
    rng = random.Random(f"{plan.seed} names")
    names: dict[str, None] = {}
    while len(names) < plan.players:
        names[pseudonym(plan.language, rng)] = None
    return list(names)


def _player(session: Session, name: str, passphrase: str | None, since: datetime) -> Player:
    """A learner with the passphrase, or, not stored yet, a guest."""
    if passphrase is not None:
        return keep_record(session, None, name, passphrase, since)
    token = secrets.token_urlsafe(16)
    return Player(pseudonym=name, session_token=token, created_at=since, last_played_at=since)


@dataclass(frozen=True, slots=True)
class _Item:
    """A question of a round with its answer, one look or two; none where the round was left."""

    revision: Revision
    shown_at: datetime | None = None
    opened_at: datetime | None = None
    looks: tuple[tuple[Look, LookAnswer, datetime], ...] = ()

    @property
    def points(self) -> int:
        *first, final = (given for _, given, _ in self.looks)
        return outcome_of(self.revision, first[0] if first else None, final).total


@dataclass(frozen=True, slots=True)
class _Played:
    """A round, finished or left half-way."""

    id: str
    set_slug: str | None
    mode: Mode
    started_at: datetime
    items: tuple[_Item, ...]

    @property
    def answers(self) -> int:
        return sum(bool(item.looks) for item in self.items)

    @property
    def points(self) -> int | None:
        if self.answers < len(self.items):
            return None
        return sum(item.points for item in self.items)

    @property
    def finished_at(self) -> datetime | None:
        last = self.items[-1].looks
        return last[-1][2] if last else None


def _pointers(sets: list[StoredSet]) -> _Pointers:
    """What can be pointed at in the files of each question: what settles it, and all the rest."""
    found: _Pointers = {}
    for stored in sets:
        places = [NO_PASSAGE]
        for slug, document in stored.documents.items():
            places += [f"{slug}:{s.start}-{s.end}" for s in sentences(document.text)]
        for revision in stored.revisions:
            found[revision.id] = {True: [], False: []}
            for place in places:
                found[revision.id][revision.is_settled_by(place)].append(place)
    return found


class _Career:
    """One simulated player's rounds, one after the other: what was answered decides what is due."""

    def __init__(
        self,
        member: SimulatedPlayer,
        sets: list[StoredSet],
        pointers: _Pointers,
        rng: random.Random,
    ) -> None:
        self.member, self.sets, self.pointers, self.rng = member, sets, pointers, rng
        self.past: list[Past] = []
        self.met: list[Met] = []

    def play(self, rounds: int, now: datetime, leaves: bool) -> list[_Played]:
        """The rounds, spread over the period; one who `leaves` stops half-way through the last."""
        starts = [
            now - PERIOD * (left - self.rng.random() / 2) / rounds for left in range(rounds, 0, -1)
        ]
        whole = [self._round(at, leaves=False) for at in starts[:-1]]
        return [*whole, self._round(starts[-1], leaves=leaves and rounds > 1)]

    def _round(self, at: datetime, leaves: bool) -> _Played:
        mode = Mode.INVESTIGATION if self.rng.random() < _INVESTIGATES else Mode.QUICK
        slug, drawn = self._drawn(at)
        answered = len(drawn) // 2 if leaves else len(drawn)
        items, shown_at = [], at
        for revision in drawn[:answered]:
            items.append(self._answer(revision, mode, shown_at))
            shown_at = items[-1].looks[-1][2] + self._takes(_EXPLANATION)
        items += [_Item(revision) for revision in drawn[answered:]]
        return _Played(secrets.token_urlsafe(16), slug, mode, at, tuple(items))

    def _drawn(self, at: datetime) -> tuple[str | None, list[Revision]]:
        """The set and the questions of the next round, drawn as `rounds.start_round` does."""
        due = due_questions(self.past, at)
        slug: str | None = None
        size: int | None = PRACTICE_SIZE
        pool = [r for stored in self.sets for r in stored.revisions if r.key in due]
        if not due or self.rng.random() >= _PRACTISES:
            chosen = self.rng.choice(self.sets)
            slug, size, pool = chosen.slug, self.rng.choice(_SIZES), list(chosen.revisions)
        seen = {past.question_key for past in self.past}
        twins = resting({r.key: r.contrast for r in pool}, self.met, at)
        candidates = [
            Candidate(
                key=r.key,
                verdict=r.question.verdict,
                contrast=r.contrast,
                seen=r.key in seen,
                due=r.key in due,
                resting=r.key in twins,
            )
            for r in pool
        ]
        by_key = {r.key: r for r in pool}
        return slug, [by_key[key] for key in draw(candidates, size, self.rng)]

    def _answer(self, revision: Revision, mode: Mode, shown_at: datetime) -> _Item:
        truth, rng = revision.question.verdict, self.rng
        if mode is Mode.QUICK:
            at = shown_at + self._takes(_QUICK)
            # The passage stood there already: opening its file is a habit, and changes nothing.
            opens = rng.random() < self.member.checking
            opened_at = shown_at + (at - shown_at) / 2 if opens else None
            looks = [(Look.FINAL, LookAnswer(*self.member.answer(truth, rng)), at)]
        else:
            first, final = self.member.look_twice(truth, rng)
            opened_at = None  # the files lie open at the second look
            settling = rng.random() < _POINTS_WELL[final[0] is truth]
            pointer = rng.choice(self.pointers[revision.id][settling])
            at = shown_at + self._takes(_FIRST_LOOK)
            looks = [(Look.FIRST, LookAnswer(*first), at)]
            at += self._takes(_SECOND_LOOK)
            looks.append((Look.FINAL, LookAnswer(*final, pointer), at))
        given = looks[-1][1]
        self.past.append(Past(revision.key, given.verdict is truth, given.confidence, at))
        self.met.append(Met(revision.key, revision.contrast, at))
        return _Item(revision, shown_at, opened_at, tuple(looks))

    def _takes(self, median: float) -> timedelta:
        return timedelta(seconds=self.rng.lognormvariate(log(median), 0.5))


def _store(session: Session, player: Player, played: list[_Played]) -> None:
    with writing(session):
        player.last_played_at = played[-1].started_at
        session.add(player)
        session.flush()
        session.execute(insert(Round), [_round_row(player.id, one) for one in played])
        items = [(one.id, n, item) for one in played for n, item in enumerate(one.items, start=1)]
        # The answers need the ids of their items: RETURNING, in the order of the rows.
        stored = insert(RoundItem).returning(RoundItem.id, sort_by_parameter_order=True)
        ids = session.scalars(stored, [_item_row(*placed) for placed in items]).all()
        answers = [
            _response_row(player.id, item_id, item, *look)
            for item_id, (_, _, item) in zip(ids, items, strict=True)
            for look in item.looks
        ]
        session.execute(insert(Response), answers)


def _round_row(player_id: int, one: _Played) -> dict[str, object]:
    return {
        "id": one.id,
        "player_id": player_id,
        "set_slug": one.set_slug,
        "mode": one.mode,
        "size": len(one.items),
        "start_key": secrets.token_urlsafe(16),
        "started_at": one.started_at,
        "finished_at": one.finished_at,
        "points": one.points,
    }


def _item_row(round_id: str, position: int, item: _Item) -> dict[str, object]:
    return {
        "round_id": round_id,
        "position": position,
        "revision_id": item.revision.id,
        "shown_at": item.shown_at,
        "opened_at": item.opened_at,
    }


def _response_row(
    player_id: int, item_id: int, item: _Item, look: Look, given: LookAnswer, at: datetime
) -> dict[str, object]:
    return {
        "player_id": player_id,
        "item_id": item_id,
        "revision_id": item.revision.id,
        "look": look,
        "verdict": given.verdict,
        "confidence": int(given.confidence),
        "pointer": given.pointer,
        "has_opened_file": item.opened_at is not None,
        "shown_at": item.shown_at,
        "answered_at": at,
        "key": secrets.token_urlsafe(16),
    }
