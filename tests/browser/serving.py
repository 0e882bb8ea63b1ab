"""The game in processes of its own, which can be killed and started again on the same port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event

import run
from tests.durability.servers import _free_port

PATIENCE = 60.0


class Served:
    """A server on a folder for its data. `up` is set while it answers at `port`.

    `kind` is "waitress", as `python -m quiz` serves, or "gunicorn" with two workers.
    """

    def __init__(self, folder: Path, kind: str = "waitress", **environ: str) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.up = Event()
        self.kind = kind
        self._log = folder / "log"
        known = {k: v for k, v in os.environ.items() if not k.startswith("QUIZ_")}
        self._environ = known | {"QUIZ_DATA": str(folder / "data")} | environ
        self._process: subprocess.Popen[bytes] | None = None
        if kind == "gunicorn":
            prepare = [sys.executable, "-m", "quiz", "--prepare"]
            subprocess.run(prepare, env=self._environ, cwd=run.ROOT, check=True)
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "quiz", "--port", str(self.port)]
        if self.kind == "gunicorn":
            bind = ["--bind", f"127.0.0.1:{self.port}", "--log-level=warning"]
            options = ["-c", "quiz/server/gunicorn.py", *bind]
            command = [sys.executable, "-m", "gunicorn", *options, "quiz:create_app()"]
        with self._log.open("a") as out:
            self._process = subprocess.Popen(
                command,
                stdout=out,
                stderr=out,
                env=self._environ,
                cwd=run.ROOT,
                start_new_session=True,  # the workers of gunicorn die with it
            )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start:\n{self.words()}")
            self.up.wait(0.05)
        self.up.set()

    def kill(self) -> None:
        """End it by SIGKILL, workers and all; nothing to do when it does not run."""
        if self._process is None:
            return
        self.up.clear()
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def words(self) -> str:
        """What the server said."""
        return self._log.read_text()

    def setup_path(self) -> str:
        """The address that makes the first trainer, as printed at the start."""
        found = re.findall(r"http://[^/]+(/setup/\S+)", self.words())
        return str(found[-1])

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()
