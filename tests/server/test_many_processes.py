"""A school: gunicorn's workers under gevent, with PostgreSQL and Redis."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import argon2
import pytest

import run
from quiz.services.accounts import players
from tests import factories
from tests.redis_server import RedisServer
from tests.server.conftest import Serve
from tests.server.listening import (
    Listener,
    ask,
    await_all,
    await_that,
    await_the_end,
    listening,
    state,
)

if TYPE_CHECKING:
    from flask import Flask

WORKERS = 2
ONLY_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def school(serve: Serve, redis: RedisServer, database_url: str) -> int:
    """The port of two workers."""
    environ = {"QUIZ_DATABASE_URL": database_url, "QUIZ_REDIS_URL": redis.url}
    return serve("gunicorn", **environ, WEB_CONCURRENCY=str(WORKERS)).port


def processes(port: int) -> dict[int, dict[str, Any]]:
    """The state of every worker, by its process."""
    found: dict[int, dict[str, Any]] = {}
    try:
        while len(found) < WORKERS:
            one = state(port)
            found[one["process"]] = one
            os.kill(one["process"], signal.SIGSTOP)  # so that another answers next
    finally:
        for process in found:
            os.kill(process, signal.SIGCONT)
    return found


@contextmanager
def alone(worker: int, port: int) -> Iterator[None]:
    """Let one worker take all connections meanwhile."""
    others = set(processes(port)) - {worker}
    for other in others:
        os.kill(other, signal.SIGSTOP)
    try:
        yield
    finally:
        for other in others:
            os.kill(other, signal.SIGCONT)


@ONLY_POSTGRESQL
def test_what_one_worker_publishes_reaches_the_streams_of_all(school: int) -> None:
    with ExitStack() as stack:
        listeners: list[Listener] = []
        for worker in processes(school):
            with alone(worker, school):
                listeners += stack.enter_context(listening(school, "/talking/room", 5))
        assert [one["streams"] for one in processes(school).values()] == [5] * WORKERS
        for message in ("opened", "closed"):
            assert ask(school, "/talking/room", message) == (200, "said")
        await_all(listeners, lambda listener: listener.texts == ["here", "opened", "closed"])


@ONLY_POSTGRESQL
def test_when_redis_goes_streams_end_and_come_again_with_it(
    school: int, redis: RedisServer
) -> None:
    with listening(school, "/talking/room", 10) as listeners:
        redis.stop()
        await_the_end(listeners)
    await_that(lambda: not any(one["connected"] for one in processes(school).values()))
    assert ask(school, "/talking/room")[0] == 204
    assert ask(school, "/talking/room", "nobody hears") == (200, "said")
    assert ask(school, "/healthz")[0] == 200
    redis.start()
    await_that(lambda: all(one["connected"] for one in processes(school).values()))
    with listening(school, "/talking/room", 4) as listeners:
        ask(school, "/talking/room", "back")
        await_all(listeners, lambda listener: "back" in listener.texts)


@ONLY_POSTGRESQL
def test_open_streams_do_not_delay_the_end_of_the_workers(
    serve: Serve, redis: RedisServer, database_url: str
) -> None:
    environ = {"QUIZ_DATABASE_URL": database_url, "QUIZ_REDIS_URL": redis.url}
    served = serve("gunicorn", **environ, WEB_CONCURRENCY="2")
    with listening(served.port, "/talking/room", 20):
        served.process.terminate()
        assert served.process.wait(10) == 0
    assert "graceful timeout" not in served.log.read_text()


# What is refused.


def refusal(**environ: str) -> str:
    """What gunicorn says when it does not start."""
    known = {k: v for k, v in os.environ.items() if not k.startswith("QUIZ_")}
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "quiz/server/gunicorn.py", "quiz:create_app()"],
        env=known | environ,
        cwd=run.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


def test_sqlite_is_refused() -> None:
    assert "gunicorn needs PostgreSQL" in refusal()
    assert "gunicorn needs PostgreSQL" in refusal(QUIZ_DATABASE_URL="sqlite:///x.sqlite3")


def test_workers_that_could_not_hear_each_other_are_refused() -> None:
    assert "set QUIZ_REDIS_URL" in refusal(QUIZ_DATABASE_URL="postgresql://localhost/quiz")


def test_sqlite_is_refused_by_the_game_itself_too() -> None:
    program = "from gevent import monkey; monkey.patch_all(); import quiz; quiz.create_app()"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=run.ROOT, capture_output=True, text=True, check=False
    )
    assert "BadSetting: One writer waiting for SQLite" in done.stderr


def test_a_passphrase_is_hashed_beside_the_loop() -> None:
    program = """
from gevent import monkey; monkey.patch_all()
import gevent
from quiz.services.accounts.offload import blocking
real = monkey.get_original("threading", "get_ident")
here, ticks = real(), []
clock = gevent.spawn(lambda: [ticks.append(gevent.sleep(0.005)) for _ in range(1000)])
there = blocking(lambda *, by: (by(0.2), real())[1], by=monkey.get_original("time", "sleep"))
assert there != here and len(ticks) > 3, (there, here, ticks)
try:
    blocking(int, "no number")
except ValueError:
    print("raised")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=run.ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "raised\n", done.stderr


# Limits that all processes share.


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 at the smallest cost."""
    monkeypatch.setattr(players, "_hasher", argon2.PasswordHasher(1, 8, 1))
    monkeypatch.setattr(players, "_NOBODY", players._hasher.hash("nobody knows this"))


@pytest.fixture
def two_apps(
    database_url: str, questions: Any, redis: RedisServer, cheap: None
) -> Iterator[tuple[Flask, Flask]]:
    """Two processes' apps, as far as limits go."""
    with (
        factories.playing(database_url, questions, REDIS_URL=redis.url) as one,
        factories.playing(database_url, questions, REDIS_URL=redis.url) as other,
    ):
        yield one, other


def sign_in(app: Flask, name: str, passphrase: str = "not this one") -> int:
    """The status of a try."""
    form = {"name": name, "passphrase": passphrase}
    return app.test_client().post("/account/sign-in", data=form).status_code


@ONLY_POSTGRESQL
def test_tries_are_counted_for_all_processes_together(two_apps: tuple[Flask, Flask]) -> None:
    statuses = [sign_in(two_apps[number % 2], "Pupil") for number in range(12)]
    assert statuses == [422] * 10 + [429] * 2


@ONLY_POSTGRESQL
def test_while_nothing_can_be_counted_nobody_may_try(
    two_apps: tuple[Flask, Flask], redis: RedisServer
) -> None:
    app = two_apps[0]
    assert sign_in(app, "Pupil") == 422
    redis.stop()
    answer = app.test_client().post("/account/sign-in", data={"name": "Pupil", "passphrase": "x"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Try again in a few seconds" in answer.text
    assert app.test_client().get("/account/sign-in").status_code == 200
    redis.start()
    assert sign_in(app, "Pupil") == 422
    redis.freeze()
    try:
        assert sign_in(app, "Pupil") == 503
    finally:
        redis.thaw()
