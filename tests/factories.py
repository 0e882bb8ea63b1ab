"""People, question files and rounds for the tests: made in one line, any detail overridden.

The question files are small and made here, so that a test knows every verdict, contrast and quote.
Files are written as JSON, which YAML includes.
"""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text

from quiz.content.format.library import Library
from quiz.content.loader import load
from quiz.domain import codes
from quiz.domain.answer import Look, LookAnswer, Mode
from quiz.domain.scoring import Confidence
from quiz.domain.verdict import Rule, Verdict
from quiz.models import Classroom, Membership, Player, Response, Round, RoundItem
from quiz.services.library.catalogue import Revision, catalogue_of
from quiz.services.library.sync import sync
from quiz.services.play.answers import Caller
from tests import world

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from quiz.models import DeskDocument

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSPHRASE = "three plain words"
HOSTILE = "<img src=x onerror=alert(1)> & “signs”"
"""Stands in every document: a page that shows it unescaped is caught."""

_RULES = {"true": "T1", "false": "F1", "unverified": "U1"}
_STANCES = {"true": "supports", "false": "refutes", "unverified": "hedges"}
_SKILLS = ("close_reading", "number_check", "allegation", "silence")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A question in short: the sentence of the document it quotes has the same number."""

    id: str
    verdict: str
    contrast: str | None = None
    silent: bool = False


def _sketches(prefix: str) -> tuple[Sketch, ...]:
    """Twelve questions, four of each verdict; two contrasts; two that are silent."""
    return (
        Sketch(f"{prefix}-ash", "true", "first"),
        Sketch(f"{prefix}-elm", "false", "first"),
        Sketch(f"{prefix}-fig", "unverified", "second"),
        Sketch(f"{prefix}-oak", "true", "second"),
        Sketch(f"{prefix}-box", "unverified", silent=True),
        Sketch(f"{prefix}-yew", "unverified", silent=True),
        Sketch(f"{prefix}-may", "unverified"),
        Sketch(f"{prefix}-fir", "true"),
        Sketch(f"{prefix}-hop", "true"),
        Sketch(f"{prefix}-ivy", "false"),
        Sketch(f"{prefix}-bay", "false"),
        Sketch(f"{prefix}-rue", "false"),
    )


SKETCHES = {"harbour": _sketches("h"), "tower": _sketches("t"), "examples": _sketches("x")[4:8]}
VERDICTS = {
    f"{slug}/{sketch.id}": Verdict(sketch.verdict)
    for slug, sketches in SKETCHES.items()
    for sketch in sketches
}
"""What each question's verdict is, by "set/question"."""
DOCUMENTS = {"harbour": ["harbour"], "tower": ["harbour", "tower"], "examples": ["harbour"]}


def both(words: str) -> dict[str, str]:
    """A text in both languages, told apart by a word."""
    return {"fr": f"{words} (français)", "en": f"{words} (English)"}


def sentence(document: str, number: int) -> str:
    """The sentence of a document that question number `number` quotes."""
    return (
        f"Line {number} of the {document} tells how many boats, cranes and bells were seen there."
    )


def a_question(slug: str, number: int, sketch: Sketch, **overrides: Any) -> dict[str, Any]:
    """An entry of a set's `questions`."""
    document = DOCUMENTS[slug][-1]
    stance = "nearest" if sketch.silent else _STANCES[sketch.verdict]
    entry = {
        "id": sketch.id,
        "claim": both(f"Claim {slug} {sketch.id}."),
        "verdict": sketch.verdict,
        "rule": "U8" if sketch.silent else _RULES[sketch.verdict],
        "as_of": "2026-01-15",
        "difficulty": str(1 + number % 3),
        "skills": [_SKILLS[number % 4], _SKILLS[(number + 1) % 4]],
        "evidence": [{"document": document, "quote": sentence(document, number), "stance": stance}],
        "explanation": both(f"Because of {slug} {sketch.id}: {sketch.verdict}."),
    }
    return {**entry, **({"contrast": sketch.contrast} if sketch.contrast else {}), **overrides}


def write(folder: Path, file: str, content: Any) -> None:
    """Write one question file: text as it is, anything else as JSON."""
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


