"""What a screen of a live room makes of a message, and of the time left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

import pytest

from quiz.domain.room import Phase, State
from quiz.views.live.messages import line_of

Script = Callable[..., Any]

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=42, milliseconds=500)
PAUSED = NOW - timedelta(seconds=10)


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize(
    ("deadline", "paused_at", "left"),
    [
        (None, None, None),
        (LATER, None, 42_500),
        (NOW, None, 0),
        (PAUSED, None, 0),
        (LATER, PAUSED, 52_500),
    ],
    ids=["no clock", "time left", "just over", "over", "a pause"],
)
def test_a_screen_understands_what_the_server_says(
    script: Script,
    phase: Phase,
    deadline: datetime | None,
    paused_at: datetime | None,
    left: int | None,
) -> None:
    state = State(phase, 3, NOW, deadline, paused_at)
    assert script("live/messages.js", "m.parse(...given)", line_of(state, NOW)) == [
        {"kind": "stage", "stage": state.stage, "left": left}
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", []),
        ("\n \n", []),
        ("look", [{"kind": "look"}]),
        ("count 3 30", [{"kind": "count", "answered": "3", "seated": "30"}]),
        (
            "question-1 5000\ncount 0 2\n",
            [
                {"kind": "stage", "stage": "question-1", "left": 5000},
                {"kind": "count", "answered": "0", "seated": "2"},
            ],
        ),
        (
            " lobby-0 -\r\nlook",
            [{"kind": "stage", "stage": "lobby-0", "left": None}, {"kind": "look"}],
        ),
    ],
)
def test_a_text_is_read_line_by_line(script: Script, text: str, kinds: object) -> None:
    assert script("live/messages.js", "m.parse(...given)", text) == kinds


def test_the_clock_shows_what_the_page_came_with(script: Script) -> None:
    seconds = list(range(3700))
    shown = script("live/time_left.js", "given.map(m.digits)", *seconds)
    assert shown == [f"{n // 60}:{n % 60:02d}" for n in seconds]


def test_a_second_begun_counts_until_it_is_over(script: Script) -> None:
    left = [-1000, -0.5, 0, 0.5, 999, 1000, 1000.25, 59_999, 60_000, 60_001]
    seconds = script("live/time_left.js", "given.map(m.secondsOf)", *left)
    assert seconds == [ceil(max(0, milliseconds) / 1000) for milliseconds in left]


def test_ten_seconds_are_short(script: Script) -> None:
    assert script("live/time_left.js", "given.map(m.isShort)", 0, 10, 11) == [True, True, False]
