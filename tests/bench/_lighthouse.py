"""Lighthouse on pages of the running game: the npm package through npx, with our Chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from statistics import median

import run

PACKAGE = "lighthouse@13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
METRICS = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
    "speed-index",
)
LIMIT_SECONDS = 300


class NoLighthouse(Exception):
    """Lighthouse cannot be run here; the message says why."""


def install(folder: Path) -> None:
    """Fetch the package into the folder. Raises NoLighthouse without npm or the network."""
    if not shutil.which("npx"):
        raise NoLighthouse("npm (with npx) is not installed")
    _npx(folder, "--version")


def rate(folder: Path, url: str, cookie: str | None, runs: int) -> dict[str, float]:
    """The four scores of a page, 0 to 100, and what the performance is made of (milliseconds; the
    layout shift has no unit), each the median over the runs.

    Raises NoLighthouse when the program fails.
    """
    found = [_one(folder, url, cookie) for _ in range(runs)]
    return {name: median(one[name] for one in found) for name in (*CATEGORIES, *METRICS)}


def _one(folder: Path, url: str, cookie: str | None) -> dict[str, float]:
    output = folder / "lighthouse.json"
    output.unlink(missing_ok=True)
    # The cookie goes as a header: Lighthouse empties the browser's storage before it looks.
    session = ["--extra-headers", json.dumps({"Cookie": cookie})] if cookie else []
    categories = f"--only-categories={','.join(CATEGORIES)}"
    where = ["--output=json", f"--output-path={output}", "--quiet", f"--chrome-flags={FLAGS}"]
    _npx(folder, url, categories, *where, *session)
    report = json.loads(output.read_text(encoding="utf-8"))
    if "runtimeError" in report:
        raise NoLighthouse(report["runtimeError"]["message"])
    scores = {name: 100 * (report["categories"][name]["score"] or 0) for name in CATEGORIES}
    return scores | {name: report["audits"][name]["numericValue"] for name in METRICS}


def _npx(folder: Path, *arguments: str) -> None:
    environment = dict(
        os.environ, CHROME_PATH=str(run.find_chromium()), npm_config_cache=str(folder / "npm")
    )
    command = [shutil.which("npx") or "npx", "--yes", PACKAGE, *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoLighthouse(f"no answer within {LIMIT_SECONDS} s") from None
    if done.returncode:
        words = done.stderr.strip().splitlines() or ["it ended without a word"]
        raise NoLighthouse(words[-1])
