"""Live rooms: how long until the class has the page, whether every answer arrives, what it takes.

Phones with streams join by the real pages, the host presses the real buttons. Each thing is done to
the game, and straight afterwards to the floor: a bare asyncio server that tells as many phones of
the same making, gives them the same bytes, and stores nothing. At the end the answers are compared
with what was sent, in the database, on the phones and in the exports.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import select

from tests.bench._lesson import Change, Outcome, Plan, Times, play
from tests.bench._live_cost import measure_cost
from tests.bench._place import DATABASES, SERVERS, Place, game, live_server, place, running
from tests.bench._report import Figure, Report, middle_ratio, parser, progress
from tests.redis_server import RedisServer

if TYPE_CHECKING:
    from flask import Flask

PARTS = ("cost", "lessons")
SETUPS = ((1, 500), (4, 125))
MODES = ("two_looks", "quick")
OVER_FLOOR = 5.0
AT_MOST_MILLISECONDS = 1000.0
MEMORY_GOAL = 150.0
PASSPHRASE = "a passphrase for hosts"
CHANGES = {
    "question": "question opens",
    "second_look": "files open",
    "reveal": "reveal",
    "debrief": "debrief",
}
WORKERS = 2


def main(arguments: list[str]) -> int:
    """Measure, print, write JSON; 1 when anything was lost, came double or was miscounted."""
    options = _options(arguments)
    report = Report("live", {k: v for k, v in vars(options).items() if k != "json"})
    with (
        place(options.database, quick=options.quick) as where,
        redis_for(options.server, where),
        game(where.new_database("live"), where.folder) as app,
    ):
        report.facts["fsync"] = f"{where.sync_milliseconds():.2f} ms"
        report.open()
        if "cost" in options.parts:
            measure_cost(app, _new_host(app), options.calls, options.blocks, report)
        setups = options.setups if "lessons" in options.parts else []
        lessons = [measure(app, where, options, report, *setup) for setup in setups]
    report.raw["lessons"] = lessons
    report.write(options.json)
    return 0 if all(lesson["right"] for lesson in lessons) else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    line = parser("live", __doc__)
    line.add_argument("--server", choices=SERVERS, default="waitress", help="which")
    line.add_argument(
        "--database", choices=DATABASES, help="which; PostgreSQL with gunicorn, else SQLite"
    )
    line.add_argument("--rooms", type=int, help="rooms at once; without, 1 × 500 and 4 × 125")
    line.add_argument("--phones", type=int, help="in each room")
    line.add_argument("--questions", type=int, default=3, help="in each room")
    line.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to measure")
    line.add_argument("--calls", type=int, default=60, help="in a block (cost)")
    line.add_argument("--blocks", type=int, default=7, help="of calls (cost)")
    line.add_argument("--mode", choices=MODES, default="two_looks", help="of the rooms")
    line.add_argument("--repeat", type=int, default=1, help="lessons, each with its own server")
    chosen = line.parse_args(arguments)
    if chosen.quick:
        chosen.rooms, chosen.phones = chosen.rooms or 2, chosen.phones or 6
        chosen.questions = min(chosen.questions, 2)
        chosen.calls, chosen.blocks = 3, 1
    chosen.database = chosen.database or ("postgresql" if chosen.server == "gunicorn" else "sqlite")
    if chosen.server == "gunicorn" and chosen.database == "sqlite":
        line.error("gunicorn needs PostgreSQL: one writer waiting for SQLite would stop everybody")
    given = chosen.rooms or chosen.phones
    chosen.setups = [(chosen.rooms or 1, chosen.phones or 500)] if given else list(SETUPS)
    return chosen


@contextmanager
def redis_for(server: str, where: Place) -> Iterator[None]:
    """A Redis for gunicorn's workers to hear of each other; waitress is one process."""
    if server != "gunicorn":
        os.environ.pop("QUIZ_REDIS_URL", None)
        yield
        return
    redis = RedisServer(where.folder)
    os.environ["QUIZ_REDIS_URL"] = redis.url
    try:
        yield
    finally:
        del os.environ["QUIZ_REDIS_URL"]
        redis.stop()


def measure(
    app: Flask, where: Place, options: argparse.Namespace, report: Report, rooms: int, phones: int
) -> dict[str, object]:
    """The lessons of one setup, their figures, and whether all is as it was sent."""
    name = f"{rooms} × {phones}"
    outcomes = []
    for number in range(options.repeat):
        progress(f"{name}, lesson {number + 1} of {options.repeat} …")
        outcomes.append(_lesson(app, where, options, rooms, phones, number))
    report_changes(name, outcomes, report)
    report_answers(name, outcomes, report)
    report_resources(name, outcomes, report)
    checks = [check(app, outcome) for outcome in outcomes]
    return {
        "setup": name,
        **report_checks(name, checks, outcomes, report),
        "outcomes": [_raw(outcome) for outcome in outcomes],
    }


