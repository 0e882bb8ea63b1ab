"""Real browsers against the real server: one Chromium and one site per worker.

A test asks for `learner` and gets pages, each in a browser of its own (cookies, language, screen).
Whatever a page reports on its console, an error, a refused style or script, or a request to
another host fails the test, unless the test said that it is to be expected.

Playwright keeps an event loop running in the worker's main thread, so no test of the suite can use
`asyncio.run` there; give it a thread or a process.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

import run
from tests import databases, world

if TYPE_CHECKING:
    from flask import Flask

    from tests.browser.crowd import Crowd

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHROMIUM_OPTIONS = [
    "--no-sandbox",  # a container's root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True)
class Site:
    """A running game: its address without a final slash, and the app behind it."""

    url: str
    app: Flask


@dataclass  # no slots: Playwright notes its listeners on the object
class Learners:
    """Opens pages for the people of one test, and remembers what went wrong on any of them."""

    site: Site
    browser: Browser
    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(
        self, *, width: int = 1280, height: int = 800, language: str = "en", **context: Any
    ) -> Page:
        """A page in a fresh browser; `context` as Playwright's new_context (color_scheme=…)."""
        return self.open(width=width, height=height, language=language, **context).new_page()

    def open(
        self, *, width: int = 1280, height: int = 800, language: str = "en", **context: Any
    ) -> BrowserContext:
        """A fresh browser without a page yet; what its pages report is heard."""
        opened = self.browser.new_context(
            base_url=self.site.url,
            viewport={"width": width, "height": height},
            locale=language,
            **context,
        )
        opened.set_default_timeout(10_000)
        self.contexts.append(opened)
        opened.on("console", self._heard)
        opened.on("weberror", lambda error: self.problems.append(f"uncaught: {error.error}"))
        opened.on("request", lambda request: self._asked(request.url))
        return opened

    def expect_problem(self, pattern: str) -> None:
        """Say that a problem matching this regular expression will be reported, and must be."""
        self.expected.append(pattern)

    def close(self) -> None:
        """End all browsers; fails with what they reported."""
        for context in self.contexts:
            context.close()
        self.check()

    def check(self) -> None:
        """Fail with what was reported since the last check."""
        problems, expected = self.problems.copy(), self.expected.copy()
        self.problems.clear()
        self.expected.clear()
        for pattern in expected:
            heard = "\n".join(problems)
            assert re.search(pattern, heard), f"expected, but not reported: {pattern}"
        unexpected = [
            problem
            for problem in problems
            if not any(re.search(pattern, problem) for pattern in expected)
        ]
        assert not unexpected, "\n".join(unexpected)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self.problems.append(f"{message.type}: {message.text} ({message.location['url']})")

    def _asked(self, url: str) -> None:
        if urlsplit(url).scheme not in ("data", "blob") and not url.startswith(self.site.url + "/"):
            self.problems.append(f"a request to another host: {url}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The game with the questions of questions/, started and served as `python -m quiz` does."""
    with opened(tmp_path_factory.mktemp("site")) as site:
        yield site


@contextmanager
def opened(folder: Path, **config: object) -> Iterator[Site]:
    """A game with its database in the folder; `config` overrides settings (QUESTIONS=…)."""
    from quiz.__main__ import prepare

    file = folder / "quiz.sqlite3"
    shutil.copyfile(databases.sqlite_template(Path(os.environ[world.RUN])), file)
    database = f"sqlite:///{file}"
    with world.running(database, WTF_CSRF_ENABLED=True, **config) as app:
        prepare(app)
        with _served(app) as url:
            yield Site(url, app)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this worker."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=run.find_chromium(), args=CHROMIUM_OPTIONS
        )
        yield browser
        browser.close()


@pytest.fixture
def learner(site: Site, browser: Browser) -> Iterator[Learners]:
    """Opens pages: `learner()`, `learner(width=360, language="fr", java_script_enabled=False)`."""
    learners = Learners(site, browser)
    yield learners
    learners.close()


@pytest.fixture(scope="session")
def script(site: Site, browser: Browser) -> Iterator[Callable[..., Any]]:
    """`script("live/clock.js", "m.digits(...given)", 65)`: what an expression on a module gives.

    `m` is the module, `given` the arguments. There is one empty page for all of them.
    """
    from flask import url_for

    page = browser.new_context(base_url=site.url).new_page()
    page.goto("/healthz")

    def call(name: str, expression: str, *given: object) -> Any:
        with site.app.test_request_context():
            address = url_for("script", name=name)
        return page.evaluate(
            f"async (given) => {{ const m = await import({address!r}); return {expression}; }}",
            given,
        )

    yield call
    page.context.close()


@pytest.fixture
def crowd(site: Site) -> Iterator[Crowd]:
    """`crowd(code, 30)`: so many players without browsers, in the room of the code if any."""
    from tests.browser.crowd import Pupil, Reached, all_at_once

    everybody: list[Pupil] = []

    def come(code: str | None, number: int) -> list[Pupil]:
        start = len(everybody)
        came = [Pupil(f"Pupil {start + n}", Reached.at(site.url)) for n in range(number)]
        everybody.extend(came)
        if code:
            all_at_once(came, lambda pupil: pupil.join(code))
        return came

    yield come
    for pupil in everybody:
        pupil.browser.close()


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    """Serve the app from a thread of this process; gives the address."""
    from waitress import wasyncore

    from quiz.server.serving import make_server

    sockets: dict[int, Any] = {}
    server = make_server(app, "127.0.0.1", 0, sockets)
    thread = Thread(target=server.run, name="site")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Closed from within its own loop, which ends when it has no sockets left.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(sockets))
        thread.join()
        server.task_dispatcher.shutdown()


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """`axe(page)`: what axe-core finds wrong there, one line each, with the rule and elements."""

    def violations(page: Page, **options: Any) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        found = page.evaluate(
            "options => axe.run(document, options)",
            {"runOnly": AXE_RULES, "resultTypes": ["violations"], **options},
        )
        return [
            f"{violation['id']}: {violation['help']}: "
            + ", ".join(" ".join(map(str, node["target"])) for node in violation["nodes"])
            for violation in found["violations"]
        ]

    return violations


@pytest.fixture(scope="session")
def screenshot() -> Callable[[Page, str], None]:
    """`screenshot(page, name)` keeps the whole page as QUIZ_SHOTS/<name>.png, if that is set."""
    folder = os.environ.get("QUIZ_SHOTS")

    def keep(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return keep
