"""The database goes away and comes back, or is copied, while people play."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Response
from sqlalchemy import make_url

from tests import factories, postgres, world
from tests.bench._place import place
from tests.durability import audit
from tests.durability.players import Log, Player, at_play, form_of, path_of
from tests.durability.servers import Server
from tests.postgres import Cluster

Serve = Callable[..., Server]
SitDown = Callable[..., Player]


@dataclass(frozen=True, slots=True)
class OwnCluster:
    """A PostgreSQL that this test may stop: nobody else's."""

    home: Path
    database_url: str

    def stop(self) -> None:
        """At once, without a word to those connected: nothing but the WAL is left."""
        postgres._pg("pg_ctl", self.home, "-D", self.home / "data", "-m", "immediate", "stop")

    def start(self) -> None:
        """Again, as tests/postgres.py did; recovers from the WAL."""
        data, options = self.home / "data", f"-h '' -k {self.home}"
        log = self.home / "log"
        postgres._pg("pg_ctl", self.home, "-D", data, "-l", log, "-w", "-o", options, "start")


@pytest.fixture
def own_cluster(questions: Path) -> Iterator[OwnCluster]:
    """A cluster with a database of questions."""
    with place("postgresql") as where:
        database_url = where.new_database("restarted")
        world.migrate(database_url)
        with factories.playing(database_url, questions):
            pass
        yield OwnCluster(where.folder / "postgres", database_url)


def test_game_goes_on_after_postgresql_was_restarted(
    own_cluster: OwnCluster, serve: Serve, sit_down: SitDown, questions: Path
) -> None:
    server, log = serve(own_cluster.database_url), Log()
    process = server.pid
    gil = sit_down(server, log)
    round_id = gil.start_round("quick")
    sheet = gil.look_at(round_id, 1)
    submit, token = gil.decide(round_id, 1, sheet), sheet.hidden["csrf_token"]
    log.sent.append(submit)

    with at_play(server, log, ["Ann", "Bob", "Dan"]):
        log.wait_for(10)
        own_cluster.stop()
        replies = [
            gil.browser.once("POST", path_of(submit), form_of(submit, token)),
            gil.browser.once("GET", f"/rounds/{round_id}/1"),
            gil.browser.once("GET", "/"),
            gil.browser.once("GET", "/healthz"),
        ]
        own_cluster.start()
        gil.submit(submit, token)
        log.wait_for(10)

    assert [(reply.status, reply.retry_after) for reply in replies] == [(503, "2")] * 4
    assert server.pid == process
    assert submit in log.acknowledged
    server.kill()
    assert audit.problems(log, audit.read(own_cluster.database_url), questions) == []
    assert log.surprises == [], server.words()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_response_stands_when_postgresql_goes_away_right_after_it(
    stocked: str, questions: Path, cluster: Cluster
) -> None:
    name = make_url(stocked).database
    with factories.playing(stocked, questions) as app:

        @app.after_request
        def _cut(response: Response) -> Response:
            cluster.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                f"WHERE datname = '{name}'"
            )
            return response

        client = app.test_client()
        assert [client.get(path).status_code for path in ("/", "/healthz", "/")] == [200] * 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_backup_taken_while_playing_restores_to_a_consistent_prefix(
    stocked: str, serve: Serve, sit_down: SitDown, questions: Path, tmp_path: Path
) -> None:
    server, log = serve(stocked), Log()
    backups = []

    with at_play(server, log, ["Ann", "Bob", "Dan", "Eve"]):
        for n in range(3):
            log.wait_for(15)
            file = tmp_path / f"backup-{n}.sqlite3"
            before = log.so_far()
            with (
                closing(sqlite3.connect(stocked.removeprefix("sqlite:///"))) as source,
                closing(sqlite3.connect(file)) as target,
            ):
                source.backup(target)
            backups.append((f"sqlite:///{file}", before, log.so_far()))
    server.kill()

    final = audit.read(stocked)
    for backup, before, after in backups:
        restored = audit.read(backup)
        log_then = Log(sent=after.sent, acknowledged=before.acknowledged, told=before.told)
        assert audit.problems(log_then, restored, questions) == []
        assert restored.responses == final.responses[: len(restored.responses)]

    gil = sit_down(serve(backups[-1][0]))
    assert_round_is_added(gil, backups[-1][0])


def assert_round_is_added(player: Player, database_url: str) -> None:
    """A new round goes beside the old ones, which stay as they are."""
    old = audit.read(database_url).responses
    round_id = player.start_round("quick")
    while (position := player.where(round_id)) is not None:
        sheet = player.look_at(round_id, position)
        submit = player.decide(round_id, position, sheet)
        player.submit(submit, sheet.hidden["csrf_token"])
    new = audit.read(database_url)
    assert new.responses[: len(old)] == old
    assert len(new.responses) == len(old) + len(player.log.acknowledged)
    assert [bool(played.is_finished) for played in new.rounds if played.id == round_id] == [True]
