"""What pages weigh on the wire, and how Lighthouse rates them.

A real browser plays a quick round and the start of an investigation against the real server; its
own record of the network says how many bytes each step took, headers and compression included.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page, sync_playwright

import run
from tests.bench._lighthouse import CATEGORIES, NoLighthouse, install, rate
from tests.bench._place import SERVERS, game, place, serving
from tests.bench._players import FORM, ROUND_SIZE, give_rounds, new_guest
from tests.bench._report import Figure, Report, parser, progress

if TYPE_CHECKING:
    from flask import Flask

FIRST_LOAD_GOAL = 60.0
ANSWER_GOAL = 5.0
SCORE_GOAL = 95.0
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
WIDTH, HEIGHT = 1280, 800


def main(arguments: list[str]) -> int:
    """Measure, print, write JSON."""
    options = _options(arguments)
    report = Report("pages", {k: v for k, v in vars(options).items() if k != "json"})
    report.open()
    database = "postgresql" if options.server == "gunicorn" else "sqlite"
    with (
        place(database, quick=options.quick) as where,
        game(where.new_database("pages"), where.folder) as app,
        serving(options.server, "game", where.folder) as port,
    ):
        address = f"http://127.0.0.1:{port}"
        measure_bytes(address, report)
        if options.lighthouse:
            measure_lighthouse(app, address, where.folder, options.lighthouse, report)
        else:
            report.note("Lighthouse was not asked for")
    report.write(options.json)
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    line = parser("pages", __doc__)
    line.add_argument("--server", choices=SERVERS, default="waitress", help="which")
    line.add_argument("--lighthouse", type=int, default=3, help="runs a page, 0 for none")
    chosen = line.parse_args(arguments)
    if chosen.quick:
        chosen.lighthouse = 0
    return chosen


@dataclass(slots=True)
class Fetched:
    """An answer from the server as the browser counted it."""

    url: str
    kind: str
    bytes: int


@dataclass(slots=True)
class Step:
    """What one step of a player fetched."""

    name: str
    fetched: list[Fetched] = field(default_factory=list)

    def kilobytes(self, *, font: bool = True) -> float:
        """Thousands of bytes on the wire, with or without the font."""
        return sum(f.bytes for f in self.fetched if font or f.kind != "Font") / 1000


class Wire:
    """The browser's record of its network, cut into steps."""

    def __init__(self, network: CDPSession) -> None:
        self.fetched: list[Fetched] = []
        self._open: dict[str, Fetched] = {}
        network.on("Network.requestWillBeSent", self._sent)
        network.on("Network.loadingFinished", self._finished)
        network.send("Network.enable")

    @contextmanager
    def step(self, name: str, page: Page) -> Iterator[Step]:
        """Everything fetched until the network is quiet again."""
        self.fetched = []
        made = Step(name)
        yield made
        page.wait_for_load_state("networkidle")
        made.fetched = [fetched for fetched in self.fetched if fetched.bytes]

    def _sent(self, message: dict[str, Any]) -> None:
        redirect = message.get("redirectResponse")
        if redirect:
            size = int(redirect["encodedDataLength"])
            self.fetched.append(Fetched(redirect["url"], "Redirect", size))
        kind = message.get("type", "Other")
        self._open[message["requestId"]] = Fetched(message["request"]["url"], kind, 0)

    def _finished(self, message: dict[str, Any]) -> None:
        # What comes out of the browser's own cache is finished, too, with no bytes.
        fetched = self._open.pop(message["requestId"], None)
        if fetched:
            fetched.bytes = int(message["encodedDataLength"])
            self.fetched.append(fetched)


