"""The load client of live rooms: a process of its own with all the phones and hosts.

Reads a plan as JSON from its standard input, writes what happened as JSON to its standard output.
Everything is done to the game and, straight afterwards, to the floor (_fanout.py) by as many phones
of the same making, with the bytes that the game has just given.
"""

from __future__ import annotations

import asyncio
import csv
import gc
import io
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from faker.generator import Generator

import run
from quiz.services.accounts.pseudonyms import PseudonymProvider
from tests.bench._processes import Usage, usage
from tests.bench._report import percentile
from tests.bench._screens import LEVELS, Host, Phone, Screen, Sent

WAIT_SECONDS = 60.0
"""The longest that anything may take before it counts as lost."""
LIMIT_SECONDS = 600.0
JOINING_AT_ONCE = 40
NAME_LENGTH = 20
P = (1 / 3, 0.5, 0.7, 0.9)


@dataclass(slots=True)
class Plan:
    """Who plays what where. `pid` is the server's, `hosts` are names with passphrases."""

    port: int
    floor_port: int
    pid: int
    hosts: list[tuple[str, str]]
    phones: int
    questions: int
    mode: str = "two_looks"
    spread_seconds: float = 2.0
    seed: int = 1


@dataclass(slots=True)
class Times:
    """Milliseconds of one thing that all phones did."""

    p50: float
    p99: float
    last: float


@dataclass(slots=True)
class Change:
    """The room moved: when phones heard of it and had its page, here and on the floor.

    `pushed` is the floor without the phones' asking: line and page in one event to all of them.
    """

    stage: str
    heard: Times
    shown: Times
    floor_heard: Times
    floor_shown: Times
    pushed: Times
    page_bytes: int


@dataclass(slots=True)
class Answering:
    """All answered: the acknowledgements, here and on the floor; a fifth refreshed meanwhile."""

    stage: str
    spread_seconds: float
    acknowledged: Times
    per_second: float
    floor: Times
    floor_per_second: float
    refreshed: Times | None


@dataclass(slots=True)
class Outcome:
    """What happened in a lesson."""

    joining_seconds: float = 0.0
    changes: list[Change] = field(default_factory=list)
    answerings: list[Answering] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    miscounted: list[str] = field(default_factory=list)
    streams: int = 0
    ended: int = 0
    counts: int = 0
    usage: dict[str, dict[str, float]] = field(default_factory=dict)
    lesson_seconds: float = 0.0
    client_cpu_seconds: float = 0.0