def _lesson(
    app: Flask,
    where: Place,
    options: argparse.Namespace,
    rooms: int,
    phones: int,
    number: int,
) -> Outcome:
    hosts = [(_new_host(app), PASSPHRASE) for _ in range(rooms)]
    with (
        live_server(options.server, where.folder, WORKERS) as served,
        running(_floor_command, "floor", where.folder, "/part") as floor,
    ):
        plan = Plan(
            port=served.port,
            floor_port=floor.port,
            pid=served.pid,
            hosts=hosts,
            phones=phones,
            questions=options.questions,
            mode=options.mode,
            spread_seconds=0.3 if options.quick else 2.0,
            seed=number + 1,
        )
        try:
            return play(plan)
        except RuntimeError as error:
            log = (where.folder / "game.log").read_text()
            raise RuntimeError(f"{error}\nThe server said:\n{log[-4000:]}") from error


def _floor_command(port: int) -> list[str]:
    return [sys.executable, "-m", "tests.bench._fanout", str(port)]


def _new_host(app: Flask) -> str:
    """A trainer of the game, by name."""
    from quiz.services.accounts import trainers
    from quiz.storage.db import db

    with app.app_context():
        now = datetime.now(UTC)
        name = f"Host {now:%H%M%S%f}"
        trainers.add_trainer(db.session(), name, PASSPHRASE, now)
        db.session.remove()
    return name


def report_changes(name: str, outcomes: Sequence[Outcome], report: Report) -> None:
    """From the press of the button to the line and to the page, on every phone."""
    changes = [change for outcome in outcomes for change in outcome.changes]
    for kind, words in CHANGES.items():
        these = [change for change in changes if change.stage.rpartition("-")[0] == kind]
        if these:
            report.add(*_change_figures(f"{name}: {words}", kind, these))


def _change_figures(name: str, kind: str, these: Sequence[Change]) -> Iterator[Figure]:
    yield Figure(f"{name}: bytes of the page, as sent", median(c.page_bytes for c in these), "B")
    yield from _spread(f"{name}: signal", [c.heard for c in these])
    yield from _spread(f"{name}: signal, floor", [c.floor_heard for c in these])
    yield from _spread(f"{name}: page", [c.shown for c in these])
    yield from _spread(f"{name}: page, floor", [c.floor_shown for c in these])
    yield from _spread(f"{name}: page pushed, floor", [c.pushed for c in these])
    yield Figure(
        f"{name}: signal p99 / floor",
        middle_ratio([c.heard.p99 for c in these], [c.floor_heard.p99 for c in these]),
        at_most=OVER_FLOOR,
    )
    yield Figure(
        f"{name}: page p99 / floor",
        middle_ratio([c.shown.p99 for c in these], [c.floor_shown.p99 for c in these]),
        at_most=OVER_FLOOR,
    )
    yield Figure(
        f"{name}: page p99 / floor that pushes",
        middle_ratio([c.shown.p99 for c in these], [c.pushed.p99 for c in these]),
    )
    yield Figure(
        f"{name}: page p99, the worst of {len(these)}",
        max(c.shown.p99 for c in these),
        "ms",
        at_most=AT_MOST_MILLISECONDS,
    )


def report_answers(name: str, outcomes: Sequence[Outcome], report: Report) -> None:
    """Acknowledgements, with answers spread over two seconds and all at once."""
    answerings = [answering for outcome in outcomes for answering in outcome.answerings]
    for spread in sorted({answering.spread_seconds for answering in answerings}, reverse=True):
        these = [answering for answering in answerings if answering.spread_seconds == spread]
        words = f"{name}: answers within {spread:g} s" if spread else f"{name}: answers at once"
        report.add(
            *_spread(f"{words}: acknowledged", [a.acknowledged for a in these]),
            *_spread(f"{words}: floor", [a.floor for a in these]),
            Figure(f"{words}: a second", median(a.per_second for a in these), "/s"),
            Figure(f"{words}: a second, floor", median(a.floor_per_second for a in these), "/s"),
            Figure(
                f"{words}: p99 / floor",
                middle_ratio([a.acknowledged.p99 for a in these], [a.floor.p99 for a in these]),
            ),
            Figure(
                f"{words}: p99, the worst of {len(these)}",
                max(a.acknowledged.p99 for a in these),
                "ms",
                at_most=AT_MOST_MILLISECONDS,
            ),
        )
        refreshed = [a.refreshed for a in these if a.refreshed]
        if refreshed:
            report.add(*_spread(f"{name}: a fifth refreshes: back", refreshed))


