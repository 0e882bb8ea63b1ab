"""What a complete submit costs: session, CSRF, question, durable insert, score, fragment.

Three measurements, each against bare Flask saying hello in the same run. `throughput`: so many
guests answer as fast as they can. `latency`: answers fall due by a Poisson process. `cost`: CPU
time in one process, the least noisy of the three. Afterwards every acknowledged answer must be in
the database, and nothing else.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import select

from tests.bench._client import Browser, Plan, Result, load
from tests.bench._hello import app as hello_app
from tests.bench._place import DATABASES, SERVERS, Place, game, place, serving
from tests.bench._players import FORM, ROUND_SIZE, Guest, give_rounds, new_guest
from tests.bench._report import Figure, Report, middle_ratio, parser, percentile, progress

if TYPE_CHECKING:
    from flask import Flask

PARTS = ("throughput", "latency", "cost")
THROUGHPUT_GOAL = {"sqlite": 0.25, "postgresql": 0.20}
LATENCY_GOAL = 2.5
COST_GOAL = 8.0
FASTEST = 1500
"""Answers a second that the rounds prepared must last for."""


def main(arguments: list[str]) -> int:
    """Measure, print, write JSON; 1 when an acknowledged answer is not stored, or the reverse."""
    options = _options(arguments)
    report = Report("answer", {k: v for k, v in vars(options).items() if k != "json"})
    with (
        place(options.database, quick=options.quick) as where,
        game(where.new_database("answer"), where.folder) as app,
    ):
        report.facts["fsync"] = f"{where.sync_milliseconds():.2f} ms"
        report.open()
        ledger = Ledger(app)
        if "cost" in options.parts:
            measure_cost(app, options, report, ledger)
        if {"throughput", "latency"} & set(options.parts):
            measure_servers(app, where, options, report, ledger)
        report.raw["answers"] = ledger.check()
    answers = report.raw["answers"]
    print(f"  acknowledged {answers['acknowledged']}, stored {answers['stored']}: ", end="")
    print("the same" if answers["same"] else "NOT the same")
    report.write(options.json)
    return 0 if answers["same"] else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    line = parser("answer", __doc__)
    line.add_argument("--database", choices=DATABASES, default="sqlite", help="which")
    line.add_argument("--server", choices=SERVERS, default="waitress", help="which")
    line.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to measure")
    line.add_argument("--clients", type=int, default=50, help="guests at once")
    line.add_argument("--repeats", type=int, default=3, help="pairs of hello and answer")
    line.add_argument("--seconds", type=float, default=4.0, help="of one slice of throughput")
    line.add_argument("--rate", type=float, default=100.0, help="answers due a second (latency)")
    line.add_argument("--latency-seconds", type=float, default=8.0, help="of one slice of latency")
    line.add_argument("--blocks", type=int, default=15, help="of calls (cost)")
    line.add_argument("--calls", type=int, default=100, help="in a block (cost)")
    chosen = line.parse_args(arguments)
    if (chosen.server, chosen.database) == ("gunicorn", "sqlite"):
        line.error("gunicorn serves the game on PostgreSQL only")
    if chosen.quick:
        chosen.clients, chosen.repeats, chosen.seconds, chosen.latency_seconds = 4, 1, 0.2, 0.2
        chosen.blocks, chosen.calls = 2, 5
    return chosen


@dataclass(slots=True)
class Ledger:
    """Which answers were acknowledged, kept outside the game, to be compared with its database."""

    app: Flask
    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0

    def enter(self, guest: Guest, statuses: list[int]) -> None:
        """Note what became of a guest's next submits, and take them off the guest's list."""
        for submit, status in zip(guest.submits, statuses, strict=False):
            if status == 200:
                self.acknowledged.add(submit.key)
            else:
                self.refused += 1
        del guest.submits[: len(statuses)]

    def check(self) -> dict[str, object]:
        """How many were acknowledged and stored, and whether these are the same answers."""
        from quiz.models import Response
        from quiz.storage.db import db

        with self.app.app_context():
            stored = set(db.session().scalars(select(Response.key)))
        return {
            "acknowledged": len(self.acknowledged),
            "refused": self.refused,
            "stored": len(stored),
            "same": stored == self.acknowledged and not self.refused,
        }


def guests_with_rounds(app: Flask, count: int, answers: int) -> list[Guest]:
    """So many guests, each with rounds for at least so many answers."""
    from quiz.storage.db import db

    guests = [new_guest(app) for _ in range(count)]
    with app.app_context():
        for guest in guests:
            give_rounds(db.session(), guest, -(-answers // ROUND_SIZE))
    return guests


def measure_cost(app: Flask, options: argparse.Namespace, report: Report, ledger: Ledger) -> None:
    """CPU time of a submit over that of hello, call by call in one process."""
    warm_up = 2 * ROUND_SIZE
    [guest] = guests_with_rounds(app, 1, warm_up + options.blocks * options.calls)
    _cpu_block(app, guest, warm_up, ledger)
    blocks = [_cpu_block(app, guest, options.calls, ledger) for _ in range(options.blocks)]
    submits, hellos = zip(*blocks, strict=True)
    report.raw["cost"] = {"submit": submits, "hello": hellos}
    ratio = middle_ratio(submits, hellos)
    report.add(
        Figure("cost: hello, CPU of a call", 1000 * median(hellos), "ms"),
        Figure("cost: submit, CPU of a call", 1000 * median(submits), "ms"),
        Figure("cost: submit / hello, the least disturbed block", min(submits) / min(hellos)),
        Figure("cost: submit / hello", ratio, at_most=COST_GOAL),
    )


def _cpu_block(app: Flask, guest: Guest, calls: int, ledger: Ledger) -> tuple[float, float]:
    """CPU seconds of a submit and of a hello, each the mean over calls that take turns."""
    game_client = app.test_client(use_cookies=False)
    hello_client = hello_app.test_client(use_cookies=False)
    submit_time = hello_time = 0.0
    statuses = []
    for submit in guest.submits[:calls]:
        began = time.process_time()
        hello_client.get("/", headers=guest.headers)
        between = time.process_time()
        answer = game_client.post(
            submit.path, data=submit.form, content_type=FORM, headers=guest.headers
        )
        submit_time += time.process_time() - between
        hello_time += between - began
        statuses.append(answer.status_code)
    ledger.enter(guest, statuses)
    return submit_time / calls, hello_time / calls


def measure_servers(
    app: Flask, where: Place, options: argparse.Namespace, report: Report, ledger: Ledger
) -> None:
    """Throughput and latency under a real server, hello and answer taking turns."""
    seconds = options.seconds * (options.repeats + 1)
    rate = options.rate * options.latency_seconds * options.repeats
    answers = (FASTEST * seconds + 2 * rate) / options.clients
    guests = guests_with_rounds(app, options.clients, int(answers) + ROUND_SIZE)
    with (
        serving(options.server, "hello", where.folder) as hello,
        serving(options.server, "game", where.folder) as served,
    ):
        bench = Bench(hello, served, guests, ledger)
        bench.pair(options.seconds / 2, None)  # warm up: caches, templates, connections
        if "throughput" in options.parts:
            progress("throughput …")
            pairs = [bench.pair(options.seconds, None) for _ in range(options.repeats)]
            report_throughput(pairs, options.database, report)
        if "latency" in options.parts:
            progress("latency …")
            span = options.latency_seconds
            pairs = [bench.pair(span, options.rate) for _ in range(options.repeats)]
            report_latency(pairs, options.rate, report)


@dataclass(slots=True)
class Bench:
    """Two servers, and the guests who use both."""

    hello: int
    game: int
    guests: list[Guest]
    ledger: Ledger

    def pair(self, seconds: float, rate: float | None) -> tuple[Result, Result]:
        """One slice of hello and one of answers. Raises RuntimeError when answers ran out."""
        greeters = [Browser(g.headers, [("GET", "/", "")], repeats=True) for g in self.guests]
        greeted = load(Plan(self.hello, greeters, seconds, rate))
        answerers = [
            Browser(g.headers, [("POST", s.path, s.form) for s in g.submits]) for g in self.guests
        ]
        answered = load(Plan(self.game, answerers, seconds, rate))
        for guest, statuses in zip(self.guests, answered.statuses, strict=True):
            self.ledger.enter(guest, statuses)
            if not guest.submits:
                raise RuntimeError("the rounds prepared were too few; raise FASTEST")
        if not any("stage-reveal" in body for body in self._bodies(answered)):
            raise RuntimeError("no answer was shown the outcome")
        return greeted, answered

    def _bodies(self, answered: Result) -> Iterator[str]:
        return (answered.body(n) for n, statuses in enumerate(answered.statuses) if statuses)


def report_throughput(pairs: list[tuple[Result, Result]], database: str, report: Report) -> None:
    """Answers a second over hellos a second, pair by pair."""
    hellos, answers = zip(*pairs, strict=True)
    hello_rates = [result.per_second for result in hellos]
    answer_rates = [result.per_second for result in answers]
    report.raw["throughput"] = {"hello": hello_rates, "answer": answer_rates}
    ratio = middle_ratio(answer_rates, hello_rates)
    report.add(
        Figure("throughput: hello", median(hello_rates), "/s"),
        Figure("throughput: answer", median(answer_rates), "/s"),
        *_times("throughput: hello", hellos),
        *_times("throughput: answer", answers),
        Figure("throughput: answer / hello", ratio, at_least=THROUGHPUT_GOAL[database]),
    )


def report_latency(pairs: list[tuple[Result, Result]], rate: float, report: Report) -> None:
    """The 99th percentile of answers over that of hellos, pair by pair."""
    hellos, answers = zip(*pairs, strict=True)
    hello_tail = [percentile(result.times, 0.99) for result in hellos]
    answer_tail = [percentile(result.times, 0.99) for result in answers]
    report.raw["latency"] = {"hello p99": hello_tail, "answer p99": answer_tail}
    report.add(
        *_times(f"latency at {rate:g}/s: hello", hellos),
        *_times(f"latency at {rate:g}/s: answer", answers),
        Figure(
            f"latency at {rate:g}/s: answer p99 / hello p99",
            middle_ratio(answer_tail, hello_tail),
            at_most=LATENCY_GOAL,
        ),
    )


def _times(name: str, results: tuple[Result, ...]) -> Iterator[Figure]:
    for share in (0.5, 0.99):
        middle = median(percentile(result.times, share) for result in results)
        yield Figure(f"{name} p{100 * share:g}", 1000 * middle, "ms")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
