"""Where a benchmark happens: a folder on disk with an own database, and servers on loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import run
from tests import postgres
from tests.postgres import Cluster

if TYPE_CHECKING:
    from flask import Flask

DATABASES = ("sqlite", "postgresql")
SERVERS = ("waitress", "gunicorn")
START_SECONDS = 120.0  # on a machine that is busy with others


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that is removed afterwards, and the PostgreSQL cluster in it, if there is one."""

    folder: Path
    cluster: Cluster | None

    def new_database(self, name: str) -> str:
        """The address of a database still without tables."""
        if self.cluster is None:
            return f"sqlite:///{self.folder / name}.sqlite3"
        self.cluster.execute(f"CREATE DATABASE {name}")
        return self.cluster.url(name)

    def sync_milliseconds(self) -> float:
        """Median time of making a small write durable here: what every commit has to wait for."""
        times = []
        with (self.folder / "synced").open("wb") as file:
            for _ in range(50):
                began = time.perf_counter()
                file.write(b"x" * 4096)
                file.flush()
                os.fsync(file.fileno())
                times.append(time.perf_counter() - began)
        return 1000 * median(times)


@contextmanager
def place(database: str, *, quick: bool = False) -> Iterator[Place]:
    """A place to measure at. On disk: durability has its price; a quick run goes without it.

    However the benchmark ends, the broom of tests/postgres.py stops the cluster and removes the
    folder.
    """
    memory = postgres.RAM if quick and postgres.RAM.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="quiz-bench-", dir=memory))
    folder.chmod(0o711)  # the cluster's user passes through
    broom = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres", str(folder)],
        stdin=subprocess.PIPE,
        cwd=run.ROOT,
        start_new_session=True,
    )
    try:
        yield Place(folder, postgres.start(folder) if database == "postgresql" else None)
    finally:
        broom.communicate()


@contextmanager
def game(database_url: str, folder: Path) -> Iterator[Flask]:
    """The game as an installation has it, its database migrated and its questions loaded.

    The settings go through the environment, so that servers started inside find the same game.
    """
    os.environ.update(
        QUIZ_DATA=str(folder / "data"),
        QUIZ_DATABASE_URL=database_url,
        QUIZ_SECRET_KEY="a secret for benchmarks",
        QUIZ_PROFILE="http",
    )
    from quiz import create_app
    from quiz.__main__ import prepare
    from quiz.storage.db import db

    app = create_app()
    try:
        prepare(app)
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its port on loopback, its process."""

    port: int
    pid: int


@contextmanager
def serving(server: str, which: str, folder: Path) -> Iterator[int]:
    """A real server in a process of its own: "game" or "hello"; gives its port on loopback.

    Raises RuntimeError with the server's own words when it does not answer.
    """
    with running(lambda port: _command(server, which, port), which, folder) as served:
        yield served.port


@contextmanager
def live_server(server: str, folder: Path, workers: int) -> Iterator[Served]:
    """The game as an installation serves it; gunicorn with its own settings and so many workers."""
    if server == "waitress":
        with running(lambda port: _command(server, "game", port), "game", folder) as served:
            yield served
        return
    options = ["-c", "quiz/server/gunicorn.py", "--workers", str(workers), "--log-level", "warning"]

    def command(port: int) -> list[str]:
        where = ["--bind", f"127.0.0.1:{port}"]
        return [sys.executable, "-m", "gunicorn", *options, *where, "quiz:create_app()"]

    with running(command, "game", folder) as served:
        yield served


@contextmanager
def running(
    command: Callable[[int], list[str]], name: str, folder: Path, path: str = "/healthz"
) -> Iterator[Served]:
    """A server of ours, started with the command for a free port, until it is no longer needed.

    Raises RuntimeError with the server's own words when it does not answer on `path`.
    """
    port = _free_port()
    log = folder / f"{name}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            command(port), stdout=out, stderr=subprocess.STDOUT, cwd=run.ROOT
        )
    try:
        if not _comes_up(lambda: process.poll() is not None, port, path):
            raise RuntimeError(f"{name} does not answer:\n{log.read_text()}")
        yield Served(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(server: str, which: str, port: int) -> list[str]:
    if server == "gunicorn":
        options = "--worker-class gevent --worker-connections 4000 --keep-alive 75"
        application = "tests.bench._hello:app"
        if which == "game":
            options, application = "-c quiz/server/gunicorn.py", "quiz:create_app()"
        where = ["--workers", "1", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
        return [sys.executable, "-m", "gunicorn", *options.split(), *where, application]
    if which == "game":
        return [sys.executable, "-m", "quiz", "--port", str(port)]
    return [sys.executable, "-m", "tests.bench._hello", str(port)]


def _comes_up(is_dead: Callable[[], bool], port: int, path: str) -> bool:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and not is_dead():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
