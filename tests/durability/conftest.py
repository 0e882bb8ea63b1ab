"""Real servers on databases with the small question files of the factories."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from tests.durability.players import Log, Player
from tests.durability.servers import Launcher, Server
from tests.small_game import questions, stock


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where a process cannot be forked or killed, none of this can be tried."""
    if not hasattr(os, "fork"):
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(pytest.mark.skip("needs fork and SIGKILL"))


@pytest.fixture(scope="session")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    """What starts this worker's servers."""
    launcher = Launcher(tmp_path_factory.mktemp("launcher") / "log")
    yield launcher
    launcher.close()


@pytest.fixture
def stocked(database_url: str) -> str:
    """The address of this test's own database, with questions and without players."""
    return database_url


@pytest.fixture
def serve(launcher: Launcher, questions: Path) -> Iterator[Callable[..., Server]]:
    """`serve(url)` starts a server on a database, `serve(url, sabotage)` a sabotaged one."""
    started: list[Server] = []

    def start(database_url: str, sabotage: str | None = None) -> Server:
        assert all(server.pid is None for server in started), "one server at a time"
        started.append(Server(launcher, database_url, questions, sabotage))
        return started[-1]

    yield start
    for server in started:
        server.kill()


@pytest.fixture
def sit_down() -> Iterator[Callable[..., Player]]:
    """`sit_down(server)` is a player whom the test moves by hand; her own log, or one given."""
    seated: list[Player] = []

    def sit_down(server: Server, log: Log | None = None) -> Player:
        seated.append(Player("Gil", server, log or Log(), Event()))
        return seated[-1]

    yield sit_down
    for player in seated:
        player.close()
