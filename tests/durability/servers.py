"""A server that can be killed and is back at once, on the same port."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Event
from typing import Any

import run

PORTS = range(20000, 32000)
"""Below the ports that the system gives to connections: nobody takes ours while we are down."""


class Launcher:
    """The process of launcher.py, spoken to over its pipes. `log` gets what the servers say."""

    def __init__(self, log: Path) -> None:
        self.log = log
        with log.open("w") as words:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.durability.launcher"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=words,
                text=True,
                cwd=run.ROOT,
                start_new_session=True,  # Ctrl-C is for the run; the launcher sees its pipe close
            )

    def order(self, **order: Any) -> dict[str, Any]:
        """Give an order and wait for the answer. Raises RuntimeError with the launcher's words."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the launcher is gone:\n{self.log.read_text()}")
        return dict(json.loads(answer))

    def close(self) -> None:
        """End it, and its server."""
        self._process.communicate()


class Server:
    """The game on a database. `up` is set while it listens at `port`."""

    def __init__(
        self, launcher: Launcher, database_url: str, questions: Path, sabotage: str | None = None
    ) -> None:
        self.up = Event()
        self.pid: int | None = None
        self._launcher = launcher
        self._order = {
            "do": "start",
            "database_url": database_url,
            "questions": str(questions),
            "sabotage": sabotage,
        }
        self.port = _free_port()
        self.start()

    def start(self) -> None:
        """Start it and wait until it listens; nothing to do when it runs."""
        if self.pid is not None:
            return
        self.pid = self._launcher.order(**self._order, port=self.port)["pid"]
        if self.pid is None:
            raise RuntimeError(f"the server did not start:\n{self.words()}")
        self.up.set()

    def kill(self) -> None:
        """End it by SIGKILL, which no process can prepare for, and wait until it is gone.

        Raises RuntimeError when it had ended before.
        """
        if self.pid is None:
            return
        self.up.clear()
        os.kill(self.pid, signal.SIGKILL)  # not reaped yet, so the id is still its own
        self.pid = None
        status = self._launcher.order(do="reap")["status"]
        if status != -signal.SIGKILL:
            raise RuntimeError(f"the server had ended by itself ({status}):\n{self.words()}")

    def words(self) -> str:
        """The last of what the servers said."""
        return self._launcher.log.read_text()[-4000:]


def _free_port() -> int:
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", random.SystemRandom().choice(PORTS)))
            except OSError:
                continue
            return int(probe.getsockname()[1])
