"""The audit finds every kind of damage: one round is played, and the books are cooked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.durability import audit
from tests.durability.audit import Contents
from tests.durability.players import Log, Player, Submit
from tests.durability.servers import Server


def play_a_round(player: Player) -> None:
    round_id = player.start_round("investigation")
    while (position := player.where(round_id)) is not None:
        sheet = player.look_at(round_id, position)
        while "look" in sheet.hidden:
            submit = player.decide(round_id, position, sheet)
            sheet = player.submit(submit, sheet.hidden["csrf_token"])


def another(submit: Submit) -> Submit:
    return replace(submit, verdict="true" if submit.verdict != "true" else "false")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_audit_finds_every_kind_of_damage(
    stocked: str,
    serve: Callable[..., Server],
    sit_down: Callable[..., Player],
    questions: Path,
) -> None:
    gil = sit_down(serve(stocked))
    play_a_round(gil)
    log, stored = gil.log, audit.read(stocked)
    first, *others = stored.responses
    (played,) = stored.rounds
    assert played.points is not None
    assert audit.problems(log, stored, questions) == []

    def with_responses(*responses: audit.Stored) -> Contents:
        return replace(stored, responses=list(responses))

    told = replace(log.sent[0], position=6)
    cooked: dict[str, tuple[Log, Contents]] = {
        "lost": (log, with_responses(*others)),
        "lost: what was there before": (replace(log, told=[told]), stored),
        "changed": (log, with_responses(replace(first, confidence=3 - first.confidence), *others)),
        "double": (log, with_responses(first, first, *others)),
        "phantom": (Log(sent=[another(s) for s in log.sent]), stored),
        "somebody else's": (log, with_responses(replace(first, player=99), *others)),
        "Gil is several players": (
            log,
            with_responses(replace(first, player=99, owner=99), *others),
        ),
        "miscounted": (log, replace(stored, rounds=[replace(played, points=played.points + 1)])),
        "integrity": (log, replace(stored, damage=["integrity: page 3"])),
    }
    for kind, (some_log, contents) in cooked.items():
        found = audit.problems(some_log, contents, questions)
        assert any(problem.startswith(kind) for problem in found), (kind, found)
