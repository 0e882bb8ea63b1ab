"""Serving from one process: waitress, with a thread for each open stream besides the others.

Few threads answer requests, in the order in which these come: with many at once everybody waits
longer. A stream keeps the thread that answered its request, so a new one takes its place; when the
stream ends, one thread does too.
"""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import waitress
from flask import Flask
from waitress.server import BaseWSGIServer, MultiSocketServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from ..config import Settings
from .events import LocalEvents
from .streams import StreamSlots
from .waitress_loop import Watched, watch

END_SECONDS = 2.0
CONNECTIONS_EACH = 3
"""Connections a browser with a stream has open: the stream, and those kept for the next request."""
SPARE_FILES = 64


class _Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Lets the application ask to be told when the client goes away."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ["quiz.tell_when_gone"] = self.channel.tell_when_gone
        return environ


class _Channel(Watched):
    """A connection that knows at once when the client has gone, and tells."""

    task_class = _Task
    _tell: Callable[[], None] | None = None

    def tell_when_gone(self, tell: Callable[[], None]) -> None:
        """Call `tell` when the client goes away, or now if it has."""
        self._tell = tell
        if not self.connected:
            tell()

    def handle_close(self) -> None:
        super().handle_close()
        if self._tell:
            self._tell()


class _Threads(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Waitress's threads: as many as asked for, or an error; at the end, streams end first."""

    def __init__(self, app: Flask, threads: int) -> None:
        super().__init__()
        self._app = app
        self.set_thread_count(threads)
        places: StreamSlots = app.extensions["streams"]
        places.resize = lambda streams: self.set_thread_count(threads + streams)

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        try:
            super().start_new_thread(target, thread_no)
        except RuntimeError:  # the system gives no more: this one is not counted
            self.threads.discard(thread_no)
            raise

    def shutdown(self, cancel_pending: bool = True, timeout: float = END_SECONDS) -> bool:
        hub: LocalEvents = self._app.extensions["events"]
        places: StreamSlots = self._app.extensions["streams"]
        places.resize = lambda _streams: None  # nothing begins any more
        hub.close()
        return bool(super().shutdown(cancel_pending, timeout))


def make_server(
    app: Flask, host: str, port: int, sockets: dict[int, Any] | None = None
) -> BaseWSGIServer | MultiSocketServer:
    """A server that listens, and answers once its `run` is called.

    It keeps its open files in `sockets`: who closes them all ends its run.
    """
    settings: Settings = app.config["SETTINGS"]
    server = waitress.create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        ident="Not Proven",
        connection_limit=_connections(app.config["STREAMS"]),
        asyncore_use_poll=True,  # select stops at 1024 files
        channel_request_lookahead=1,  # reads on, so that it sees when the client goes away
        _dispatcher=_Threads(app, settings.threads),
    )
    for each in [server, *getattr(server, "map", {}).values()]:  # one for each address of the host
        if isinstance(each, BaseWSGIServer):
            each.channel_class = _Channel
    watch(server)
    return server


def serve(app: Flask, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM, then end within END_SECONDS."""
    # A class that answers at once waits in the queue; a line for each would fill the log.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = make_server(app, host, port)
    signal.signal(signal.SIGTERM, _stop)
    server.run()


def _stop(_signal: int, _frame: object) -> None:
    sys.exit(0)  # waitress takes it for the end of its run


def _connections(streams: int) -> int:
    """How many connections to allow: enough for the streams, as far as the system lets us."""
    wanted = 200 + CONNECTIONS_EACH * streams
    if sys.platform == "win32":
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted + SPARE_FILES:
        best = wanted + SPARE_FILES
        if hard != resource.RLIM_INFINITY:
            best = min(best, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (best, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return wanted if soft == resource.RLIM_INFINITY else min(wanted, soft - SPARE_FILES)
