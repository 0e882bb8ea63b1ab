"""A Redis of a test's own, on a socket in the folder of the run. It keeps nothing.

A test stops and starts it as it likes. Should the test not get to its end, the broom of
tests/postgres.py asks every Redis in the run's folder to go.
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import redis

import run

PATIENCE = 30.0


class RedisServer:
    """A Redis that runs, until `stop`. Nobody outside this machine can connect."""

    def __init__(self, folder: Path) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="redis-", dir=folder))
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """Its address, for QUIZ_REDIS_URL."""
        return f"unix://{self._home / 'socket'}"

    def start(self) -> None:
        """Start it, empty, and wait until it answers. Raises run.Missing without the program."""
        options = ["--port", "0", "--save", "", "--appendonly", "no", "--daemonize", "no"]
        where = ["--unixsocket", str(self._home / "socket"), "--dir", str(self._home)]
        with (self._home / "log").open("a") as out:
            self._process = subprocess.Popen(
                [str(run.find_redis()), *where, *options], stdout=out, stderr=out
            )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Redis did not start:\n{(self._home / 'log').read_text()}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it at once; nothing to do when it does not run."""
        if self._process:
            self._process.kill()  # frozen or not
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Let it accept connections and never answer, as across a network that drops everything."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def sweep(folder: Path) -> None:
    """End every Redis under `folder`."""
    for where in folder.glob("redis-*/socket"):
        with (
            suppress(redis.RedisError),
            redis.Redis(unix_socket_path=str(where), socket_timeout=2) as client,
        ):
            client.shutdown(nosave=True)
