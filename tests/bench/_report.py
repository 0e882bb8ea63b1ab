"""What a benchmark says: the machine, the figures, the ratios with their goals; also as JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

import run

PACKAGES = ("Flask", "Werkzeug", "SQLAlchemy", "waitress", "gunicorn", "gevent", "psycopg", "redis")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, and the goal it is held to, if any: at least, or at most."""

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached, None without a goal."""
        if self.at_least is not None:
            return self.value >= self.at_least
        if self.at_most is not None:
            return self.value <= self.at_most
        return None

    def __str__(self) -> str:
        shown = f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:.3g}"
        line = f"  {self.name:<52} {shown:>9} {self.unit:<6}"
        if self.met is None:
            return line.rstrip()
        sign, goal = ("≥", self.at_least) if self.at_least is not None else ("≤", self.at_most)
        return f"{line} goal {sign} {goal:g} {self.unit:<6} {'ok' if self.met else 'missed'}"


@dataclass(slots=True)
class Report:
    """The figures of one run of a benchmark, printed as they come.

    `raw` keeps what the figures were made of; `notes` say what could not be measured.
    """

    name: str
    options: dict[str, Any]
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=lambda: machine())

    def open(self) -> None:
        """Print what the figures were measured on."""
        print(f"{self.name}: {json.dumps(self.options, default=str)}")
        for name, value in self.facts.items():
            print(f"  {name}: {value}")

    def add(self, *figures: Figure) -> None:
        """Keep and print figures."""
        for figure in figures:
            self.figures.append(figure)
            print(figure, flush=True)

    def note(self, line: str) -> None:
        """Keep and print a line that is no figure."""
        self.notes.append(line)
        print(f"  note: {line}", flush=True)

    def write(self, path: Path) -> None:
        """Write everything as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "benchmark": self.name,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "options": self.options,
            "machine": self.facts,
            "figures": [asdict(figure) | {"met": figure.met} for figure in self.figures],
            "notes": self.notes,
            "raw": self.raw,
        }
        path.write_text(json.dumps(content, indent=1, default=str) + "\n", encoding="utf-8")
        print(f"  written to {path}")


def machine() -> dict[str, Any]:
    """What the figures depend on: cores, how busy they are with others, versions, commit."""
    versions = {name: _version(name) for name in PACKAGES}
    return {
        "machine": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": os.cpu_count(),
        "load before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
        "commit": _commit(),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _commit() -> str:
    try:
        words = ["git", "describe", "--always", "--dirty"]
        done = subprocess.run(words, cwd=run.ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return "unknown"
    return done.stdout.strip() or "unknown"


def parser(name: str, description: str | None) -> argparse.ArgumentParser:
    """A command line with the options every benchmark has."""
    made = argparse.ArgumentParser(
        prog=f"run.py bench {name}",
        description=description,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    made.add_argument("--quick", action="store_true", help="a smoke run; its figures mean nothing")
    made.add_argument("--json", type=Path, default=run.ROOT / "build" / "bench" / f"{name}.json")
    return made


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank); needs one value."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """The median of the ratios of neighbours: what was measured side by side is compared."""
    return median(a / b for a, b in zip(above, below, strict=True))


def progress(line: str) -> None:
    """A line to whoever waits at the terminal."""
    print(line, file=sys.stderr, flush=True)
