"""What the database holds against what the players were told. Uses nothing of the game."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from tests import factories
from tests.durability.players import Log

PAYS = ((0, 0), (44, -31), (80, -85), (98, -157))
"""Points of a right and of a wrong verdict, by confidence: written out, not computed."""
POINTER_PAYS = 20

Place = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """A response as it is stored, with its place; `owner` is the player of its round."""

    id: int
    owner: int
    player: int
    round_id: str
    position: int
    look: str
    verdict: str
    confidence: int
    pointer: str | None
    key: str
    question: str

    @property
    def place(self) -> Place:
        """What can be answered once only."""
        return self.round_id, self.position, self.look


@dataclass(frozen=True, slots=True)
class StoredRound:
    """A round as it is stored."""

    id: str
    size: int
    is_finished: bool
    points: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds; `damage` is what the database itself finds wrong."""

    responses: list[Stored]
    rounds: list[StoredRound]
    damage: list[str]


_RESPONSES = """
    SELECT response.id, round.player_id, response.player_id, round_item.round_id,
        round_item.position, response.look, response.verdict, response.confidence,
        response.pointer, response.key, set_slug_of.set_slug || '/' || set_slug_of.question_id
    FROM response
    JOIN round_item ON round_item.id = response.item_id
    JOIN round ON round.id = round_item.round_id
    JOIN question_revision AS set_slug_of ON set_slug_of.id = response.revision_id
    ORDER BY response.id
"""


def read(database_url: str) -> Contents:
    """Everything that was answered."""
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.connect() as connection:
        return Contents(
            responses=[Stored(*row) for row in connection.execute(text(_RESPONSES))],
            rounds=[
                StoredRound(*row)
                for row in connection.execute(
                    text("SELECT id, size, finished_at IS NOT NULL, points FROM round")
                )
            ],
            damage=list(_damage(connection)),
        )


def _damage(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return  # PostgreSQL has no such check; its pages carry checksums or fail to be read
    for (finding,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if finding != "ok":
            yield f"integrity: {finding}"
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"foreign key: {row}"


def problems(log: Log, contents: Contents, questions: Path) -> list[str]:
    """Every promise that was not kept, one line each; empty when all were."""
    return [
        *contents.damage,
        *_doubled(contents.responses),
        *_lost_or_changed(log, contents.responses),
        *_phantoms(log, contents.responses),
        *_strangers(log, contents.responses),
        *_miscounted(contents, questions),
    ]


def _doubled(responses: list[Stored]) -> Iterator[str]:
    for place, times in Counter(r.place for r in responses).items():
        if times > 1:
            yield f"double: {times} answers to {place}"


def _lost_or_changed(log: Log, responses: list[Stored]) -> Iterator[str]:
    rows = {r.place: r for r in responses}
    for submit in log.acknowledged:
        row = rows.get(submit.place)
        if row is None:
            yield f"lost: {submit}"
        elif _said(submit.verdict, submit.confidence, submit.key, submit.pointer) != _said(
            row.verdict, row.confidence, row.key, row.pointer
        ):
            yield f"changed: {submit} is now {row}"
    for submit in log.told:
        if submit.place not in rows:
            yield f"lost: what was there before {submit}"


def _phantoms(log: Log, responses: list[Stored]) -> Iterator[str]:
    sent = {(s.place, _said(s.verdict, s.confidence, s.key, s.pointer)) for s in log.sent}
    for row in responses:
        if (row.place, _said(row.verdict, row.confidence, row.key, row.pointer)) not in sent:
            yield f"phantom: {row}"


def _said(
    verdict: str, confidence: int, key: str, pointer: str | None
) -> tuple[str, int, str, str | None]:
    """What has to stay. A form names a sentence by its number, a row by its span: the file stays.

    Which span it is, the points say.
    """
    return verdict, confidence, key, pointer and pointer.partition(":")[0]


def _strangers(log: Log, responses: list[Stored]) -> Iterator[str]:
    """Every row is the player's whose round it stands in, every player one in the database."""
    names = {s.round_id: s.player for s in log.sent}
    players = defaultdict(set)
    for row in responses:
        if row.player != row.owner:
            yield f"somebody else's: {row}"
        players[names.get(row.round_id)].add(row.player)
    for name, ids in players.items():
        if len(ids) > 1:
            yield f"{name} is several players: {ids}"


def _miscounted(contents: Contents, questions: Path) -> Iterator[str]:
    finals = defaultdict(list)
    for row in contents.responses:
        if row.look == "final":
            finals[row.round_id].append(row)
    for played in contents.rounds:
        answers = finals[played.id]
        is_full = len(answers) >= played.size
        counted = sum(_worth(row, questions) for row in answers) if is_full else None
        if bool(played.is_finished) != is_full or played.points != counted:
            yield f"miscounted: {played}, {len(answers)} answers worth {counted}"


def _worth(row: Stored, questions: Path) -> int:
    is_right = row.verdict == factories.VERDICTS[row.question]
    points = PAYS[row.confidence][0 if is_right else 1]
    return points + (POINTER_PAYS if is_right and _points_right(row, questions) else 0)


def _points_right(row: Stored, questions: Path) -> bool:
    """Whether the player pointed at the sentence that the question quotes."""
    slug, _, question = row.question.partition("/")
    sketches = factories.SKETCHES[slug]
    number = next(n for n, sketch in enumerate(sketches) if sketch.id == question)
    if row.pointer is None or row.pointer == "none":
        return row.pointer == "none" and sketches[number].silent
    document, _, span = row.pointer.partition(":")
    start, _, end = span.partition("-")
    pointed = _text(questions, document)[int(start) : int(end)]
    quoted = factories.sentence(factories.DOCUMENTS[slug][-1], number)
    return not sketches[number].silent and quoted in pointed


def _text(questions: Path, document: str) -> str:
    return (questions / "documents" / f"{document}.txt").read_text("utf-8")
