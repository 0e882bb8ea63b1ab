"""Hostile work is stopped, named, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import run
from quiz.content.intake import sandbox as module
from quiz.content.intake.import_errors import Broken, Busy, Refused, TooBig, TookTooLong
from quiz.content.intake.sandbox import TASKS, run_in_sandbox

ROOT = run.ROOT
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has only the time limit")


@pytest.fixture(autouse=True)
def _hostile_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.content.intake import sandbox_tasks

    for name in vars(sandbox_tasks):
        monkeypatch.setitem(TASKS, name, f"tests.content.intake.sandbox_tasks:{name}")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The process groups that were started."""
    pids: list[int] = []

    class Recorded(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            pids.append(self.pid)

    monkeypatch.setattr(module.subprocess, "Popen", Recorded)
    return pids


def is_gone(group: int) -> bool:
    """Whether no process of a group runs any more. The killed may take a moment to die."""
    patience = time.monotonic() + 5
    while time.monotonic() < patience:
        if not alive(group):
            return True
    return False


def alive(group: int) -> list[str]:
    """The processes of a group that run: none that is dead and only not yet reaped."""
    fields = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields.append(stat.read_text().rpartition(")")[2].split())
    return [f[0] for f in fields if int(f[2]) == group and f[0] not in "ZX"]


def test_what_the_function_gives_comes_back() -> None:
    assert run_in_sandbox("echo", "« été » \0 x".encode()) == "« été » \0 x"


def test_only_registered_functions_can_be_called() -> None:
    with pytest.raises(KeyError):
        run_in_sandbox("os:system", b"true")


def test_a_refusal_comes_back_in_words_that_can_be_translated() -> None:
    with pytest.raises(Refused) as caught:
        run_in_sandbox("refuse", b"{pont}")
    assert caught.value.message == "No “{pont}” here."
    assert caught.value.message.template == "No “{name}” here."
    assert caught.value.message.values == {"name": "{pont}"}
    assert caught.value.fix == "Bring another."


def test_nothing_of_the_environment_is_seen_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZ_SECRET_KEY", "hunter2")
    inside = run_in_sandbox("surroundings", b"")
    assert "hunter2" not in str(inside)
    assert set(inside["env"]) <= {"LC_CTYPE", "SYSTEMROOT"}
    assert inside["cwd"] == os.path.abspath(os.sep)
    assert not inside["app"], "the application itself is not loaded"


@pytest.mark.parametrize("task", ["loop", "sleep"])
def test_what_does_not_end_is_stopped(task: str, started: list[int]) -> None:
    begun = time.monotonic()
    with pytest.raises(TookTooLong):
        run_in_sandbox(task, b"", seconds=0.5)
    assert time.monotonic() - begun < 3
    assert is_gone(started[0])


@POSIX
def test_a_memory_hog_is_stopped(started: list[int]) -> None:
    with pytest.raises(TooBig):
        run_in_sandbox("hog", b"", memory_mb=200)
    assert is_gone(started[0])


def test_a_huge_result_is_not_taken() -> None:
    with pytest.raises(TooBig):
        run_in_sandbox("huge", b"")


@pytest.mark.parametrize(
    "task",
    ["recurse", "leave", "no_json", "garbage", "fork", "start", "connect", "write"],
)
def test_a_crash_nonsense_and_what_is_forbidden_are_named(task: str, started: list[int]) -> None:
    with pytest.raises(Broken):
        run_in_sandbox(task, b"")
    assert is_gone(started[0])


@POSIX
def test_a_segmentation_fault_is_named() -> None:
    with pytest.raises(Broken):
        run_in_sandbox("crash", b"")


def test_what_a_library_prints_does_no_harm() -> None:
    assert run_in_sandbox("chatter", b"") == "quiet"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_nothing_of_a_fork_bomb_is_left(started: list[int]) -> None:
    with pytest.raises(TookTooLong):
        run_in_sandbox("fork_below_python", b"", seconds=0.7)
    assert is_gone(started[0])


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_nothing_is_left_of_what_a_finished_task_had_started(started: list[int]) -> None:
    assert run_in_sandbox("fork_and_return", b"") == "done"
    assert is_gone(started[0])


def test_at_most_two_run_at_once_and_the_others_wait_their_turn_or_are_told() -> None:
    with module._slots, module._slots, pytest.raises(Busy):
        run_in_sandbox("echo", b"", seconds=0.05)
    assert run_in_sandbox("echo", b"x") == "x"


def test_a_slot_is_free_again_after_every_failure() -> None:
    for _ in range(module.AT_ONCE + 1):
        with pytest.raises(Broken):
            run_in_sandbox("leave", b"")
    assert run_in_sandbox("echo", b"x", seconds=5) == "x"


@POSIX
def test_under_gevent_the_others_go_on_meanwhile() -> None:
    script = """
from gevent import monkey
monkey.patch_all()
import gevent, time
from quiz.content.intake.sandbox import TASKS, run_in_sandbox
from quiz.content.intake.import_errors import TookTooLong
TASKS["sleep"] = "tests.content.intake.sandbox_tasks:sleep"
TASKS["echo"] = "tests.content.intake.sandbox_tasks:echo"
worst = 0.0
def tick():
    global worst
    while True:
        before = time.monotonic()
        gevent.sleep(0.01)
        worst = max(worst, time.monotonic() - before)
ticking = gevent.spawn(tick)
def stopped():
    try:
        run_in_sandbox("sleep", b"", seconds=0.7)
    except TookTooLong:
        return "stopped"
jobs = [gevent.spawn(stopped), gevent.spawn(run_in_sandbox, "echo", b"x")]
gevent.joinall(jobs)
print([job.value for job in jobs], worst < 0.5, worst)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert ran.stdout.startswith("['stopped', 'x'] True"), ran.stdout + ran.stderr
