"""What hostile code could try, as tasks that run apart."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import tempfile
import time
from typing import Any

from quiz.content.intake.import_errors import Refused
from quiz.domain.message import msg


def echo(data: bytes) -> str:
    return data.decode()


def surroundings(_data: bytes) -> dict[str, Any]:
    return {"env": dict(os.environ), "cwd": os.getcwd(), "app": "flask" in sys.modules}


def loop(_data: bytes) -> None:
    while True:
        pass


def sleep(_data: bytes) -> None:
    time.sleep(60)


def hog(_data: bytes) -> None:
    kept = []
    while True:
        kept.append(b"x" * 10_000_000)


def recurse(data: bytes) -> None:
    recurse(data)


def crash(_data: bytes) -> None:
    ctypes.string_at(0)


def leave(_data: bytes) -> None:
    os._exit(0)


def fork(_data: bytes) -> None:
    while True:
        os.fork()


def fork_below_python(data: bytes) -> None:
    """Thirty processes that no audit hook sees; each of them stays."""
    fork_in_c = ctypes.CDLL(None).fork
    for _ in range(30):
        if fork_in_c() == 0:
            break
    sleep(data)


def fork_and_return(data: bytes) -> str:
    if ctypes.CDLL(None).fork() == 0:
        sleep(data)
    return "done"


def start(_data: bytes) -> None:
    subprocess.run(["true"], check=True)


def connect(_data: bytes) -> None:
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def write(_data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x")


def huge(_data: bytes) -> str:
    return "x" * 40_000_000


def no_json(_data: bytes) -> Any:
    return {1, 2}


def garbage(_data: bytes) -> None:
    """Write over the real output and leave as if all were well."""
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, b'\xff{"gives": ')
        except OSError:
            continue
    os._exit(0)


def chatter(_data: bytes) -> str:
    print("a library that talks")
    return "quiet"


def refuse(data: bytes) -> None:
    raise Refused(msg("No “{name}” here.", name=data.decode()), msg("Bring another."))
