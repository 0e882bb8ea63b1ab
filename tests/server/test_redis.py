"""The hub of several processes, with a real Redis that is stopped, frozen and started again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from math import inf

import pytest

import run
from quiz import create_app
from quiz.config import BadSetting
from quiz.server.events import RESYNC, Closed, RedisEvents
from tests.redis_server import RedisServer
from tests.server.listening import PATIENCE, await_that

SAY = """
import sys
from quiz.server.events import RedisEvents
hub = RedisEvents(sys.argv[1])
for line in sys.stdin:
    hub.publish(*line.split())
"""
MakeHub = Callable[[], RedisEvents]


@pytest.fixture
def new_hub(redis: RedisServer) -> Iterator[MakeHub]:
    """Makes the hub of one more process, closed at the end."""
    hubs: list[RedisEvents] = []

    def make() -> RedisEvents:
        hubs.append(RedisEvents(redis.url))
        return hubs[-1]

    yield make
    for hub in hubs:
        hub.close()


def test_what_one_process_publishes_is_heard_in_another(
    redis: RedisServer, new_hub: MakeHub
) -> None:
    hub = new_hub()
    assert hub.is_connected
    with hub.subscribe("room") as subscription:
        said = "elsewhere nothing\nroom opened\nroom ﬁni\n"
        subprocess.run(
            [sys.executable, "-c", SAY, redis.url],
            input=said.encode(),
            check=True,
            cwd=run.ROOT,
        )
        assert subscription.get(PATIENCE) == "opened"
        assert subscription.get(PATIENCE) == "ﬁni"


def test_a_process_hears_itself_once(new_hub: MakeHub) -> None:
    hub = new_hub()
    with hub.subscribe("room") as subscription:
        hub.publish("room", "one")
        hub.publish("room", "two")
        assert [subscription.get(PATIENCE) for _ in range(2)] == ["one", "two"]


def test_when_redis_goes_away_everybody_is_sent_off_and_nobody_waits(
    redis: RedisServer, new_hub: MakeHub
) -> None:
    hub = new_hub()
    subscription = hub.subscribe("room")
    redis.stop()
    with pytest.raises(Closed):
        subscription.get(PATIENCE)
    assert not hub.is_connected
    with pytest.raises(Closed):
        hub.subscribe("room").get(PATIENCE)
    hub.publish("room", "nobody hears")


def test_when_redis_is_back_so_are_the_events(redis: RedisServer, new_hub: MakeHub) -> None:
    hub, other = new_hub(), new_hub()
    assert hub.is_connected
    assert other.is_connected
    redis.stop()
    await_that(lambda: not hub.is_connected and not other.is_connected)
    redis.start()
    await_that(lambda: hub.is_connected and other.is_connected)
    with hub.subscribe("room") as subscription:
        await_that(lambda: other.publish("room", "back") or subscription.get(0.1) == "back")


def test_a_redis_that_does_not_answer_counts_as_away(redis: RedisServer, new_hub: MakeHub) -> None:
    hub = new_hub()
    subscription = hub.subscribe("room")
    hub.publish("room", "a connection to publish on is open")
    redis.freeze()
    try:
        for _ in range(1000):  # at half a second each this would never end
            hub.publish("room", "nobody hears")
        await_that(lambda: subscription.has_ended)
        assert not hub.is_connected
    finally:
        redis.thaw()
    await_that(lambda: hub.is_connected)


def test_what_could_not_be_published_becomes_a_word_to_look_anew(new_hub: MakeHub) -> None:
    hub, other = new_hub(), new_hub()
    assert hub.is_connected  # which ends any rest
    with other.subscribe("room") as subscription:
        hub._rests_until = inf  # as after a failure
        hub.publish("room", "lost")
        hub._rests_until = 0.0
        assert subscription.get(PATIENCE) == RESYNC


def test_a_hub_that_was_forked_listens_in_the_child_too(redis: RedisServer) -> None:
    forked = """
import os, sys
from quiz.server.events import RedisEvents
hub = RedisEvents(sys.argv[1])
assert hub.is_connected
child = os.fork()
with hub.subscribe("room") as subscription:
    while subscription.get(0.1) is None:
        hub.publish("room", "heard")
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os._exit(0)
"""
    done = subprocess.run(
        [sys.executable, "-c", forked, redis.url], timeout=PATIENCE, check=False, cwd=run.ROOT
    )
    assert done.returncode == 0


@pytest.mark.parametrize(
    "url", ["localhost", "http://localhost", "redis://:secret@localhost:port", "redis:/x:y"]
)
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(BadSetting, match="QUIZ_REDIS_URL") as refused:
        create_app({"REDIS_URL": url, "SQLALCHEMY_DATABASE_URI": "sqlite://"})
    assert "secret" not in str(refused.value)