def write_set(folder: Path, slug: str, questions: list[dict[str, Any]], **overrides: Any) -> None:
    """Write sets/<slug>.yaml."""
    content = {
        "format": "1",
        "title": both(f"The {slug}"),
        "summary": both(f"What the {slug} file says."),
        "examples": "true" if slug == "examples" else "false",
        "documents": DOCUMENTS[slug],
        "questions": questions,
    }
    write(folder, f"sets/{slug}.yaml", {**content, **overrides})


def write_document(folder: Path, slug: str) -> None:
    """Write documents/<slug>.txt and its description: an article of 12 lines, then comments."""
    lines = [f"{sentence(slug, n)} Nobody asked why, and so it was {n}." for n in range(12)]
    whole = "\n".join([*lines, "Comments", f"Ann wrote: {HOSTILE}."]) + "\n"
    write(folder, f"documents/{slug}.txt", whole)
    description = {
        "format": "1",
        "title": both(f"File {slug}"),
        "language": "en" if slug == "harbour" else "fr",
        "constructed": "true" if slug == "tower" else "false",
        "kind": both("A short report"),
        "provenance": both("The paper speaks for itself."),
        "date_note": both("No date."),
        "regions": [
            {"kind": "article", "begins": "Line 0 of"},
            {"kind": "comments", "begins": "Comments\n"},
        ],
    }
    write(folder, f"documents/{slug}.yaml", description)


def write_questions(folder: Path) -> Path:
    """A folder of question files without problems: two sets and one of worked examples."""
    some = both("Some words")
    taxonomy = {
        "format": "1",
        "verdicts": {v.value: {"name": some, "meaning": some, "test": some} for v in Verdict},
        "rules": {r.value: {"name": some, "meaning": some, "ask": some} for r in Rule},
        "skills": {s: {"name": both(s), "definition": some, "tip": some} for s in _SKILLS},
        "steps": [{"ask": some, "then": some, "rules": ["T1"]}],
    }
    write(folder, "taxonomy.yaml", taxonomy)
    for slug in ("harbour", "tower"):
        write_document(folder, slug)
    for slug, sketches in SKETCHES.items():
        write_set(folder, slug, [a_question(slug, n, s) for n, s in enumerate(sketches)])
    return folder


@cache
def library(folder: Path) -> Library:
    """The folder's questions, read once; for a folder that is not changed."""
    found = load(folder)
    assert not found.problems, found.problems
    return found


@contextmanager
def playing(database_url: str, questions: Path, **config: object) -> Iterator[Flask]:
    """The game on a database, with the questions of a folder loaded."""
    from quiz.storage.db import db

    with world.running(database_url, QUESTIONS=questions, **config) as app:
        with app.app_context():
            sync(db.session(), library(questions), NOW)
        yield app


def create_player(session: Session, **overrides: Any) -> Player:
    """A guest; with a name and a passphrase hash in the overrides a learner."""
    values = {
        "pseudonym": f"Calm Otter {secrets.randbelow(10**6)}",
        "session_token": secrets.token_urlsafe(16),
        "created_at": NOW,
        "last_played_at": NOW,
    }
    player = Player(**{**values, **overrides})
    session.add(player)
    session.commit()
    return player


def create_learner(session: Session, name: str, passphrase: str = PASSPHRASE) -> Player:
    """A learner with a kept record."""
    from quiz.services.accounts.players import keep_record

    return keep_record(session, None, name, passphrase, NOW)


def create_trainer(session: Session, name: str, passphrase: str = PASSPHRASE) -> Player:
    """A trainer's account."""
    from quiz.services.accounts.trainers import add_trainer

    return add_trainer(session, name, passphrase, NOW)


def create_class(session: Session, trainer: Player, **overrides: Any) -> Classroom:
    """A class that can be joined; overrides are columns of Classroom."""
    values = {
        "trainer_id": trainer.id,
        "name": "4B",
        "code": codes.new_code(),
        "retention_days": 365,
        "created_at": NOW,
    }
    made = Classroom(**{**values, **overrides})
    session.add(made)
    session.commit()
    return made


def create_member(
    session: Session, classroom: Classroom, player: Player, **overrides: Any
) -> Membership:
    """A player in a class, with an account of their own; overrides are columns of Membership."""
    values = {
        "classroom_id": classroom.id,
        "player_id": player.id,
        "label": player.display_name[:40],
        "is_issued": False,
        "joined_at": NOW,
    }
    made = Membership(**{**values, **overrides})
    session.add(made)
    session.commit()
    return made


