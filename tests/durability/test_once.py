"""One question, one answer: whoever else writes, and however many send it at once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event

import pytest

from tests.durability import audit
from tests.durability.players import Browser, Player, form_of, path_of
from tests.durability.servers import Server

SUBMITS = 200

Serve = Callable[..., Server]
SitDown = Callable[..., Player]


def test_one_of_200_parallel_submits_counts(
    stocked: str, serve: Serve, sit_down: SitDown, questions: Path
) -> None:
    server = serve(stocked)
    gil = sit_down(server)
    round_id = gil.start_round("quick")
    sheet = gil.look_at(round_id, 1)
    first = gil.decide(round_id, 1, sheet)
    token = sheet.hidden["csrf_token"]
    # Half are the same form again and again, half are other windows with other answers.
    others = [
        replace(gil.decide(round_id, 1, sheet), key=f"{first.key[:16]}-{n}")
        for n in range(SUBMITS // 2)
    ]
    at_once = Barrier(SUBMITS)

    def send(n: int) -> None:
        browser = Browser(server, dict(gil.browser.cookies), Event())
        at_once.wait(60)
        gil.submit(others[n // 2] if n % 2 else first, token, browser)
        browser.close()

    with ThreadPoolExecutor(SUBMITS) as pool:
        list(pool.map(send, range(SUBMITS)))

    contents = audit.read(stocked)
    assert len(contents.responses) == 1
    assert len(gil.log.acknowledged) + len(gil.log.told) == SUBMITS
    assert {submit.key for submit in gil.log.acknowledged} == {contents.responses[0].key}
    assert audit.problems(gil.log, contents, questions) == []


def test_same_key_with_another_answer_is_refused(
    stocked: str, serve: Serve, sit_down: SitDown, questions: Path
) -> None:
    gil = sit_down(serve(stocked))
    round_id = gil.start_round("quick")
    sheet = gil.look_at(round_id, 1)
    submit = replace(gil.decide(round_id, 1, sheet), verdict="true")
    gil.submit(submit, sheet.hidden["csrf_token"])

    other = form_of(replace(submit, verdict="false"), sheet.hidden["csrf_token"])
    assert gil.browser.once("POST", path_of(submit), other).status == 409
    assert audit.problems(gil.log, audit.read(stocked), questions) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", ["/answer/part", "/answer"])
def test_submit_that_finds_the_database_locked_is_told_to_come_again(
    path: str, stocked: str, serve: Serve, sit_down: SitDown, questions: Path
) -> None:
    server = serve(stocked)
    gil = sit_down(server)
    round_id = gil.start_round("quick")
    sheet = gil.look_at(round_id, 1)
    submit = gil.decide(round_id, 1, sheet)
    form = form_of(submit, sheet.hidden["csrf_token"])
    where = f"/rounds/{round_id}/1{path}"

    with (
        closing(sqlite3.connect(stocked.removeprefix("sqlite:///"))) as writer,
        ThreadPoolExecutor(1) as pool,
    ):
        writer.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        waiting = pool.submit(gil.browser.once, "POST", where, form)
        page = gil.other.once("GET", "/")
        reply = waiting.result()
        waited = time.monotonic() - began
        writer.rollback()

    assert page.status == 200
    assert reply.status == 503
    assert reply.retry_after is not None
    assert int(reply.retry_after) > 0
    assert waited >= 2, "given up before another writer could have ended"
    assert audit.read(stocked).responses == []

    gil.submit(submit, sheet.hidden["csrf_token"])
    gil.submit(submit, sheet.hidden["csrf_token"])  # and again, as if the response had been lost
    assert gil.log.acknowledged == [submit, submit]
    assert len(audit.read(stocked).responses) == 1
    assert audit.problems(gil.log, audit.read(stocked), questions) == []
