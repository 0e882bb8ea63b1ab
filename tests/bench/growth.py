"""What a request costs when others have stored a thousand, a hundred thousand, a million responses.

One database for each size, alike but for the responses of others; the same requests go to all of
them in turns, with bare Flask saying hello between, so that a busy machine slows all sizes alike.
Also counts the statements of each request, which must not depend on the size.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from quiz.models import Response
from tests.bench._hello import app as hello_app
from tests.bench._others import add_others
from tests.bench._place import DATABASES, game, place
from tests.bench._players import FORM, ROUND_SIZE, Guest, give_rounds, new_guest, teach
from tests.bench._report import Figure, Report, parser, progress

if TYPE_CHECKING:
    from flask import Flask

SIZES = (1_000, 100_000, 1_000_000)
OWN_ANSWERS = 100
ANSWER_GOAL = 1.2
PAGE_GOAL = 2.0
OWN_PAGES = {"home": "/", "review": "/review/", "progress": "/progress/"}
PAGES = (*OWN_PAGES, "class report", "room")
WARM_UP = 3


def main(arguments: list[str]) -> int:
    """Measure, print, write JSON; 1 when the number of statements depends on the size."""
    options = _options(arguments)
    report = Report("growth", {k: v for k, v in vars(options).items() if k != "json"})
    with place(options.database, quick=options.quick) as where, ExitStack() as stack:
        report.facts["fsync"] = f"{where.sync_milliseconds():.2f} ms"
        report.open()
        worlds = []
        for size in options.sizes:
            progress(f"{size:,} responses …")
            database_url = where.new_database(f"growth_{size}")
            app = stack.enter_context(game(database_url, where.folder))
            worlds.append(grown_world(app, size, options.calls))
        costs = measure(worlds, options.calls)
        statements = {world.size: count_statements(world) for world in worlds}
    report_costs(costs, report)
    constant = report_statements(statements, report)
    report.write(options.json)
    return 0 if constant else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    line = parser("growth", __doc__)
    line.add_argument("--database", choices=DATABASES, default="sqlite", help="which")
    line.add_argument("--top", type=int, default=SIZES[-1], help="the most responses to store")
    line.add_argument("--calls", type=int, default=200, help="of each request on each size")
    chosen = line.parse_args(arguments)
    chosen.sizes = [size for size in SIZES if size <= chosen.top]
    if chosen.quick:
        chosen.sizes, chosen.calls = [1_000, 2_000], 3
    if len(chosen.sizes) < 2:
        line.error("--top must be at least 100000: growth is a comparison")
    return chosen


@dataclass(slots=True)
class World:
    """A game in which others stored so many responses, and three people.

    The reader has a hundred answers, the writer rounds to answer; the trainer has a class and a
    room, with the reader in both.
    """

    size: int
    app: Flask
    engine: Engine
    client: FlaskClient
    reader: Guest
    writer: Guest
    trainer: Guest
    class_id: int
    room_id: str

    def ask(self, path: str, who: Guest) -> None:
        """Get a page as somebody. Raises RuntimeError when it does not come."""
        _expect(self.client.get(path, headers=who.headers).status_code, path)

    def submit(self, guest: Guest) -> None:
        """Send a guest's next answer. Raises RuntimeError when it is not taken."""
        submit = guest.submits.pop(0)
        answer = self.client.post(
            submit.path, data=submit.form, content_type=FORM, headers=guest.headers
        )
        _expect(answer.status_code, submit.path)

    def requests(self) -> dict[str, Callable[[], None]]:
        """What is measured, by name."""
        return {
            "answer": partial(self.submit, self.writer),
            **{name: partial(self.ask, path, self.reader) for name, path in OWN_PAGES.items()},
            "class report": partial(self.ask, f"/classes/{self.class_id}/report", self.trainer),
            "room": partial(self.ask, f"/live/{self.room_id}/part", self.reader),
        }


def _expect(status: int, path: str) -> None:
    if status != 200:
        raise RuntimeError(f"{path} gave {status}")


