"""An acknowledged answer is never lost, and a submit counts once, whenever the server is killed.

QUIZ_KILL_SECONDS makes the run longer, and pytest's -s shows what it saw.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from tests.durability import audit, sabotage
from tests.durability.players import Crowd, Log, at_play
from tests.durability.servers import Server

SECONDS = float(os.environ.get("QUIZ_KILL_SECONDS") or 12)
KILLS, ANSWERS, CUTS = 10, 50, 5
"""What a run has to see at least, however slow the machine: it goes on until then."""
CATCH_SECONDS = 90.0
PLAYERS = ["Ann", "Bob", "Cléo", "Dan", "Eve", "Fay"]

Serve = Callable[..., Server]


def kill_and_restart(server: Server, log: Log, rng: random.Random, crowd: Crowd) -> None:
    """Leave the server in peace for a moment, kill it at a bad one, and start it again."""
    Event().wait(rng.uniform(0.15, 0.6))
    if rng.random() < 0.3:
        log.wait_for(3)  # on a machine too slow to get anywhere in that moment
    crowd.check()
    server.kill()
    server.start()


@pytest.mark.timeout(120 + 3 * SECONDS)
def test_acknowledged_answers_survive_a_server_killed_again_and_again(
    stocked: str, serve: Serve, questions: Path
) -> None:
    server, log, rng = serve(stocked), Log(), random.Random(7)
    until, kills = time.monotonic() + SECONDS, 0

    with at_play(server, log, PLAYERS) as crowd:
        while (
            time.monotonic() < until
            or kills < KILLS
            or len(log.acknowledged) < ANSWERS
            or len(log.cut) < CUTS
            or not log.rounds_finished
        ):
            kill_and_restart(server, log, rng, crowd)
            kills += 1
    server.kill()

    contents = audit.read(stocked)
    print(
        f"{kills} kills, {len(log.acknowledged)} acknowledged, {len(log.cut)} cut, "
        f"{len(log.told)} told of an earlier answer, {len(contents.responses)} stored, "
        f"{log.rounds_finished} rounds finished"
    )
    assert audit.problems(log, contents, questions) == []
    assert log.surprises == [], server.words()


@pytest.mark.timeout(120 + CATCH_SECONDS)
@pytest.mark.parametrize("build", sabotage.BUILDS)
def test_sabotaged_build_is_caught(build: str, stocked: str, serve: Serve, questions: Path) -> None:
    if build == "check, then act":
        sabotage.drop_constraints(stocked)
    server, log, rng = serve(stocked, build), Log(), random.Random(7)
    until, bursts = time.monotonic() + CATCH_SECONDS, 0
    found: list[str] = []

    while not found and time.monotonic() < until:
        server.start()
        bursts += 1
        names = [f"{name} in burst {bursts}" for name in PLAYERS]
        with at_play(server, log, names, in_two_windows=0.8) as crowd:
            for _ in range(3):
                kill_and_restart(server, log, rng, crowd)
        server.kill()
        found = audit.problems(log, audit.read(stocked), questions)

    kinds = {problem.partition(":")[0] for problem in found}
    assert kinds & ({"double"} if build == "check, then act" else {"lost", "changed"})