def create_document(
    session: Session, trainer: Player, text: str = "Fire\n\nA crane fell."
) -> DeskDocument:
    """A document at the desk, as it is after its text was pasted."""
    from quiz.content.intake.extract import paste
    from quiz.services.desk.documents import create_document as create

    return create(session, trainer, paste(text), "en", NOW)


def create_round(session: Session, player: Player, **overrides: Any) -> Round:
    """A round stored as it is after the start.

    Overrides are columns of Round, and `keys`: the "set/question" of each item, the first three
    questions of the set if not given.
    """
    slug = overrides.get("set_slug", "harbour")
    keys = overrides.pop("keys", None) or [f"{slug}/{s.id}" for s in SKETCHES[slug][:3]]
    values = {
        "id": secrets.token_urlsafe(16),
        "player_id": player.id,
        "set_slug": slug,
        "mode": Mode.QUICK,
        "size": len(keys),
        "start_key": secrets.token_urlsafe(16),
        "started_at": NOW,
    }
    played = Round(**{**values, **overrides})
    session.add(played)
    session.flush()
    ids = {key: revision.id for key, revision in revisions(session).items()}
    session.add_all(
        RoundItem(round_id=played.id, position=n, revision_id=ids[key])
        for n, key in enumerate(keys, start=1)
    )
    session.commit()
    return played


def create_answers(
    session: Session, played: Round, verdicts: Sequence[Verdict | None] = (), **overrides: Any
) -> list[Response]:
    """Final answers to the first items of a round; None, and no list at all, answers right.

    An investigation gets the same verdict as a first look, and "none" for a pointer. Overrides are
    columns of Response. The round is not marked as finished.
    """
    items = items_of(session, played)
    truths = {revision.id: key for key, revision in revisions(session).items()}
    rows = []
    for n, item in enumerate(items[: len(verdicts) or None]):
        verdict = (verdicts[n] if verdicts else None) or VERDICTS[truths[item.revision_id]]
        at = played.started_at + timedelta(seconds=30 * item.position)
        item.shown_at = at - timedelta(seconds=20)
        investigation = played.mode is Mode.INVESTIGATION
        for look in (Look.FIRST, Look.FINAL) if investigation else (Look.FINAL,):
            values = {
                "player_id": played.player_id,
                "item_id": item.id,
                "revision_id": item.revision_id,
                "look": look,
                "verdict": verdict,
                "confidence": int(Confidence.FAIRLY_SURE),
                "pointer": "none" if investigation and look is Look.FINAL else None,
                "has_opened_file": False,
                "shown_at": item.shown_at,
                "answered_at": at,
                "key": secrets.token_urlsafe(16),
            }
            rows.append(Response(**{**values, **overrides}))
    session.add_all(rows)
    session.commit()
    return rows


def finish(session: Session, played: Round, points: int = 0) -> Round:
    """Mark a round as finished."""
    played.finished_at = played.started_at + timedelta(minutes=10)
    played.points = points
    session.commit()
    return played


def items_of(session: Session, played: Round) -> list[RoundItem]:
    """The round's items in order."""
    query = session.query(RoundItem).filter_by(round_id=played.id).order_by(RoundItem.position)
    return list(query)


def revisions(session: Session) -> dict[str, Revision]:
    """Today's revisions by "set/question"."""
    return {r.key: r for s in catalogue_of(session).sets(session) for r in s.revisions}


def everything(session: Session) -> str:
    """Every value of every table, as text."""
    session.rollback()
    connection = session.connection()
    rows = [
        repr((table, *row))
        for table in inspect(connection).get_table_names()
        for row in connection.execute(text(f'SELECT * FROM "{table}"'))
    ]
    return "\n".join(sorted(rows))


def caller_of(player: Player) -> Caller:
    """The player as the session cookie names one."""
    return Caller(player.id, player.session_token)


def given(
    verdict: Verdict = Verdict.TRUE, level: int = 2, pointer: str | None = None
) -> LookAnswer:
    """One look's answer."""
    return LookAnswer(verdict, Confidence(level), pointer)


def wrong(verdict: Verdict) -> Verdict:
    """A verdict other than this one."""
    return next(other for other in Verdict if other is not verdict)


def rng(seed: int = 1) -> random.Random:
    """A seeded generator."""
    return random.Random(seed)