def grown_world(app: Flask, size: int, calls: int) -> World:
    """Fill a game with others' responses in ten parts, and after each with a round of the reader's.

    So the reader's rows lie scattered among the others', as they do in life.
    """
    from quiz.storage.db import db

    with app.app_context():
        engine = db.engine
    reader, writer, trainer = new_guest(app), new_guest(app), new_guest(app)
    with app.app_context():
        class_id, room_id = teach(db.session(), trainer, reader)
    client = app.test_client(use_cookies=False)
    world = World(size, app, engine, client, reader, writer, trainer, class_id, room_id)
    parts = OWN_ANSWERS // ROUND_SIZE
    for _ in range(parts):
        with app.app_context():
            add_others(db.session(), size // parts)
            give_rounds(db.session(), reader, 1)
        for _ in range(ROUND_SIZE):
            world.submit(reader)
    with app.app_context():
        # Another round than the calls need: counting statements must not close one.
        give_rounds(db.session(), writer, -(-(calls + WARM_UP) // ROUND_SIZE) + 2)
    _settle(engine)
    _check(world)
    return world


def _check(world: World) -> None:
    """Raise RuntimeError unless the world holds what it is said to hold."""
    with Session(world.engine) as session:
        stored = session.scalar(select(func.count()).select_from(Response))
    if stored != world.size + OWN_ANSWERS:
        raise RuntimeError(f"{stored} responses instead of {world.size + OWN_ANSWERS}")


def _settle(engine: Engine) -> None:
    """Let the database do at once what it does by and by after so much was added."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM ANALYZE")
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()


Costs = dict[tuple[str, int], list[tuple[float, float]]]
"""By name of the request and size, the CPU and the wall seconds of each call. Size 0 is hello."""


def measure(worlds: Sequence[World], calls: int) -> Costs:
    """Time every request on every size in turns, with hello before each."""
    hello = hello_app.test_client(use_cookies=False)
    costs: Costs = defaultdict(list)
    requests = {world.size: world.requests() for world in worlds}
    for call in range(-WARM_UP, calls):
        for name in ("answer", *PAGES):
            costs[name, 0].append(_timed(lambda: hello.get("/")))
            for world in worlds:
                costs[name, world.size].append(_timed(requests[world.size][name]))
        if call < 0:
            costs.clear()
    return costs


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    act()
    return time.process_time() - cpu, time.perf_counter() - wall


def count_statements(world: World) -> dict[str, int]:
    """How many statements each request sends, those that only begin a transaction left out."""
    sent: list[str] = []

    @event.listens_for(world.engine, "before_cursor_execute")
    def _note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    counts = {}
    while world.writer.submits[0].path.split("/")[3] != "1":  # the last of a round sends more
        world.submit(world.writer)
    for name, request in world.requests().items():
        sent.clear()
        request()
        counts[name] = len(sent)
    event.remove(world.engine, "before_cursor_execute", _note)
    return counts


def report_costs(costs: Costs, report: Report) -> None:
    """Medians of each request on each size, and how much the largest costs over the smallest."""
    middles = {
        key: tuple(1000 * median(values) for values in zip(*calls, strict=True))
        for key, calls in costs.items()
    }
    sizes = sorted({size for _, size in costs})
    report.raw["medians in ms: CPU, wall"] = {f"{n} at {s}": m for (n, s), m in middles.items()}
    for name in ("answer", *PAGES):
        for size in sizes:
            cpu, wall = middles[name, size]
            label = f"{name} at {size:,}" if size else f"{name}: hello beside it"
            report.add(
                Figure(f"{label}, CPU", cpu, "ms"),
                Figure(f"{label}, wall", wall, "ms"),
            )
        for kind, which in (("CPU", 0), ("wall", 1)):
            growth = middles[name, sizes[-1]][which] / middles[name, sizes[1]][which]
            goal = ANSWER_GOAL if name == "answer" else PAGE_GOAL
            report.add(
                Figure(f"{name}: {sizes[-1]:,} / {sizes[1]:,}, {kind}", growth, at_most=goal)
            )


def report_statements(statements: dict[int, dict[str, int]], report: Report) -> bool:
    """The statements of each request; gives whether they are the same on every size."""
    report.raw["statements"] = statements
    for name in ("answer", *PAGES):
        report.add(Figure(f"{name}: statements", max(s[name] for s in statements.values())))
    constant = len({tuple(sorted(counts.items())) for counts in statements.values()}) == 1
    report.note(f"statements are {'the same' if constant else 'NOT the same'} on every size")
    return constant


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