def measure_bytes(address: str, report: Report) -> None:
    """Play in a browser and report every step."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=run.find_chromium(), args=CHROMIUM_OPTIONS
        )
        for play in (quick_round, investigation):
            context = browser.new_context(
                base_url=address, locale="en", viewport={"width": WIDTH, "height": HEIGHT}
            )
            page = context.new_page()
            steps = play(page, Wire(context.new_cdp_session(page)))
            report.raw[play.__name__] = [_raw(step) for step in steps]
            _report_steps(play.__name__.replace("_", " "), steps, report)
            context.close()
        browser.close()


def quick_round(page: Page, wire: Wire) -> list[Step]:
    """First load, then a round of five to its summary."""
    steps = []
    with wire.step("first load (home)", page) as step:
        page.goto("/")
    steps.append(step)
    with wire.step("start (to the question)", page) as step:
        _start(page, "quick")
    steps.append(step)
    for number in range(1, 6):
        with wire.step(f"answer {number}", page) as step:
            _answer(page, ".reveal")
        steps.append(step)
        name = "summary" if number == 5 else f"next {number + 1}"
        with wire.step(name, page) as step:
            page.click("#item .next")
            page.wait_for_selector(".summary" if number == 5 else "#item.stage-ask")
        steps.append(step)
    with wire.step("home again (all cached)", page) as step:
        page.goto("/")
    steps.append(step)
    return steps


def investigation(page: Page, wire: Wire) -> list[Step]:
    """The first question of an investigation; the files come with the first answer's fragment."""
    page.goto("/")
    steps = []
    with wire.step("start (to the question)", page) as step:
        _start(page, "investigation")
    steps.append(step)
    with wire.step("first look (opens the files)", page) as step:
        _answer(page, "#item.stage-second_look")
    steps.append(step)
    with wire.step("answer 1", page) as step:
        page.check('[name="pointer"][value="none"]', force=True)
        _answer(page, ".reveal")
    steps.append(step)
    return steps


def _start(page: Page, mode: str) -> None:
    page.click(f'.set-card >> nth=0 >> button[value="{mode}"]')
    page.wait_for_selector("#item")


def _answer(page: Page, comes: str) -> None:
    page.check('[name="verdict"][value="unverified"]', force=True)
    page.check('[name="confidence"][value="1"]', force=True)
    page.click("#item .submit")
    page.wait_for_selector(comes)


def _raw(step: Step) -> dict[str, Any]:
    fetched = [[f.kind, urlsplit(f.url).path, f.bytes] for f in step.fetched]
    return {"step": step.name, "fetched": fetched}


def _report_steps(play: str, steps: list[Step], report: Report) -> None:
    for step in steps:
        first, answer = step.name.startswith("first load"), step.name.startswith("answer")
        goal = FIRST_LOAD_GOAL if first else ANSWER_GOAL if answer else None
        name = f"{play}: {step.name}"
        if first:
            report.add(Figure(f"{name}, with font", step.kilobytes(), "kB"))
            name += ", without font"
        report.add(Figure(name, step.kilobytes(font=False), "kB", at_most=goal))
        report.add(Figure(f"{play}: {step.name}", len(step.fetched), "requests"))


def measure_lighthouse(app: Flask, address: str, folder: Path, runs: int, report: Report) -> None:
    """The four scores of the home page, a question and the review; a note where they fail."""
    tools = folder / "lighthouse"
    tools.mkdir()
    try:
        progress("fetching Lighthouse …")
        install(tools)
        for name, (path, cookie) in _rated_pages(app).items():
            progress(f"Lighthouse: {name} …")
            found = rate(tools, address + path, cookie, runs)
            report.raw[f"lighthouse {name}"] = found
            for category in CATEGORIES:
                report.add(
                    Figure(f"lighthouse {name}: {category}", found[category], at_least=SCORE_GOAL)
                )
    except NoLighthouse as reason:
        report.note(f"Lighthouse was not run: {reason}")
    report.raw["lighthouse runs a page"] = runs


def _rated_pages(app: Flask) -> dict[str, tuple[str, str | None]]:
    """Paths and cookies of the pages to rate; the guest has answered one round of two."""
    from quiz.storage.db import db

    guest = new_guest(app)
    with app.app_context():
        give_rounds(db.session(), guest, 2)
    client = app.test_client(use_cookies=False)
    for submit in guest.submits[:ROUND_SIZE]:
        client.post(submit.path, data=submit.form, content_type=FORM, headers=guest.headers)
    question = guest.submits[ROUND_SIZE].path.removesuffix("/answer/part")
    return {
        "home": ("/", None),
        "question": (question, guest.cookie),
        "review": ("/review/", guest.cookie),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
