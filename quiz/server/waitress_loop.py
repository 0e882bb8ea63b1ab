"""Waitress's loop with a memory of what it watches.

Waitress asks every connection, before every wait, whether to watch it for reading or writing. With
a thousand connections open, and most of them streams in which nothing happens, that took almost
half of the processor's time (measured with 500 phones). Here a connection is asked when something
happened to it, and all of them once a second, for what nobody told.
"""

from __future__ import annotations

import select
from collections import deque
from contextlib import suppress
from threading import local
from time import monotonic
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, MultiSocketServer

SWEEP_SECONDS = 1.0


class Watched(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that says when it has to be asked again."""

    def add_channel(self, map: dict[int, Any] | None = None) -> None:
        """A new connection has to be asked."""
        super().add_channel(map)
        touched: deque[Watched] | None = getattr(self.server, "touched", None)
        if touched is not None:
            touched.append(self)

    def service(self) -> None:
        """While this thread answers, what it tells the server is about this connection."""
        _answering.channel = self
        super().service()


_answering = local()


def watch(server: BaseWSGIServer | MultiSocketServer) -> None:
    """Give the server this loop, where the system can; its connections must be Watched."""
    if not (hasattr(select, "epoll") or hasattr(select, "poll")):
        return  # Windows
    loop = Loop()
    server.asyncore = loop
    for each in [server, *getattr(server, "map", {}).values()]:
        if isinstance(each, BaseWSGIServer):
            _listen_to(each, loop)


def _listen_to(server: BaseWSGIServer, loop: Loop) -> None:
    """Hear what the threads tell the server: after they changed something, before it wakes."""
    pull = server.pull_trigger

    def pull_trigger() -> None:
        channel = getattr(_answering, "channel", None)
        if channel is not None:
            loop.touched.append(channel)
        pull()

    server.touched = loop.touched
    server.pull_trigger = pull_trigger


class Loop:
    """What a server uses of waitress's wasyncore."""

    def __init__(self) -> None:
        self.touched: deque[Any] = deque()
        self._known: dict[int, tuple[Any, int]] = {}
        self._asked_always: list[tuple[int, Any]] = []
        self._sweep_at = 0.0
        self._epoll = hasattr(select, "epoll")
        self._poller: Any = select.epoll() if self._epoll else select.poll()

    def loop(self, timeout: float, map: dict[int, Any], use_poll: bool) -> None:
        """Serve until nothing is left to watch."""
        scale = 1 if self._epoll else 1000
        while map:
            self._ask(map)
            for fd, events in self._poller.poll(timeout * scale):
                watched = map.get(fd)
                if watched is not None:
                    wasyncore.readwrite(watched, events)
                self._note(fd, map.get(fd))

    def _ask(self, map: dict[int, Any]) -> None:
        now = monotonic()
        if now >= self._sweep_at:
            self._sweep_at = now + SWEEP_SECONDS
            everything = list(map.items())
            self._asked_always = [
                (fd, each) for fd, each in everything if not isinstance(each, HTTPChannel)
            ]
            for fd in {*self._known, *map}:
                self._note(fd, map.get(fd))
            return
        for fd, each in self._asked_always:
            self._note(fd, each)
        while self.touched:
            fd = self.touched.popleft()._fileno
            if fd is not None:  # still open
                self._note(fd, map.get(fd))

    def _note(self, fd: int, watched: Any) -> None:
        """Watch this file for what its owner wants now, or no longer."""
        events = _wanted(watched)
        owner, before = self._known.get(fd, (None, 0))
        if owner is watched and before == events:
            return
        if before and owner is watched and events:
            self._poller.modify(fd, events)
        else:
            if before:
                self._stop(fd)
            if events:
                self._poller.register(fd, events)
        if watched is None:
            self._known.pop(fd, None)
        else:
            self._known[fd] = (watched, events)

    def _stop(self, fd: int) -> None:
        with suppress(KeyError, OSError):  # it was closed, and forgotten by the system
            self._poller.unregister(fd)


def _wanted(watched: Any) -> int:
    if watched is None:
        return 0
    events = 0
    if watched.readable():
        events = select.POLLIN | select.POLLPRI
    if watched.writable() and not watched.accepting:
        events |= select.POLLOUT
    return events
