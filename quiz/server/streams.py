"""Server-sent events: open responses that pass on what is published.

A stream holds no database connection. Where there cannot be one the answer is 204, which tells an
EventSource to stop; the page then looks by itself every few seconds.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from threading import Lock
from time import monotonic

from flask import Flask, Response, current_app, request

from ..storage.db import db
from .events import RESYNC, Closed, Subscription, events

LOOK = "look"
"""Sent to who missed messages: something changed, look."""
ELSEWHERE = "elsewhere"
"""The last word to a stream whose owner opened others: do not come back, look by yourself."""
PER_OWNER = 2
HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = (1500, 4000)
_HEARTBEAT = b":\n\n"
_LINE_END = re.compile("\r\n|\r|\n")
_HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}


class Full(Exception):
    """No room for one more stream."""


class StreamSlots:
    """The open streams of this process: `limit` in all, two for each owner.

    The server sets `resize`, which is told how many there are before one begins and after one
    ends, to have a thread for each. It raises RuntimeError where it cannot.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.taken = 0
        self.resize: Callable[[int], None] = lambda _streams: None
        self._lock = Lock()
        self._of: dict[str, list[Subscription]] = {}

    def take(self, owner: str, subscription: Subscription) -> None:
        """Take a place; the oldest stream of an owner who has two others ends. Raises Full."""
        with self._lock:
            if self.taken >= self.limit:
                raise Full
            try:
                self.resize(self.taken + 1)
            except RuntimeError as no_more_threads:
                raise Full from no_more_threads
            self.taken += 1
            mine = self._of.setdefault(owner, [])
            mine.append(subscription)
            replaced = mine.pop(0) if len(mine) > PER_OWNER else None
        if replaced:
            replaced.end(ELSEWHERE)

    def leave(self, owner: str, subscription: Subscription) -> None:
        """Give a place back."""
        with self._lock:
            self.taken -= 1
            self.resize(self.taken)
            mine = self._of.get(owner, [])
            if subscription in mine:
                mine.remove(subscription)
            if not mine:
                self._of.pop(owner, None)


class _Body:
    """A response's body: the first text at once, then one for each message, until the end.

    Not a generator: its place is given back even if nobody ever asks it for anything.
    """

    def __init__(
        self,
        subscription: Subscription,
        first: bytes,
        line: Callable[[str], str | None],
        leave: Callable[[], None],
    ) -> None:
        self._subscription = subscription
        self._first = first
        self._line = line
        self._leave: Callable[[], None] | None = leave

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._first:
            first, self._first = self._first, b""
            return first
        until = monotonic() + HEARTBEAT_SECONDS
        while True:
            try:
                message = self._subscription.get(max(0.0, until - monotonic()))
            except Closed:
                raise StopIteration from None
            if message is None:
                return _HEARTBEAT
            text = _text(message, self._line)
            if text is not None:
                return encode(text)

    def close(self) -> None:
        """Free what the stream holds; the server calls this, whatever happened."""
        leave, self._leave = self._leave, None
        if leave:
            leave()


def stream(
    topics: tuple[str, ...],
    owner: str,
    snapshot: Callable[[], str],
    line: Callable[[str], str | None],
) -> Response:
    """A stream of what is published on the topics.

    `snapshot` gives the first text; it is called in this request, after the subscription, so that
    nothing falls between the two. `line` gives the text for a message, None for nothing: it is
    called later, outside of any request, and must not use the database. `owner` names whoever
    listens: of three streams with one name, the oldest ends.
    """
    places: StreamSlots = current_app.extensions["streams"]
    hub = events()
    subscription = hub.subscribe(*topics)
    try:
        if subscription.has_ended:
            raise Full
        places.take(owner, subscription)
    except Full:
        subscription.end()
        return Response(status=204, headers=_HEADERS)

    def leave() -> None:
        subscription.end()
        places.leave(owner, subscription)

    try:
        first = b"retry: %d\n" % random.randint(*RETRY_MILLISECONDS) + encode(snapshot())
    except BaseException:
        leave()
        raise
    finally:
        db.session.remove()
    tell_when_gone = request.environ.get("quiz.tell_when_gone")
    if tell_when_gone:  # not every server knows before it writes
        tell_when_gone(subscription.end)
    body = _Body(subscription, first, line, leave)
    return Response(body, mimetype="text/event-stream", headers=_HEADERS)


@lru_cache(maxsize=256)
def encode(text: str) -> bytes:
    """A text as one event. All its lines are data, whatever they look like."""
    lines = _LINE_END.split(text)
    return ("".join(f"data: {line}\n" for line in lines) + "\n").encode(errors="replace")


def _text(message: str, line: Callable[[str], str | None]) -> str | None:
    if message == RESYNC:
        return LOOK
    return message if message == ELSEWHERE else line(message)


def init_streams(app: Flask) -> None:
    """Make room for STREAMS streams."""
    app.extensions["streams"] = StreamSlots(app.config["STREAMS"])
