"""What streams and polls tell a screen: which stage its room is at, and how much time is left.

Never more: whatever is shown comes by a plain GET. A message carries the deadline, and each stream
makes it into the time left when it sends it, so that no two clocks have to agree.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ...domain.room import State
from ...server.events import Throttle, events
from ...server.streams import LOOK

COUNTS_PER_SECOND = 4
_counts = Throttle(COUNTS_PER_SECOND)


def line_of(state: State, now: datetime) -> str:
    """The state in a line: its stage, and the milliseconds left or "-"."""
    left = state.left(now)
    return f"{state.stage} {'-' if left is None else left // timedelta(milliseconds=1)}"


def topics_of_seat(room_id: str, seat_id: int) -> tuple[str, str]:
    """What a player's screen listens to."""
    return room_id, f"{room_id}/seat/{seat_id}"


def topics_of_host(room_id: str) -> tuple[str, str]:
    """What a host's screen listens to."""
    return room_id, f"{room_id}/host"


def tell_room(room_id: str, state: State) -> None:
    """Say to every screen of the room where it stands. After the commit."""
    if state.deadline is None:
        clock = "-"
    elif state.paused_at is not None:
        clock = f"={(state.deadline - state.paused_at) // timedelta(milliseconds=1)}"
    else:
        clock = str(state.deadline.timestamp())
    events().publish(room_id, f"{state.stage} {clock}")


def tell_seat(room_id: str, seat_id: int) -> None:
    """Make one player's screen look again."""
    events().publish(f"{room_id}/seat/{seat_id}", LOOK)


def tell_host(room_id: str) -> None:
    """Make the host's screens look again: who sits there, or under which name, has changed."""
    events().publish(f"{room_id}/host", LOOK)


def count_is_due(room_id: str) -> bool:
    """Whether the host's counter may be told again; a few times a second is enough."""
    return _counts.take(room_id)


def tell_count(room_id: str, answered: int, seated: int) -> None:
    """Tell the host's screens how many have answered."""
    events().publish(f"{room_id}/host", f"count {answered} {seated}")


def heard(message: str) -> str:
    """The line to send for a message."""
    if message == LOOK or message.startswith("count "):
        return message
    stage, clock = message.split(" ")
    if clock == "-" or clock.startswith("="):
        return f"{stage} {clock.removeprefix('=')}"
    left = datetime.fromtimestamp(float(clock), UTC) - datetime.now(UTC)
    return f"{stage} {max(0, left // timedelta(milliseconds=1))}"
