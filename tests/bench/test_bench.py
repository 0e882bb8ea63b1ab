"""The benchmarks run, and say what they measured. Their figures are nobody's business here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import run

RUNS = {
    "answer on waitress and SQLite": ("answer", ()),
    "answer on gunicorn and PostgreSQL": (
        "answer",
        ("--server", "gunicorn", "--database", "postgresql"),
    ),
    "growth on SQLite": ("growth", ()),
    "pages": ("pages", ()),
}
EXPECTED = {
    "answer": {
        "cost: submit / hello",
        "throughput: answer / hello",
        "latency at 100/s: answer p99 / hello p99",
    },
    "growth": {f"{name}: statements" for name in ("answer", "home", "review", "progress")},
    "pages": {
        "quick round: first load (home), without font",
        "quick round: answer 5",
        "quick round: summary",
        "investigation: answer 1",
    },
}


@pytest.mark.timeout(300)  # a full start of the game for each, on a machine that may be busy
@pytest.mark.parametrize(("name", "options"), RUNS.values(), ids=RUNS)
def test_benchmark_prints_its_figures_and_writes_them(
    name: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    output = tmp_path / "result.json"
    command = [sys.executable, "-m", f"tests.bench.{name}", "--quick", "--json", str(output)]

    done = subprocess.run(
        [*command, *options], cwd=run.ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(output.read_text(encoding="utf-8"))
    figures = {figure["name"]: figure for figure in result["figures"]}
    assert figures.keys() >= EXPECTED[name]
    assert all(figure["value"] > 0 for figure in figures.values())
    assert all(line in done.stdout for line in figures)
    assert {"machine", "cores", "python", "versions", "commit"} <= result["machine"].keys()
    assert_answers_are_stored(result["raw"])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("server", ["waitress", "gunicorn"])
def test_lessons_lose_nothing_and_count_everything(server: str, tmp_path: Path) -> None:
    output = tmp_path / "result.json"
    command = [sys.executable, "-m", "tests.bench.live", "--quick", "--server", server]

    done = subprocess.run(
        [*command, "--json", str(output)],
        cwd=run.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(output.read_text(encoding="utf-8"))
    figures = {figure["name"]: figure["value"] for figure in result["figures"]}
    rooms, phones, questions, looks = 2, 6, 2, 2
    for what in ("sent", "acknowledged", "stored"):
        assert figures[f"2 × 6: answers {what}"] == rooms * phones * questions * looks
    for what in ("lost", "double", "other", "miscounted", "problems"):
        assert figures[f"2 × 6: {what}"] == 0
    assert figures["2 × 6: streams"] == rooms * phones
    assert figures["2 × 6: question opens: page p99 / floor"] > 0
    assert figures["cost: an answer / hello"] > 0
    assert all(name in done.stdout for name in figures)


def assert_answers_are_stored(raw: dict[str, Any]) -> None:
    answers = raw.get("answers")
    assert answers is None or (answers["same"] and answers["acknowledged"] > 0)