def play(plan: Plan) -> Outcome:
    """Carry a plan out in a new process. Raises RuntimeError with its words when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench._lesson"],
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        cwd=run.ROOT,
        timeout=LIMIT_SECONDS + 30,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the load client failed:\n{done.stderr}")
    read = json.loads(done.stdout)
    for change in read["changes"]:
        change |= {k: Times(**v) for k, v in change.items() if isinstance(v, dict)}
    for answering in read["answerings"]:
        answering |= {k: Times(**v) for k, v in answering.items() if isinstance(v, dict)}
    changes = [Change(**change) for change in read.pop("changes")]
    answerings = [Answering(**answering) for answering in read.pop("answerings")]
    return Outcome(**read, changes=changes, answerings=answerings)


def worth(right: bool, level: int) -> int:
    """The points of an answer, written down a second time on purpose."""
    p = P[level]
    return round(100 * (1 - 2.25 * (1 - p) ** 2)) if right else round(100 * (0.25 - 2.25 * p**2))


def names(count: int, language: str, rng: random.Random) -> list[str]:
    """Pseudonyms, all different, that fit a room."""
    generator = Generator()
    generator.seed_instance(rng.getrandbits(64))
    faker = PseudonymProvider(generator)
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        name = faker.pseudonym(language)
        if len(name) <= NAME_LENGTH:
            drawn[name] = None
    return list(drawn)


class Lesson:
    """All rooms at once: each has its host, and the moves are made together."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.began = time.process_time()
        self.outcome = Outcome()
        self.rng = random.Random(plan.seed)
        self.hosts = [Host(plan.port, name, phrase) for name, phrase in plan.hosts]
        self.classes = [self._class() for _ in self.hosts]
        self.phones = [phone for phones in self.classes for phone in phones]
        self.floor = [Screen(plan.floor_port) for _ in self.phones]
        self.floor_host = Screen(plan.floor_port)

    def _class(self) -> list[Phone]:
        """Players of one room: three of four read French."""
        made = []
        for name in names(self.plan.phones, "fr", self.rng):
            language = "en" if len(made) % 4 == 3 else "fr"
            own = random.Random(self.rng.getrandbits(64))
            made.append(Phone(self.plan.port, language, name, own))
        return made

    async def hold(self) -> Outcome:
        """The whole lesson, from the rooms' opening until everybody has left."""
        self._sample("idle")
        await self._gather()
        self._sample("with streams")
        began = time.perf_counter()
        for position in range(1, self.plan.questions + 1):
            await self._question(position)
        await self._change(f"debrief-{self.plan.questions}")
        self.outcome.lesson_seconds = time.perf_counter() - began
        self._sample("at the end")
        await self._recount()
        await self._leave()
        self._collect()
        return self.outcome

    async def _gather(self) -> None:
        """Open the rooms, let everybody in, and put as many phones before the floor."""
        plan = self.plan
        codes = [await host.open_room(plan.questions, plan.mode) for host in self.hosts]
        began = time.perf_counter()
        door = asyncio.Semaphore(JOINING_AT_ONCE)

        async def join(phone: Phone, code: str) -> None:
            async with door:
                await phone.join(code)

        coming = [join(p, code) for ps, code in zip(self.classes, codes, strict=True) for p in ps]
        await self._all(coming)
        await self._until(lambda p: p.listens, self.phones, "a stream")
        self.outcome.joining_seconds = time.perf_counter() - began
        self.outcome.streams = sum(phone.listens for phone in self.phones)
        await self._all(screen.sit("/stream", "/part") for screen in self.floor)
        await self._until(lambda s: s.listens, self.floor, "a stream of the floor")
        await asyncio.sleep(0.5)  # the projector catches up with those who came

    async def _question(self, position: int) -> None:
        """One question from its opening to its reveal."""
        await self._change(f"question-{position}")
        if self.plan.mode == "quick":
            spread = self.plan.spread_seconds if position % 2 else 0.0
            await self._answering(spread)
        else:
            await self._answering(self.plan.spread_seconds)
            await self._change(f"second_look-{position}")
            await self._answering(0.0)
        await self._change(f"closed-{position}")
        await self._change(f"reveal-{position}")
        for phone in self.phones:
            phone.learn(position)

    async def _change(self, stage: str) -> None:
        """All hosts press at once; then the floor is told, and then pushes."""
        gc.collect()
        moments = await asyncio.gather(*(host.press_next() for host in self.hosts))
        await self._until(lambda p: p.stage == stage, [*self.phones, *self.hosts], stage)
        heard, shown = [], []
        for pressed, phones in zip(moments, self.classes, strict=True):
            heard += [p.heard_at[stage] - pressed for p in phones if stage in p.heard_at]
            shown += [p.shown_at[stage] - pressed for p in phones if stage in p.shown_at]
        floor_heard, floor_shown, pushed = await self._floor_change(stage)
        self.outcome.changes.append(
            Change(
                stage,
                _times(heard),
                _times(shown),
                _times(floor_heard),
                _times(floor_shown),
                _times(pushed),
                len(self.phones[0].last.raw),
            )
        )

    async def _floor_change(self, stage: str) -> tuple[list[float], list[float], list[float]]:
        page = self.phones[0].last
        await self.floor_host.post(f"/page/{page.encoding}", page.raw)
        told = time.perf_counter()
        await self.floor_host.post("/go", f"{stage} -".encode())
        await self._until(lambda s: s.stage == stage, self.floor, f"the floor's {stage}")
        heard = [screen.heard_at[stage] - told for screen in self.floor]
        shown = [screen.shown_at[stage] - told for screen in self.floor]
        began = time.perf_counter()
        await self.floor_host.post("/push", str(len(page.raw) + len(stage)).encode())
        await self._until(lambda s: s.pushed_at > began, self.floor, "what the floor pushed")
        return heard, shown, [screen.pushed_at - began for screen in self.floor]

    async def _answering(self, spread: float) -> None:
        """Everybody answers; with time for it a fifth load their page anew meanwhile."""
        gc.collect()
        stage = self.phones[0].stage
        slots = [(n + self.rng.random()) * spread / len(self.phones) for n in self._shuffled()]
        again = self.rng.sample(self.phones, len(self.phones) // 5) if spread else []
        begin = time.perf_counter() + 0.05
        answers = [p.answer(begin + slot) for p, slot in zip(self.phones, slots, strict=True)]
        moments = [begin + spread * self.rng.uniform(0.2, 0.8) for _ in again]
        loads = [p.refresh(moment) for p, moment in zip(again, moments, strict=True)]
        done = await self._all([*answers, *loads])
        times, refreshed = done[: len(answers)], done[len(answers) :]
        took = max(phone.last.at for phone in self.phones) - begin
        floor, floor_took = await self._floor_answering(slots)
        await self._all(phone.tap_again() for phone in self.phones[::10])
        self.outcome.answerings.append(
            Answering(
                stage,
                spread,
                _times(times),
                len(times) / took,
                _times(floor),
                len(floor) / floor_took,
                _times(refreshed) if refreshed else None,
            )
        )

    async def _floor_answering(self, slots: Sequence[float]) -> tuple[list[float], float]:
        page = self.phones[0].last
        await self.floor_host.post(f"/page/{page.encoding}", page.raw)
        begin = time.perf_counter() + 0.05
        form = b"x" * 240

        async def answer(screen: Screen, due: float) -> float:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            screen.show(await screen.post("/answer", form))
            return screen.last.at - due

        done = await self._all(
            answer(screen, begin + slot) for screen, slot in zip(self.floor, slots, strict=True)
        )
        return done, max(screen.last.at for screen in self.floor) - begin

    async def _recount(self) -> None:
        """What the screens and the exports say, against what was sent and what was revealed."""
        wrong = self.outcome.miscounted
        for host, phones in zip(self.hosts, self.classes, strict=True):
            [truths] = {tuple(sorted(phone.truths.items())) for phone in phones}
            truth = dict(truths)
            finals = [s for phone in phones for s in phone.sent if s.look == "final"]
            totals: Counter[str] = Counter()
            for sent in finals:
                totals[sent.player] += worth(sent.verdict == truth[sent.position], sent.level)
            wrong += [
                f"{phone.name}: {phone.total} on the phone, {totals[phone.name]} by recount"
                for phone in phones
                if phone.total != totals[phone.name]
            ]
            rows = csv.DictReader(io.StringIO(await host.exported("answers.csv")))
            told = Counter(_row(row) for row in rows)
            own = Counter(_expected(s, truth) for phone in phones for s in phone.sent)
            wrong += [f"only exported: {row}" for row in told - own]
            wrong += [f"not exported: {row}" for row in own - told]
            players = csv.DictReader(io.StringIO(await host.exported("players.csv")))
            points = {row["player"]: int(row["points"].lstrip("'")) for row in players}
            if points != {phone.name: totals[phone.name] for phone in phones}:
                wrong.append("the players' export has other points")

    async def _leave(self) -> None:
        """Everybody goes; what the server held for them has to come back."""
        for screen in [*self.phones, *self.hosts, *self.floor, self.floor_host]:
            screen.leave()
        before = self.outcome.usage.get("idle")
        until = time.perf_counter() + 10
        while before and time.perf_counter() < until:
            self._sample("after")
            if self.outcome.usage["after"]["threads"] <= before["threads"]:
                break
            await asyncio.sleep(0.2)
        await asyncio.sleep(0.5)
        self._sample("after")

    def _collect(self) -> None:
        outcome = self.outcome
        for phone in self.phones:
            outcome.sent += [asdict(sent) for sent in phone.sent]
            outcome.acknowledged += phone.acknowledged
        for screen in [*self.phones, *self.hosts, *self.floor]:
            outcome.problems += screen.problems
        outcome.rooms = [host.room for host in self.hosts]
        outcome.ended = sum(screen.ended for screen in [*self.phones, *self.hosts])
        outcome.counts = sum(host.counts for host in self.hosts)
        outcome.client_cpu_seconds = time.process_time() - self.began

    def _sample(self, moment: str) -> None:
        found: Usage | None = usage(self.plan.pid)
        if found is not None:
            self.outcome.usage[moment] = asdict(found)

    def _shuffled(self) -> list[int]:
        order = list(range(len(self.phones)))
        self.rng.shuffle(order)
        return order

    async def _all(self, doing: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
        """Do everything at once; what fails or hangs is a problem, and is left out."""
        done = await asyncio.gather(
            *(asyncio.wait_for(each, WAIT_SECONDS) for each in doing), return_exceptions=True
        )
        failed = [each for each in done if isinstance(each, BaseException)]
        self.outcome.problems += [f"{type(each).__name__}: {each}" for each in failed]
        if failed:
            raise RuntimeError(f"{len(failed)} failed, the first: {failed[0]!r}")
        return list(done)

    async def _until(
        self, is_so: Callable[[Any], bool], screens: Sequence[Screen], what: str
    ) -> None:
        """Wait until it is so for all. Raises RuntimeError when it takes too long."""
        until = time.perf_counter() + WAIT_SECONDS
        while missing := sum(not is_so(screen) for screen in screens):
            if time.perf_counter() > until:
                lagging = [screen.doing for screen in screens if not is_so(screen)]
                raise RuntimeError(f"{missing} of {len(screens)} never had {what}: {lagging[:8]}")
            await asyncio.sleep(0.02)


def _row(row: dict[str, str]) -> tuple[str, ...]:
    columns = ("question_number", "player", "look", "answer", "confidence", "right", "points")
    return tuple(row[column].lstrip("'") for column in columns)


def _expected(sent: Sent, truth: dict[int, str]) -> tuple[str, ...]:
    right = sent.verdict == truth[sent.position]
    points = str(worth(right, sent.level)) if sent.look == "final" else ""
    return (
        str(sent.position),
        sent.player,
        sent.look,
        sent.verdict,
        LEVELS[sent.level],
        "yes" if right else "no",
        points,
    )


def _times(seconds: Sequence[float]) -> Times:
    p50, p99 = (1000 * percentile(seconds, share) for share in (0.5, 0.99))
    return Times(p50, p99, 1000 * max(seconds))


def _allow_many_files() -> None:
    if sys.platform != "win32":
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    _allow_many_files()
    gc.disable()  # it runs between the measurements
    planned = Plan(**json.load(sys.stdin))
    held = asyncio.run(asyncio.wait_for(Lesson(planned).hold(), LIMIT_SECONDS))
    json.dump(asdict(held), sys.stdout)
