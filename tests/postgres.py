"""A PostgreSQL cluster of the test run's own, and the broom that takes it away.

A run keeps everything that its workers share in one folder: the cluster, the databases, the
templates they are copied from. `open_run` makes the folder and starts the broom, a small process
that reads from a pipe only the run holds. When the run ends, in whatever way, the pipe closes, and
the broom stops the cluster, and Redis where a test left one, and removes the folder.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from filelock import FileLock
from psycopg import sql

import run
from tests import redis_server

RAM = Path("/dev/shm")
RAM_WANTED = 1 << 30


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster: `host` is the folder of its socket, or an address on Windows."""

    host: str
    port: int

    def url(self, database: str) -> str:
        """The database's address, as SQLAlchemy spells it."""
        return f"postgresql+psycopg://quiz@/{database}?host={self.host}&port={self.port}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction, as CREATE DATABASE wants it."""
        where = f"host={self.host} port={self.port} user=quiz dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(sql.SQL(statement))


def open_run() -> tuple[Path, Callable[[], None]]:
    """A new folder for what one run shares, and the function that ends it.

    In memory where there is room: the databases are as durable as in production, and syncing a
    file there costs nothing.
    """
    roomy = RAM.is_dir() and shutil.disk_usage(RAM).free > RAM_WANTED
    folder = Path(tempfile.mkdtemp(prefix="quiz-tests-", dir=RAM if roomy else None))
    folder.chmod(0o711)  # the cluster's user passes through
    broom = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres", str(folder)],
        stdin=subprocess.PIPE,
        cwd=run.ROOT,
        start_new_session=True,  # Ctrl-C is for the run, not for the broom
    )

    def end() -> None:
        broom.communicate()  # closes the pipe and waits

    return folder, end


def shared_cluster(folder: Path) -> Cluster:
    """The cluster of the run under `folder`, started by the first worker that asks."""

    def build(note: Path) -> None:
        cluster = start(folder)
        note.write_text(f"{cluster.host}\n{cluster.port}")

    note = folder / "cluster"
    once(note, build)
    host, port = note.read_text().splitlines()
    return Cluster(host, int(port))


def once(path: Path, build: Callable[[Path], None]) -> None:
    """Let one worker build `path` while the others wait; `build` is given where to write it."""
    with FileLock(f"{path}.lock"):
        if not path.exists():
            unfinished = path.with_name(f"{path.name}.unfinished")
            unfinished.unlink(missing_ok=True)
            build(unfinished)
            unfinished.rename(path)


def start(folder: Path) -> Cluster:
    """Make a cluster under `folder` and start it; nobody outside this machine can connect.

    Raises run.Missing where there are no PostgreSQL programs, CalledProcessError (with the
    program's own words) where they fail.
    """
    home = folder / "postgres"
    home.mkdir()
    user = _user()
    if user:
        shutil.chown(home, user["user"], user["group"])
    data = home / "data"
    _pg("initdb", home, "-D", data, "-U", "quiz", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    cluster = Cluster(str(home), 5432) if os.name != "nt" else Cluster("127.0.0.1", _free_port())
    where = f"-h 127.0.0.1 -p {cluster.port}" if os.name == "nt" else f"-h '' -k {home}"
    options = f"{where} -c max_wal_size=64MB"
    _pg("pg_ctl", home, "-D", data, "-l", home / "log", "-w", "-o", options, "start")
    return cluster


def sweep(folder: Path) -> None:
    """Stop what runs under `folder`, the cluster and Redis, and remove the folder."""
    redis_server.sweep(folder)
    home = folder / "postgres"
    if (home / "data" / "postmaster.pid").exists():
        _pg("pg_ctl", home, "-D", home / "data", "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def _pg(program: str, home: Path, *arguments: object) -> None:
    """Run one of PostgreSQL's programs, as another user if we are root, whom it refuses."""
    command = [str(run.find_postgres() / program), *map(str, arguments)]
    output = home / f"{program}.out"
    with output.open("w") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.STDOUT, cwd=home, **_user())
    if done.returncode:
        raise RuntimeError(f"{program} failed:\n{output.read_text()}")


def _user() -> dict[str, Any]:
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd  # not on Windows

    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.stdin.read()
    sweep(Path(sys.argv[1]))
