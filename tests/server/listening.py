"""Clients of streams, many in one thread; and patience: waiting for a condition, with an end."""

from __future__ import annotations

import http.client
import json
import selectors
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

PATIENCE = 30.0


class Listener:
    """A client of one stream, its address as in a URL. `heard` is all that came, raw."""

    def __init__(self, port: int, path: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        self.heard = b""
        self.is_over = False

    @property
    def status(self) -> int:
        """The status of the answer, 0 before it comes."""
        return int(self.heard[9:12] or 0)

    @property
    def texts(self) -> list[str]:
        """The texts heard so far, each of one line."""
        return [
            line.removeprefix("data: ")
            for line in self.heard.decode().splitlines()
            if line.startswith("data: ")
        ]

    def take(self) -> None:
        """Take in what has come; blocks where nothing has."""
        try:
            came = self.socket.recv(65536)
        except ConnectionError:
            came = b""
        self.heard += came
        self.is_over = not came or self.heard.endswith(b"\r\n0\r\n\r\n")  # or its last chunk


@contextmanager
def listening(port: int, path: str, number: int = 1) -> Iterator[list[Listener]]:
    """So many clients of a stream, all of which have had its first text; gone afterwards."""
    listeners: list[Listener] = []
    try:
        for _ in range(number):
            listeners.append(Listener(port, path))
        await_all(listeners, lambda listener: listener.texts[:1] == ["here"])
        yield listeners
    finally:
        for listener in listeners:
            listener.socket.close()


def await_all(listeners: Iterable[Listener], is_there: Callable[[Listener], bool]) -> None:
    """Listen until it is true of each."""
    until = time.monotonic() + PATIENCE
    with selectors.DefaultSelector() as selector:
        for listener in listeners:
            if not is_there(listener):
                selector.register(listener.socket, selectors.EVENT_READ, listener)
        while selector.get_map():
            ready = selector.select(until - time.monotonic())
            if not ready:
                waiting = [key.data.heard[-200:] for key in selector.get_map().values()]
                raise TimeoutError(f"{len(waiting)} are waiting, one of them after {waiting[0]!r}")
            for key, _ in ready:
                listener = key.data
                listener.take()
                if is_there(listener):
                    selector.unregister(listener.socket)
                elif listener.is_over:
                    raise ConnectionError(f"it ended after {listener.heard[-200:]!r}")


def await_the_end(listeners: Iterable[Listener]) -> None:
    """Listen until each stream has ended."""
    await_all(listeners, lambda listener: listener.is_over)


def await_that(is_so: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Look again and again until it is so."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError("it did not come about")
        time.sleep(0.02)


def ask(port: int, path: str, said: str | None = None) -> tuple[int, str]:
    """GET a path, or POST what is said; gives status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET" if said is None else "POST", path, said)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def state(port: int) -> dict[str, Any]:
    """What the process of a server has open."""
    return dict(json.loads(ask(port, "/talking/")[1]))
