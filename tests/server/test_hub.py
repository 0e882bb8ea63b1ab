"""The hub of one process: who hears what, and how it ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Thread

import pytest

from quiz.server import events
from quiz.server.events import RESYNC, WAITING, Closed, LocalEvents, Throttle


@pytest.fixture
def hub() -> LocalEvents:
    """A hub nobody listens to yet."""
    return LocalEvents()


def test_who_listens_to_a_topic_hears_what_is_published_on_it(hub: LocalEvents) -> None:
    with hub.subscribe("room") as one, hub.subscribe("room", "board") as other:
        hub.publish("room", "opened")
        hub.publish("board", "answered")
        hub.publish("elsewhere", "nothing")
        assert [one.get(0), one.get(0)] == ["opened", None]
        assert [other.get(0), other.get(0), other.get(0)] == ["opened", "answered", None]


def test_nothing_comes_from_before_or_from_after(hub: LocalEvents) -> None:
    hub.publish("room", "before")
    with hub.subscribe("room") as subscription:
        assert subscription.get(0) is None
    hub.publish("room", "after")
    with pytest.raises(Closed):
        subscription.get(0)


def test_a_hub_forgets_who_left(hub: LocalEvents) -> None:
    for _ in range(3):
        with hub.subscribe("room", "board"):
            pass
    assert not hub._listeners


def test_who_is_slow_gets_one_word_to_look_anew(hub: LocalEvents) -> None:
    with hub.subscribe("room") as subscription:
        for number in range(WAITING + 1):
            hub.publish("room", str(number))
        hub.publish("room", "the next")
        assert [subscription.get(0) for _ in range(3)] == [RESYNC, "the next", None]


def test_a_queue_never_grows_beyond_its_bound(hub: LocalEvents) -> None:
    with hub.subscribe("room") as subscription:
        for number in range(20 * WAITING):
            hub.publish("room", str(number))
            assert len(subscription._messages) <= WAITING


def test_whoever_waits_is_woken_by_a_message_and_by_the_end(hub: LocalEvents) -> None:
    heard: list[str | None] = []
    subscription = hub.subscribe("room")
    started = Barrier(2)

    def listen() -> None:
        started.wait()
        with suppress(Closed):
            while True:
                heard.append(subscription.get(60))

    listener = Thread(target=listen)
    listener.start()
    started.wait()
    hub.publish("room", "opened")
    while not heard:
        listener.join(0.01)
    hub.close()
    listener.join(30)
    assert not listener.is_alive()
    assert heard == ["opened"]


def test_a_closed_hub_ends_whoever_comes(hub: LocalEvents) -> None:
    assert hub.is_connected
    hub.close()
    assert not hub.is_connected
    with pytest.raises(Closed):
        hub.subscribe("room").get(60)
    hub.publish("room", "nobody hears")


def test_the_last_word_is_heard_before_the_end(hub: LocalEvents) -> None:
    subscription = hub.subscribe("room")
    hub.publish("room", "unheard")
    subscription.end("farewell")
    subscription.end("too late")
    assert subscription.get(60) == "farewell"
    with pytest.raises(Closed):
        subscription.get(60)


def test_threads_lose_nothing_and_get_nothing_twice(hub: LocalEvents) -> None:
    def listen_and_leave(number: int) -> list[str | None]:
        with hub.subscribe(f"topic {number}") as mine, hub.subscribe("all"):
            for message in range(WAITING):
                hub.publish(f"topic {number}", str(message))
                hub.publish("all", "noise")
            return [mine.get(0) for _ in range(WAITING + 1)]

    with ThreadPoolExecutor(8) as pool:
        for heard in pool.map(listen_and_leave, range(200)):
            assert heard == [*map(str, range(WAITING)), None]
    assert not hub._listeners


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock the throttle goes by."""
    clock = Clock()
    monkeypatch.setattr(events, "monotonic", clock)
    return clock


def test_a_throttle_lets_so_many_a_second_through_for_each_topic(clock: Clock) -> None:
    throttle = Throttle(4)
    taken = []
    for _ in range(20):
        taken.append(throttle.take("room"))
        clock.now += 0.0625
    assert taken == ([True] + [False] * 3) * 5
    assert throttle.take("room")
    assert throttle.take("another")


def test_a_throttle_forgets_topics_that_rest(clock: Clock) -> None:
    throttle = Throttle(4)
    for number in range(3000):
        assert throttle.take(str(number))
        clock.now += 1
    assert len(throttle._taken) <= 1001
