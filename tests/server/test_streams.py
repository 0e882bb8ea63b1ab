"""Streams as a browser meets them: what is sent, what is refused, what is held meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from werkzeug.test import TestResponse

from quiz.domain.errors import NotFound
from quiz.server import streams
from quiz.server.events import RESYNC, WAITING, LocalEvents
from quiz.server.streams import ELSEWHERE, LOOK, encode
from quiz.storage.db import db
from tests import world
from tests.server.talking import bp

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """The game with streams to listen to, room for five, and one database connection."""
    options = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 1}
    with world.running(database_url, STREAMS=5, SQLALCHEMY_ENGINE_OPTIONS=options) as app:
        app.register_blueprint(bp)
        yield app


@pytest.fixture
def hub(app: Flask) -> LocalEvents:
    """Where these tests publish."""
    hub: LocalEvents = app.extensions["events"]
    return hub


def listen(client: FlaskClient, path: str = "/talking/room") -> TestResponse:
    """A stream, none of it read."""
    return client.get(path, headers={"Accept-Encoding": "br, gzip"})


def sent(response: TestResponse) -> str:
    """What comes next."""
    return next(iter(response.response)).decode()  # type: ignore[call-overload]


def parse(stream: str) -> list[str]:
    """The texts of a stream, by the letter of the standard (HTML, 9.2.6)."""
    texts, data = [], ""
    for line in re.split("\r\n|\r|\n", stream.removeprefix("\ufeff")):
        if not line:
            if data:
                texts.append(data.removesuffix("\n"))
            data = ""
            continue
        field, colon, value = line.partition(":")
        if colon and field == "data":
            data += value.removeprefix(" ") + "\n"
    return texts


# What is sent.


def test_a_stream_begins_with_the_snapshot_and_goes_on_with_messages(
    client: FlaskClient, hub: LocalEvents
) -> None:
    with listen(client) as response:
        assert re.fullmatch(r"retry: \d{4}\ndata: here\n\n", sent(response))
        hub.publish("room", "opened")
        assert sent(response) == "data: opened\n\n"


def test_its_headers_keep_everybody_from_keeping_it(client: FlaskClient) -> None:
    with listen(client) as response:
        assert response.status_code == 200
        assert response.mimetype == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store, no-transform"
        assert response.headers["X-Accel-Buffering"] == "no"
        assert "Content-Encoding" not in response.headers
        assert "Content-Length" not in response.headers
        assert "Content-Security-Policy" in response.headers
        assert "Set-Cookie" not in response.headers


def test_clients_come_back_at_different_times(app: Flask) -> None:
    waits = set()
    for _ in range(20):
        with listen(app.test_client()) as response:
            waits.add(int(sent(response).split()[1]))
    assert len(waits) > 10
    assert 1500 <= min(waits) <= max(waits) <= 4000


def test_who_missed_messages_is_told_to_look(client: FlaskClient, hub: LocalEvents) -> None:
    with listen(client) as response:
        sent(response)
        for _ in range(WAITING + 1):
            hub.publish("room", "too much")
        assert sent(response) == encode(LOOK).decode()
        hub.publish("room", RESYNC)
        assert sent(response) == encode(LOOK).decode()


def test_a_silent_stream_shows_that_it_lives(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.01)
    with listen(client) as response:
        sent(response)
        assert parse(sent(response)) == []


def test_messages_that_say_nothing_to_a_client_do_not_keep_the_heartbeat_away(
    app: Flask, hub: LocalEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)
    with app.test_request_context():
        response = streams.stream(("room",), "me", lambda: "", lambda _message: None)
    body = iter(response.response)
    next(body)  # type: ignore[call-overload]
    hub.publish("room", "for others")
    assert next(body) == b":\n\n"  # type: ignore[call-overload]
    response.close()


def test_what_happens_while_the_snapshot_is_taken_is_not_missed(
    app: Flask, hub: LocalEvents
) -> None:
    def snapshot() -> str:
        hub.publish("room", "meanwhile")
        return "before"

    with app.test_request_context():
        response = streams.stream(("room",), "me", snapshot, str)
    body = iter(response.response)
    assert [parse(next(body).decode()) for _ in range(2)] == [["before"], ["meanwhile"]]  # type: ignore[call-overload]
    response.close()


@given(st.lists(st.text() | st.text("\r\n :dat\u2028\u0085\x0b\x00\ufeff")))
def test_any_text_arrives_as_it_was_sent(texts: list[str]) -> None:
    stream = "retry: 2000\n" + "".join(encode(text).decode() for text in texts)
    assert parse(stream) == [re.sub("\r\n|\r", "\n", text) for text in texts]


def test_a_lone_surrogate_does_not_end_a_stream() -> None:
    assert parse(encode("a\ud800b").decode()) == ["a?b"]


# What is refused, and what ends.


def test_of_three_streams_of_one_owner_the_oldest_ends(app: Flask, hub: LocalEvents) -> None:
    path = "/talking/room?owner=me"
    mine = [listen(app.test_client(), path) for _ in range(2)]
    with listen(app.test_client(), "/talking/room?owner=another") as others:
        mine.append(listen(app.test_client(), path))
        for response in [*mine, others]:
            sent(response)
        assert parse(sent(mine[0])) == [ELSEWHERE]
        with pytest.raises(StopIteration):
            sent(mine[0])
        hub.publish("room", "opened")
        assert {sent(response) for response in [*mine[1:], others]} == {"data: opened\n\n"}
    for response in mine:
        response.close()
    assert app.extensions["streams"].taken == 0
    assert not app.extensions["streams"]._of


def test_when_all_places_are_taken_the_client_is_told_to_stop(app: Flask) -> None:
    open_ones = [listen(app.test_client()) for _ in range(5)]
    refused = listen(app.test_client())
    assert refused.status_code == 204
    assert refused.headers["Cache-Control"] == "no-store, no-transform"
    open_ones.pop().close()
    with listen(app.test_client()) as response:
        assert response.status_code == 200
    for response in open_ones:
        response.close()


def test_a_hub_that_hears_nothing_has_no_streams(client: FlaskClient, hub: LocalEvents) -> None:
    with listen(client) as response:
        sent(response)
        hub.close()
        with pytest.raises(StopIteration):
            sent(response)
    assert listen(client).status_code == 204


def test_a_place_is_given_back_however_a_stream_ends(app: Flask) -> None:
    places = app.extensions["streams"]
    with listen(app.test_client()) as response:
        sent(response)
        assert places.taken == 1
    assert places.taken == 0
    listen(app.test_client()).close()  # never read
    assert places.taken == 0
    app.test_client().head("/talking/room").close()
    assert places.taken == 0

    def no_such_room() -> str:
        raise NotFound

    with app.test_request_context(), pytest.raises(NotFound):
        streams.stream(("room",), "me", no_such_room, str)
    assert places.taken == 0
    assert not app.extensions["events"]._listeners


def test_a_server_without_another_thread_refuses_the_stream(app: Flask) -> None:
    def no_more(_streams: int) -> None:
        raise RuntimeError("can't start new thread")

    app.extensions["streams"].resize = no_more
    assert listen(app.test_client()).status_code == 204
    assert app.extensions["streams"].taken == 0


# What is held.


def test_open_streams_hold_no_database_connection(app: Flask) -> None:
    open_ones = [listen(app.test_client()) for _ in range(5)]  # the pool has one
    for response in open_ones:
        sent(response)
    with app.app_context():
        assert db.session.scalar(text("SELECT 1")) == 1
    for response in open_ones:
        response.close()
