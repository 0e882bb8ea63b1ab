"""Who waits for news of a topic hears of it: in this process, or by Redis in all of them.

A message says that something changed, never what: it may be lost, and whoever missed it looks at
the database. Publish after the commit, never inside a write transaction.
"""

from __future__ import annotations

import logging
import os
import random
from collections import deque
from threading import Condition, Event, Lock, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app

from ..storage.redis_link import connections

if TYPE_CHECKING:
    from redis.client import PubSub

RESYNC = "resync"
"""The message for those who missed some: look anew."""
WAITING = 16
"""Messages kept for a subscriber who is slow to take them."""
PREFIX = "not-proven:"
PING_SECONDS = 2.0
REST_SECONDS = 1.0
FIRST_CONNECTION_SECONDS = 1.0
PAUSES = (0.1, 2.0)
"""Seconds between tries to reconnect, the first and the longest."""
log = logging.getLogger(__name__)


class Closed(Exception):
    """The subscription has ended."""


class Subscription:
    """What came for some topics and was not yet taken. Ends with its `with`, or by `end`."""

    def __init__(self, hub: LocalEvents, topics: tuple[str, ...]) -> None:
        self.topics = topics
        self.has_ended = False
        self._hub = hub
        self._news = Condition(Lock())
        self._messages: deque[str] = deque()

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *_error: object) -> None:
        self.end()

    def get(self, timeout: float) -> str | None:
        """The next message; None when none comes in `timeout` seconds. Raises Closed at the end."""
        with self._news:
            if not self._messages and not self.has_ended:
                self._news.wait_for(lambda: self._messages or self.has_ended, timeout)
            if self._messages:
                return self._messages.popleft()
            if self.has_ended:
                raise Closed
            return None

    def put(self, message: str) -> None:
        """Add a message; what waits too long in too great a number becomes one RESYNC."""
        with self._news:
            if self.has_ended:
                return
            if len(self._messages) >= WAITING:
                self._messages.clear()
                message = RESYNC
            self._messages.append(message)
            self._news.notify()

    def end(self, last_word: str | None = None) -> None:
        """Wake whoever waits; after the last word, if there is one, nothing comes any more."""
        self._hub.forget(self)
        with self._news:
            if not self.has_ended:
                self.has_ended = True
                self._messages.clear()
                if last_word is not None:
                    self._messages.append(last_word)
                self._news.notify_all()


class LocalEvents:
    """The topics of one process. Safe with threads, and cheap where nobody listens."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: dict[str, set[Subscription]] = {}
        self._is_closed = False

    @property
    def is_connected(self) -> bool:
        """Whether subscribers hear everything; while not, they have to look by themselves."""
        return not self._is_closed

    def start(self) -> None:
        """Get ready in this process; to call after a fork, and never needed otherwise."""

    def publish(self, topic: str, message: str) -> None:
        """Give everybody who listens to the topic a message. Never raises."""
        self._deliver(topic, message)

    def subscribe(self, *topics: str) -> Subscription:
        """What is published from now on; ended at once where nothing could be heard."""
        subscription = Subscription(self, topics)
        with self._lock:
            if self._hears():
                for topic in topics:
                    self._listeners.setdefault(topic, set()).add(subscription)
                return subscription
        subscription.end()
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Deliver nothing to it any more."""
        with self._lock:
            for topic in subscription.topics:
                listeners = self._listeners.get(topic)
                if listeners:
                    listeners.discard(subscription)
                    if not listeners:
                        del self._listeners[topic]

    def close(self) -> None:
        """End all subscriptions, for good: open streams must not delay the end of the process."""
        self._is_closed = True
        self._end_all()

    def _hears(self) -> bool:
        return not self._is_closed

    def _deliver(self, topic: str, message: str) -> None:
        if topic in self._listeners:
            with self._lock:
                listeners = list(self._listeners.get(topic, ()))
            for subscription in listeners:
                subscription.put(message)

    def _end_all(self) -> None:
        with self._lock:
            everybody = {each for listeners in self._listeners.values() for each in listeners}
            self._listeners.clear()
        for subscription in everybody:
            subscription.end()


