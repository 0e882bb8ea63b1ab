"""What a server uses: the processor time, memory, threads and files of it and its children."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Usage:
    """At one moment. Memory is the proportional share (what forks share counts once), in MB."""

    cpu_seconds: float = 0.0
    memory: float = 0.0
    threads: int = 0
    descriptors: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.cpu_seconds + other.cpu_seconds,
            self.memory + other.memory,
            self.threads + other.threads,
            self.descriptors + other.descriptors,
        )


def usage(pid: int) -> Usage | None:
    """Of the process and all its descendants; None where there is no /proc to read it from."""
    if not (PROC / str(pid) / "smaps_rollup").exists():
        return None
    total = Usage()
    for each in _family(pid):
        total += _own(each)
    return total


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in (PROC / str(pid) / "task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))


def _own(pid: int) -> Usage:
    folder = PROC / str(pid)
    after_name = (folder / "stat").read_text().rpartition(")")[2].split()
    ticks = int(after_name[11]) + int(after_name[12])
    lines = (folder / "smaps_rollup").read_text().splitlines()
    [kilobytes] = [int(line.split()[1]) for line in lines if line.startswith("Pss:")]
    return Usage(
        ticks / os.sysconf("SC_CLK_TCK"),
        kilobytes / 1024,
        int(after_name[17]),
        len(list((folder / "fd").iterdir())),
    )
