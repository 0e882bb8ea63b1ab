"""The other side of the sandbox: what runs in the process of its own, as a script.

It is called with module:function, a number of seconds and a number of megabytes; the data is on
its standard input, JSON goes to its standard output. It limits itself before it imports anything.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

MAX_RESULT = 30_000_000
"""Bytes of JSON that a task may give."""

NO_MEMORY, NO_ROOM = 3, 4  # exit codes: out of memory, result over MAX_RESULT

_FORBIDDEN = ("os.fork", "os.posix_spawn", "os.exec", "os.system", "subprocess.", "socket.", "pty.")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def main(task: str, seconds: float, memory_mb: int) -> int:
    """Run one task and write what it gives; returns the exit code."""
    _limit(seconds, memory_mb)
    out = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints goes nowhere
    sys.path.append(str(Path(__file__).resolve().parents[3]))
    module, _, function = task.partition(":")
    work = getattr(import_module(module), function)
    sys.addaudithook(_forbid)
    try:
        written = json.dumps(_report(work, sys.stdin.buffer.read())).encode()
    except MemoryError:
        return NO_MEMORY
    if len(written) > MAX_RESULT:
        return NO_ROOM
    with open(out, "wb") as file:
        file.write(written)
    return 0


def _report(work: Callable[[bytes], Any], data: bytes) -> dict[str, Any]:
    from quiz.content.intake.import_errors import Refused  # a script knows no package

    try:
        return {"gives": work(data)}
    except Refused as refused:
        said = (refused.message, refused.fix)
        return {"refused": [[words.template, dict(words.values)] for words in said]}


def _limit(seconds: float, memory_mb: int) -> None:
    """Bound this process, for when nobody is left to watch it too. Needs POSIX."""
    try:
        import resource
        import signal
    except ImportError:  # Windows
        return
    time = math.ceil(seconds) + 1
    signal.alarm(time)
    for name, limit in (
        ("RLIMIT_AS", memory_mb * 1024 * 1024),
        ("RLIMIT_CPU", time),
        ("RLIMIT_FSIZE", MAX_RESULT + 1),
        ("RLIMIT_NPROC", 0),  # no process or thread more; root is not held by it
        ("RLIMIT_CORE", 0),
    ):
        with suppress(AttributeError, ValueError, OSError):  # not every system has each of them
            resource.setrlimit(getattr(resource, name), (limit, limit))


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """Reading a file needs no other process, no network and no other file to write."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and not isinstance(arguments[0], int) and arguments[2] & _WRITING:
        raise PermissionError(arguments[0])


if __name__ == "__main__":
    code = main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.flush()
    os._exit(code)  # a tree too deep to be taken down would crash on the way out
