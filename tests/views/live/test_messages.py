"""What is said to the screens of a room when it moves."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from quiz.domain.room import Phase, State
from quiz.views.live import messages
from tests.factories import NOW

IN_HALF_A_MINUTE = NOW + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("deadline", "paused_at", "line"),
    [
        (None, None, "question-2 -"),
        (IN_HALF_A_MINUTE, None, f"question-2 {IN_HALF_A_MINUTE.timestamp()}"),
        (IN_HALF_A_MINUTE, NOW + timedelta(seconds=10), "question-2-paused =20000"),
    ],
    ids=["no timer", "running", "paused with twenty seconds left"],
)
def test_a_room_tells_its_stage_and_its_clock(
    monkeypatch: pytest.MonkeyPatch,
    deadline: datetime | None,
    paused_at: datetime | None,
    line: str,
) -> None:
    said: list[tuple[str, str]] = []

    class Events:
        def publish(self, topic: str, message: str) -> None:
            said.append((topic, message))

    monkeypatch.setattr(messages, "events", Events)

    messages.tell_room("r1", State(Phase.QUESTION, 2, NOW, deadline, paused_at))

    assert said == [("r1", line)]
