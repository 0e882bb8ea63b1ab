"""Work on files nobody can vouch for, in a process of its own that can be killed.

The process gets the file and nothing else: no environment, no settings, no database. It may use
little memory and time, start no other process and write no file; the whole group of it is killed
at the time limit. Where the system has no such limits (Windows), only the time is limited.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from ...domain.message import Message, msg
from .import_errors import Broken, Busy, Refused, TooBig, TookTooLong
from .sandbox_child import MAX_RESULT, NO_MEMORY, NO_ROOM

TASKS = {
    "archive": "quiz.content.intake.untrusted:archive",
    "extract.docx": "quiz.content.intake.extract.word:read",
    "extract.html": "quiz.content.intake.extract.page:read",
    "extract.md": "quiz.content.intake.extract.markdown:read",
    "extract.pdf": "quiz.content.intake.extract.pdf:read",
    "extract.txt": "quiz.content.intake.extract.txt:read",
    "table": "quiz.content.intake.untrusted:table",
}
"""All that can be run in it: module:function, which takes bytes and returns what JSON can hold."""

AT_ONCE = 2
PATIENCE = 0.5  # seconds: who waits holds a thread that could serve players
_slots = BoundedSemaphore(AT_ONCE)

_CHILD = Path(__file__).with_name("sandbox_child.py")
_TIME_IS_UP = {-getattr(signal, name, 0) for name in ("SIGXCPU", "SIGALRM")} - {0}


def run_in_sandbox(task: str, data: bytes, *, seconds: float = 10, memory_mb: int = 512) -> Any:
    """What the function TASKS[task] makes of the data, run in a process of its own.

    Two run at once; others wait for PATIENCE only. Under gevent only the caller waits. Raises
    TookTooLong, TooBig (memory or result), Broken (it crashed, or gave no JSON), Busy (no turn),
    and Refused as the function itself raised it.
    """
    if not _slots.acquire(timeout=PATIENCE):
        raise Busy
    try:
        # Files, not pipes: nothing to pump, and the system itself limits what is written.
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as gives:
            given.write(data)
            given.seek(0)
            code = _run([TASKS[task], str(seconds), str(memory_mb)], given, gives, seconds)
            gives.seek(0)
            return _result(code, gives.read(MAX_RESULT + 1))
    finally:
        _slots.release()


def _run(arguments: list[str], given: Any, gives: Any, seconds: float) -> int:
    """The exit code of the child, of which nothing is left when this returns or raises."""
    process = subprocess.Popen(
        [sys.executable, "-I", str(_CHILD), *arguments],
        stdin=given,
        stdout=gives,
        stderr=subprocess.DEVNULL,
        cwd=os.path.abspath(os.sep),
        # Windows starts no program without SYSTEMROOT.
        env={name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
        start_new_session=True,
    )
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise TookTooLong from error
    finally:
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and all it may have started, at once."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _result(code: int, output: bytes) -> Any:
    if code in _TIME_IS_UP:
        raise TookTooLong
    if code in (NO_MEMORY, NO_ROOM) or len(output) > MAX_RESULT:
        raise TooBig
    try:
        report = json.loads(output) if code == 0 else None
    except (ValueError, RecursionError) as error:
        raise Broken from error
    match report:
        case {"gives": result}:
            return result
        case {"refused": [message, fix]}:
            raise Refused(words_of(message), words_of(fix))
    raise Broken


def words_of(pair: Any) -> Message:
    """The words behind their template and values, as they come out of JSON."""
    template, values = pair
    return msg(template, **values)
