"""The load client: a process of its own that plays many browsers and times every answer.

Reads a plan as JSON from its standard input and writes a result as JSON to its standard output.
Closed loop: every browser sends its next request when it has the answer to the last. Open loop
(`rate`): requests fall due by a Poisson process, whatever the answers do, and the time of each is
counted from when it was due, so that a stalled server cannot hide the requests it kept waiting.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import run

LIMIT_SECONDS = 60.0
"""The longest that a slice may last, and the longest wait for one answer."""


@dataclass(slots=True)
class Browser:
    """One browser: its headers and its requests (method, path, body), once each or in a circle."""

    headers: dict[str, str]
    requests: list[tuple[str, str, str]]
    repeats: bool = False


@dataclass(slots=True)
class Plan:
    """What to send where: for so many seconds, at a rate per second or as fast as it goes."""

    port: int
    browsers: list[Browser]
    seconds: float
    rate: float | None = None


@dataclass(slots=True)
class Result:
    """What came back: seconds of each answer; per browser the statuses in order, the last body."""

    elapsed: float = 0.0
    times: list[float] = field(default_factory=list)
    statuses: list[list[int]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    encodings: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.times) / self.elapsed

    def body(self, browser: int) -> str:
        """The last text a browser got, unpacked."""
        packed = base64.b64decode(self.bodies[browser])
        return unpack(packed, self.encodings[browser]).decode()


def load(plan: Plan) -> Result:
    """Carry a plan out in a new process. Raises RuntimeError with its words when it fails."""
    limit = 2 * LIMIT_SECONDS + plan.seconds
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench._client"],
        input=json.dumps(asdict(plan)),
        capture_output=True,
        text=True,
        cwd=run.ROOT,
        timeout=limit,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the load client failed:\n{done.stderr}")
    return Result(**json.loads(done.stdout))


def unpack(packed: bytes, encoding: str) -> bytes:
    if encoding == "br":
        import brotli  # type: ignore[import-untyped]  # comes with Flask-Compress, without types

        return bytes(brotli.decompress(packed))
    if encoding == "gzip":
        import gzip

        return gzip.decompress(packed)
    return packed


class _Connection:
    """A kept-alive connection that sends a browser's requests one after another."""

    def __init__(self, port: int, browser: Browser) -> None:
        self.port = port
        self.browser = browser
        self.statuses: list[int] = []
        self.body = b""
        self.encoding = ""
        fixed = "".join(f"{name}: {value}\r\n" for name, value in browser.headers.items())
        self.head = f"HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{fixed}"

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    @property
    def is_spent(self) -> bool:
        return not self.browser.repeats and len(self.statuses) == len(self.browser.requests)

    async def exchange(self) -> None:
        """Send the next request and read all of the answer."""
        requests = self.browser.requests
        method, path, body = requests[len(self.statuses) % len(requests)]
        kind = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
        length = f"{kind}Content-Length: {len(body)}\r\n" if body else ""
        self.writer.write(f"{method} {path} {self.head}{length}\r\n{body}".encode())
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
        self.body = await self.reader.readexactly(int(fields["content-length"]))
        self.encoding = fields.get("content-encoding", "")
        self.statuses.append(int(head[9:12]))


async def _closed(connections: Sequence[_Connection], seconds: float) -> list[float]:
    until = time.perf_counter() + seconds
    times: list[float] = []

    async def play(connection: _Connection) -> None:
        while (began := time.perf_counter()) < until and not connection.is_spent:
            await connection.exchange()
            times.append(time.perf_counter() - began)

    await asyncio.gather(*map(play, connections))
    return times


async def _open(connections: Sequence[_Connection], seconds: float, rate: float) -> list[float]:
    free: asyncio.Queue[_Connection] = asyncio.Queue()
    for connection in connections:
        free.put_nowait(connection)
    times: list[float] = []

    async def one(due: float) -> None:
        connection = await free.get()
        await connection.exchange()
        times.append(time.perf_counter() - due)
        if not connection.is_spent:
            free.put_nowait(connection)

    rng = random.Random(20)  # the same arrivals for hello and for the game
    due = began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        while (due := due + rng.expovariate(rate)) < began + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due))
    return times


async def _carry_out(plan: Plan) -> Result:
    connections = [_Connection(plan.port, browser) for browser in plan.browsers]
    async with asyncio.timeout(plan.seconds + LIMIT_SECONDS):
        await asyncio.gather(*(connection.open() for connection in connections))
        began = time.perf_counter()
        if plan.rate is None:
            times = await _closed(connections, plan.seconds)
        else:
            times = await _open(connections, plan.seconds, plan.rate)
    return Result(
        elapsed=time.perf_counter() - began,
        times=times,
        statuses=[connection.statuses for connection in connections],
        bodies=[base64.b64encode(connection.body).decode() for connection in connections],
        encodings=[connection.encoding for connection in connections],
    )


def _read(words: dict[str, Any]) -> Plan:
    return Plan(**{**words, "browsers": [Browser(**browser) for browser in words["browsers"]]})


if __name__ == "__main__":
    json.dump(asdict(asyncio.run(_carry_out(_read(json.load(sys.stdin))))), sys.stdout)