def report_resources(name: str, outcomes: Sequence[Outcome], report: Report) -> None:
    """What the server used, and whether it let go of it."""
    joined = [outcome.streams / outcome.joining_seconds for outcome in outcomes]
    report.add(
        Figure(f"{name}: phones that join", median(joined), "/s"),
        Figure(f"{name}: streams", median(o.streams for o in outcomes)),
        Figure(f"{name}: streams that ended early", sum(o.ended for o in outcomes), at_most=0),
    )
    if not all(outcome.usage for outcome in outcomes):
        report.note("this system does not tell what a process uses")
        return
    moments = ("idle", "with streams", "at the end", "after")
    for moment in moments:
        goal = MEMORY_GOAL if moment == "with streams" else None
        memory = median(o.usage[moment]["memory"] for o in outcomes)
        report.add(Figure(f"{name}: memory, {moment}", memory, "MB", at_most=goal))
    for what in ("threads", "descriptors"):
        for moment in moments:
            used = median(o.usage[moment][what] for o in outcomes)
            report.add(Figure(f"{name}: {what}, {moment}", used))
    spent = [
        o.usage["at the end"]["cpu_seconds"] - o.usage["with streams"]["cpu_seconds"]
        for o in outcomes
    ]
    joining = [
        o.usage["with streams"]["cpu_seconds"] - o.usage["idle"]["cpu_seconds"] for o in outcomes
    ]
    report.add(
        Figure(f"{name}: processor, joining", median(joining), "s"),
        Figure(f"{name}: processor, lesson", median(spent), "s"),
        Figure(f"{name}: lesson", median(o.lesson_seconds for o in outcomes), "s"),
        Figure(
            f"{name}: processor, the load client",
            median(o.client_cpu_seconds for o in outcomes),
            "s",
        ),
    )


def check(app: Flask, outcome: Outcome) -> dict[str, int]:
    """Answers sent, acknowledged, stored, lost, double, other than sent; read from the database."""
    from quiz.models import RoomResponse, Seat
    from quiz.storage.db import db

    query = (
        select(
            RoomResponse.key,
            Seat.name,
            RoomResponse.position,
            RoomResponse.look,
            RoomResponse.verdict,
            RoomResponse.confidence,
        )
        .join(Seat, Seat.id == RoomResponse.seat_id)
        .where(RoomResponse.room_id.in_(outcome.rooms))
    )
    with app.app_context():
        rows = db.session().execute(query).all()
        db.session.remove()
    stored = Counter(
        (r.key, r.name, r.position, r.look.value, r.verdict.value, int(r.confidence)) for r in rows
    )
    order = ("key", "player", "position", "look", "verdict", "level")
    sent = Counter(tuple(sent[name] for name in order) for sent in outcome.sent)
    slots = Counter((r.name, r.position, r.look) for r in rows)
    acknowledged = set(outcome.acknowledged)
    return {
        "sent": sent.total(),
        "acknowledged": len(acknowledged),
        "stored": stored.total(),
        "lost": sum(key not in acknowledged for key, *_rest in sent) + (sent - stored).total(),
        "double": sum(number - 1 for number in slots.values()),
        "other": (stored - sent).total(),
        "miscounted": len(outcome.miscounted),
        "problems": len(outcome.problems),
    }


def report_checks(
    name: str, checks: Sequence[dict[str, int]], outcomes: Sequence[Outcome], report: Report
) -> dict[str, object]:
    """Whether what was sent is what is stored, shown and exported."""
    total = Counter[str]()
    for each in checks:
        total.update(each)
    for what in ("sent", "acknowledged", "stored"):
        report.add(Figure(f"{name}: answers {what}", total[what]))
    for what in ("lost", "double", "other", "miscounted", "problems"):
        report.add(Figure(f"{name}: {what}", total[what], at_most=0))
    for outcome in outcomes:
        for line in [*outcome.miscounted, *outcome.problems][:10]:
            report.note(line)
    right = not any(total[what] for what in ("lost", "double", "other", "miscounted", "problems"))
    return {"answers": dict(total), "right": right and total["sent"] > 0}


def _spread(name: str, times: Sequence[Times]) -> Iterator[Figure]:
    yield Figure(f"{name} p50", median(t.p50 for t in times), "ms")
    yield Figure(f"{name} p99", median(t.p99 for t in times), "ms")
    yield Figure(f"{name} last", median(t.last for t in times), "ms")


def _raw(outcome: Outcome) -> dict[str, object]:
    made = asdict(outcome)
    del made["sent"], made["acknowledged"]
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
