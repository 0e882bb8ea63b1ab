"""Fixtures: a Redis, hubs, and servers of the game in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import run
from tests.postgres import _free_port
from tests.redis_server import RedisServer
from tests.server.listening import ask, await_that
from tests.small_game import questions


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers at a port of loopback."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path


Serve = Callable[..., Served]


@pytest.fixture
def redis(run_folder: Path) -> Iterator[RedisServer]:
    """A Redis of this test's own."""
    server = RedisServer(run_folder)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """`serve("waitress" or "gunicorn", QUIZ_…=…)` starts the game of talking.py."""
    with ExitStack() as stack:

        def start(kind: str, **environ: str) -> Served:
            return stack.enter_context(_serving(kind, tmp_path, environ))

        yield start


@contextmanager
def _serving(kind: str, folder: Path, environ: dict[str, str]) -> Iterator[Served]:
    port = _free_port()
    log = folder / f"{kind}-{port}.log"
    command = [sys.executable, "-m", "tests.server.talking", str(port)]
    if kind == "gunicorn":
        options = [
            "-c",
            "quiz/server/gunicorn.py",
            "--bind",
            f"127.0.0.1:{port}",
            "--log-level=warning",
        ]
        app = "tests.server.talking:create_app()"
        command = [sys.executable, "-m", "gunicorn", *options, app]
    surroundings = os.environ | {"QUIZ_DATA": str(folder / "data")} | environ
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=run.ROOT, env=surroundings)
    try:

        def answers() -> bool:
            if process.poll() is not None:
                raise RuntimeError(f"{kind} did not start:\n{log.read_text()}")
            try:
                return ask(port, "/healthz")[0] == 200
            except OSError:
                return False

        await_that(answers)
        yield Served(port, process, log)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