class RedisEvents(LocalEvents):
    """The topics of all processes that share a Redis.

    One thread listens for the whole process. It is started by the first who subscribes, publishes
    or asks, so that each process has its own, whenever it was forked. When Redis goes away, all
    subscriptions end.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        from redis import Redis

        self._redis = Redis(connection_pool=connections(url))
        self._process = 0
        self._is_listening = False
        self._has_tried = Event()
        self._rests_until = 0.0
        self._missed: set[str] = set()

    @property
    def is_connected(self) -> bool:
        """Whether this process hears what all publish. The first to ask waits for the answer."""
        self.start()
        self._has_tried.wait(FIRST_CONNECTION_SECONDS)
        return self._hears()

    def start(self) -> None:
        """Begin to listen in this process."""
        if self._process == os.getpid():
            return
        with self._lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            self._is_listening = False
            self._has_tried = Event()
        Thread(target=self._keep_listening, name="events", daemon=True).start()

    def publish(self, topic: str, message: str) -> None:
        """Give it to everybody in all processes. Waits half a second at most, and never raises.

        Where it fails, those who listen get a RESYNC once Redis is back.
        """
        self.start()
        if monotonic() < self._rests_until or not self._send(topic, message):
            self._missed.add(topic)

    def subscribe(self, *topics: str) -> Subscription:
        """What is published from now on; ended at once while Redis is away."""
        self.start()
        self._has_tried.wait(FIRST_CONNECTION_SECONDS)
        return super().subscribe(*topics)

    def _hears(self) -> bool:
        return self._is_listening and not self._is_closed

    def _send(self, topic: str, message: str) -> bool:
        from redis import RedisError

        try:
            self._redis.publish(PREFIX + topic, message)
        except (RedisError, OSError) as error:
            self._rests_until = monotonic() + REST_SECONDS
            log.warning("events: nothing published, Redis is away: %s", error)
            return False
        return True

    def _keep_listening(self) -> None:
        from redis import RedisError

        pause = PAUSES[0]
        while not self._is_closed:
            try:
                with self._redis.pubsub() as pubsub:  # type: ignore[no-untyped-call]
                    pubsub.psubscribe(f"{PREFIX}*")
                    self._listen(pubsub)
            except (RedisError, OSError) as error:
                if not self._is_closed and (self._is_listening or not self._has_tried.is_set()):
                    log.warning("events: Redis is away: %s", error)
            pause = PAUSES[0] if self._is_listening else min(2 * pause, PAUSES[1])
            self._lose()
            sleep(pause * random.uniform(0.5, 1.0))

    def _listen(self, pubsub: PubSub) -> None:
        """Pass on what is heard, until close(). Raises OSError, RedisError when Redis is away."""
        heard = monotonic()
        while not self._is_closed:
            # A busy process comes to look when both the time is over and an answer is there: the
            # second look, which does not wait, finds it.
            message = pubsub.get_message(timeout=PING_SECONDS) or pubsub.get_message()
            if message is not None:
                heard = monotonic()
                self._take(message)
            elif monotonic() - heard > 2 * PING_SECONDS:
                raise TimeoutError("no answer to a ping")
            else:
                pubsub.ping()
            if self._missed and monotonic() >= self._rests_until:
                self._make_up()

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "pmessage":
            topic = message["channel"].decode().removeprefix(PREFIX)
            self._deliver(topic, message["data"].decode(errors="replace"))
        elif message["type"] == "psubscribe":
            with self._lock:
                self._is_listening = True
            self._rests_until = 0.0
            self._has_tried.set()

    def _make_up(self) -> None:
        while self._missed:
            topic = self._missed.pop()
            if not self._send(topic, RESYNC):
                self._missed.add(topic)
                return

    def _lose(self) -> None:
        with self._lock:
            self._is_listening = False
        self._has_tried.set()
        self._end_all()


class Throttle:
    """At most so many a second for each topic. What is held back is not made up for.

    So whoever shows a figure that is published through it also looks by himself now and then.
    """

    def __init__(self, per_second: float) -> None:
        self._pause = 1 / per_second
        self._lock = Lock()
        self._taken: dict[str, float] = {}

    def take(self, topic: str) -> bool:
        """Whether it is time for another."""
        now = monotonic()
        with self._lock:
            if now - self._taken.get(topic, -self._pause) < self._pause:
                return False
            if len(self._taken) > 1000:
                self._taken = {t: at for t, at in self._taken.items() if now - at < self._pause}
            self._taken[topic] = now
            return True


def init_events(app: Flask) -> None:
    """Set the hub up: Redis's where REDIS_URL names one. Raises BadSetting for a bad address."""
    url = app.config["REDIS_URL"]
    app.extensions["events"] = RedisEvents(url) if url else LocalEvents()


def events() -> LocalEvents:
    """The current app's hub."""
    hub: LocalEvents = current_app.extensions["events"]
    return hub
