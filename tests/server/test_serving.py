"""A whole class on one process: waitress with a thread for each open stream."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

import run
from quiz import create_app
from quiz.models import QuestionRevision
from quiz.server.serving import make_server
from quiz.storage.db import db
from tests import world
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

CLASS = 300


@pytest.fixture
def waitress_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an SQLite file, which is what one process is for."""
    return f"sqlite:///{tmp_path_factory.mktemp('waitress') / 'quiz.sqlite3'}"


def test_three_hundred_listen_and_the_others_are_answered(serve: Serve, waitress_url: str) -> None:
    port = serve("waitress", QUIZ_DATABASE_URL=waitress_url).port
    before = state(port)
    with listening(port, "/talking/room", CLASS) as listeners:
        during = state(port)
        assert during["streams"] == CLASS
        assert during["threads"] == before["threads"] + CLASS
        with ThreadPoolExecutor(8) as pool:
            answers = pool.map(lambda _: ask(port, "/healthz")[0], range(100))
            assert set(answers) == {200}
        ask(port, "/talking/room", "opened")
        await_all(listeners, lambda listener: listener.texts == ["here", "opened"])
    await_that(lambda: state(port)["streams"] == 0)  # at once, not with the next heartbeat
    await_that(lambda: state(port)["threads"] == before["threads"])
    few = CLASS // 6  # the database's pool keeps some
    await_that(lambda: state(port)["files"] < before["files"] + few)


def test_more_than_there_is_room_for_are_told_to_stop(serve: Serve, waitress_url: str) -> None:
    port = serve("waitress", QUIZ_DATABASE_URL=waitress_url, QUIZ_STREAMS="3").port
    with listening(port, "/talking/room", 3):
        late = Listener(port, "/talking/room")
        await_all([late], lambda listener: listener.status == 204)
        late.socket.close()
    await_that(lambda: state(port)["streams"] == 0)
    with listening(port, "/talking/room", 3):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_open_streams_do_not_delay_the_end(
    serve: Serve, waitress_url: str, number: signal.Signals
) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:  # in the background, and a server inherits it
        signal.signal(number, signal.default_int_handler)
    served = serve("waitress", QUIZ_DATABASE_URL=waitress_url)
    with listening(served.port, "/talking/room", 50) as listeners:
        served.process.send_signal(number)
        assert served.process.wait(3) == 0  # what is promised, and a tenth of it is usual
        await_the_end(listeners)
    assert "still running" not in served.log.read_text()


def test_the_game_can_be_prepared_without_being_served(tmp_path: Path, waitress_url: str) -> None:
    settings = {"QUIZ_DATA": str(tmp_path), "QUIZ_DATABASE_URL": waitress_url}
    done = subprocess.run(
        [sys.executable, "-m", "quiz", "--prepare"],
        env=os.environ | settings,
        cwd=run.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stdout
    with world.running(waitress_url) as app, app.app_context():
        assert db.session.scalar(select(func.count()).select_from(QuestionRevision))


def test_every_address_of_the_host_is_served_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    server = make_server(app, "localhost", 0)
    try:
        listens = [server, *getattr(server, "map", {}).values()]
        kinds = {each.channel_class.__name__ for each in listens if hasattr(each, "channel_class")}
        assert kinds == {"_Channel"}
    finally:
        server.task_dispatcher.shutdown()
        server.close()
