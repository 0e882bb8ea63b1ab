"""What the editor's script does with two people's words is what the server does with them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from quiz.domain.merge import field_digest, merge

Script = Callable[..., Any]
TEXTS = ("", "It rains.", "It pours.", "Il pleut à verse\nici. 😀")
CASES = {f"field-{n}": texts for n, texts in enumerate(product(TEXTS, repeat=3))}
SENT, MINE, THEIRS = ({name: texts[side] for name, texts in CASES.items()} for side in range(3))
"""Every way in which a field can have been sent, be typed by now, and be stored by now."""


def joined(script: Script) -> dict[str, Any]:
    """What the script makes of all cases at once: they are fields of one form."""
    found: dict[str, Any] = script("desk/merge.js", "m.merge(...given)", SENT, MINE, THEIRS)
    return found


def test_a_field_shows_what_the_server_would_store(script: Script) -> None:
    ours = joined(script)
    stored = merge({name: field_digest(text) for name, text in SENT.items()}, MINE, THEIRS)
    clashes = {conflict.field for conflict in stored.conflicts}

    shown = MINE | ours["values"]

    assert {n: shown[n] for n in CASES if n not in clashes} == {
        n: stored.values[n] for n in CASES if n not in clashes
    }
    assert {n: shown[n] for n in clashes} == {n: MINE[n] for n in clashes}  # typed words stay
    assert len(clashes) > 20


def test_a_clash_is_found_by_the_next_save(script: Script) -> None:
    ours = joined(script)
    first = merge({name: field_digest(text) for name, text in SENT.items()}, MINE, THEIRS)
    based_on = THEIRS | {name: SENT[name] for name in ours["behind"]}

    again = merge(
        {name: field_digest(text) for name, text in based_on.items()},
        MINE | ours["values"],
        THEIRS,
    )

    assert again.conflicts == first.conflicts


def test_news_are_told_of_fields_that_only_somebody_else_changed(script: Script) -> None:
    changed = [n for n, (sent, mine, theirs) in CASES.items() if mine == sent != theirs]
    assert joined(script)["news"] == changed


def test_a_field_that_one_side_does_not_have_is_left_alone(script: Script) -> None:
    sent, mine, theirs = {"a": "1"}, {"a": "1"}, {"a": "1", "quote": "new"}
    assert script("desk/merge.js", "m.merge(...given)", sent, mine, theirs) == {
        "values": {},
        "behind": [],
        "news": [],
    }


def test_what_differs_is_what_was_typed(script: Script) -> None:
    now, saved = {"claim": "a", "note": "b", "new": ""}, {"claim": "a", "note": "c"}
    assert script("desk/merge.js", "m.differing(...given)", now, saved) == ["note", "new"]


def test_what_was_refused_before_is_kept_on(script: Script) -> None:
    now, saved = (
        {"claim": "a", "note": "b", "rule": "T1"},
        {"claim": "a", "note": "c", "rule": "T1"},
    )
    kept = {"claim": ["a", "base"]}
    assert script("desk/merge.js", "m.toKeep(...given)", now, saved, kept) == ["claim", "note"]
    assert script("desk/merge.js", "m.toKeep(...given)", now, saved, {}) == ["note"]


def test_only_what_is_not_stored_is_offered_again(script: Script) -> None:
    kept = {"claim": ["a", "x"], "note": ["b", "y"], "gone": ["", "z"], "quote": ["q", "w"]}
    saved = {"claim": "a", "note": "c"}
    assert script("desk/merge.js", "m.lost(...given)", kept, saved) == [
        ["note", ["b", "y"]],
        ["quote", ["q", "w"]],
    ]
