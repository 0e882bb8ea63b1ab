"""Players over real HTTP, with cookies, forms and tokens, who remember what they were told.

A player sends a request again, the same to the byte, until there is an answer to it: that is what a
browser's reader does when the connection is lost, and what the idempotency key is for.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from threading import Condition, Event
from urllib.parse import urlencode

from tests.durability.servers import Server

VERDICTS = ("true", "false", "unverified")
PATIENCE_SECONDS = 60.0
"""The longest that a player goes on asking for one answer."""


class Stuck(Exception):
    """A player got no answer, or one that cannot be played on with."""


@dataclass(frozen=True, slots=True)
class Submit:
    """An answer as a player sends it: who, to which look at which question, what, which key."""

    player: str
    round_id: str
    position: int
    look: str
    verdict: str
    confidence: int
    pointer: str | None
    key: str

    @property
    def place(self) -> tuple[str, int, str]:
        """What can be answered once only."""
        return self.round_id, self.position, self.look


@dataclass(slots=True)
class Log:
    """What players sent and heard, kept outside the server.

    `sent` is noted before the request leaves, `acknowledged` (this answer counts) and `told`
    (another answer counted already) when all of the response is there. `cut` are the submits whose
    connection was lost at least once, `surprises` the responses that nobody should get.
    """

    sent: list[Submit] = field(default_factory=list)
    acknowledged: list[Submit] = field(default_factory=list)
    told: list[Submit] = field(default_factory=list)
    cut: list[Submit] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    rounds_finished: int = 0
    _news: Condition = field(default_factory=Condition)

    def heard(self, submit: Submit, already: bool) -> None:
        """Note what a response said of a submit."""
        with self._news:
            (self.told if already else self.acknowledged).append(submit)
            self._news.notify_all()

    def wait_for(self, more: int) -> None:
        """Wait until so many more submits are acknowledged. Raises Stuck if that takes for ever."""
        with self._news:
            wanted = len(self.acknowledged) + more
            if not self._news.wait_for(lambda: len(self.acknowledged) >= wanted, PATIENCE_SECONDS):
                raise Stuck(f"no {more} answers more in {PATIENCE_SECONDS} s")

    def so_far(self) -> Log:
        """A copy: of what was acknowledged first, of what was sent last."""
        acknowledged, told = list(self.acknowledged), list(self.told)
        return Log(sent=list(self.sent), acknowledged=acknowledged, told=told)


@dataclass(frozen=True, slots=True)
class Reply:
    """A response, read to its end."""

    status: int
    body: str
    location: str = ""
    retry_after: str | None = None


class Sheet(HTMLParser):
    """What a player sees of a page or a part: the hidden fields, the pointers, a notice."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.pointers: list[str] = []
        self.has_notice = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "input" and found.get("type") == "hidden":
            self.hidden[found["name"]] = found["value"]
        elif tag == "input" and found.get("name") == "pointer":
            self.pointers.append(found["value"])
        elif "notice" in found.get("class", "").split():
            self.has_notice = True


class Browser:
    """A connection to the server; `cookies` may be shared with the player's other browsers."""

    def __init__(self, server: Server, cookies: dict[str, str], given_up: Event) -> None:
        self.cookies = cookies
        self.was_cut = False
        self._server = server
        self._given_up = given_up
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_SECONDS)

    def once(self, method: str, path: str, body: str | None = None) -> Reply:
        """One request and its whole response. Raises OSError or HTTPException when it is lost."""
        headers = {"Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            text = response.read().decode()
        except BaseException:
            self.close()
            raise
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        found = response.headers
        return Reply(response.status, text, found.get("Location", ""), found.get("Retry-After"))

    def insist(self, method: str, path: str, body: str | None = None) -> Reply:
        """Send the request until it is answered; 503 is "later", and no answer.

        Afterwards `was_cut` says whether the connection was lost on the way. Raises Stuck.
        """
        self.was_cut = False
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and not self._given_up.is_set():
            if not self._server.up.wait(0.5):
                continue
            try:
                reply = self.once(method, path, body)
            except (OSError, HTTPException):
                self.was_cut = True
            else:
                if reply.status != 503:
                    return reply
            self._given_up.wait(0.02)
        raise Stuck(f"no answer to {method} {path}")

    def close(self) -> None:
        """Hang up; the next request connects again."""
        self._connection.close()


class Player:
    """Somebody who plays round after round, every now and then in two windows at once."""

    def __init__(
        self, name: str, server: Server, log: Log, given_up: Event, in_two_windows: float = 0.3
    ) -> None:
        self.name = name
        self.log = log
        self.rng = random.Random(name)
        self.in_two_windows = in_two_windows
        cookies: dict[str, str] = {}
        self.browser = Browser(server, cookies, given_up)
        self.other = Browser(server, cookies, given_up)

    def play(self, over: Event) -> None:
        """Play until it is over; the answer under way is still waited for."""
        with closing(self), ThreadPoolExecutor(1) as other_hand:
            while not over.is_set():
                try:
                    self._play_round(over, other_hand)
                except Astray as astray:
                    self.log.surprises.append(f"{self.name}: {astray}")

    def close(self) -> None:
        """Close both windows."""
        self.browser.close()
        self.other.close()

    def start_round(self, mode: str) -> str:
        """Start a round of five from the home page; gives its id."""
        form = Sheet(self._expect(200, "GET", "/").body).hidden
        chosen = {"set": self.rng.choice(("harbour", "tower")), "size": 5, "mode": mode}
        reply = self._expect(303, "POST", "/rounds", urlencode({**form, **chosen}))
        return reply.location.rpartition("/")[2]

    def where(self, round_id: str) -> int | None:
        """The position at which the round stands, None after its end (the summary is there)."""
        location = self._expect(303, "GET", f"/rounds/{round_id}").location
        if not location.endswith("/summary"):
            return int(location.rpartition("/")[2])
        self._expect(200, "GET", location)
        return None

    def look_at(self, round_id: str, position: int) -> Sheet:
        """The question as it stands."""
        return Sheet(self._expect(200, "GET", f"/rounds/{round_id}/{position}/part").body)

    def decide(self, round_id: str, position: int, sheet: Sheet) -> Submit:
        """An answer to the form of a question, by chance."""
        return Submit(
            player=self.name,
            round_id=round_id,
            position=position,
            look=sheet.hidden["look"],
            verdict=self.rng.choice(VERDICTS),
            confidence=self.rng.randrange(4),
            pointer=self.rng.choice(["none", *sheet.pointers]) if sheet.pointers else None,
            key=sheet.hidden["key"],
        )

    def submit(self, submit: Submit, csrf_token: str, browser: Browser | None = None) -> Sheet:
        """Send an answer and note what comes of it; gives the question's next stage."""
        browser = browser or self.browser
        self.log.sent.append(submit)
        reply = browser.insist("POST", path_of(submit), form_of(submit, csrf_token))
        if browser.was_cut:
            self.log.cut.append(submit)
        if reply.status != 200:
            raise Astray(f"{reply.status} to {submit}")
        sheet = Sheet(reply.body)
        self.log.heard(submit, sheet.has_notice)
        return sheet

    def _play_round(self, over: Event, other_hand: ThreadPoolExecutor) -> None:
        round_id = self.start_round(self.rng.choice(("quick", "investigation")))
        while not over.is_set():
            position = self.where(round_id)
            if position is None:
                self.log.rounds_finished += 1
                return
            sheet = self.look_at(round_id, position)
            while "look" in sheet.hidden and not over.is_set():
                sheet = self._answer(self.decide(round_id, position, sheet), sheet, other_hand)

    def _answer(self, submit: Submit, sheet: Sheet, other_hand: ThreadPoolExecutor) -> Sheet:
        token = sheet.hidden["csrf_token"]
        if self.rng.random() >= self.in_two_windows:
            return self.submit(submit, token)
        # Either the same form twice, a double tap, or another form with another answer.
        other = submit
        if self.rng.random() < 0.5:
            fresh = Sheet("")
            fresh.pointers = sheet.pointers
            fresh.hidden = {"look": submit.look, "key": secrets.token_urlsafe(16)}
            other = self.decide(submit.round_id, submit.position, fresh)
        second: Future[Sheet] = other_hand.submit(self.submit, other, token, self.other)
        try:
            return self.submit(submit, token)
        finally:
            second.result()

    def _expect(self, status: int, method: str, path: str, body: str | None = None) -> Reply:
        reply = self.browser.insist(method, path, body)
        if reply.status != status:
            raise Astray(f"{reply.status}, not {status}, to {method} {path}")
        return reply


class Astray(Stuck):
    """A response that nobody should get."""


def path_of(submit: Submit) -> str:
    """Where an answer is sent."""
    return f"/rounds/{submit.round_id}/{submit.position}/answer/part"


def form_of(submit: Submit, csrf_token: str) -> str:
    """What is sent."""
    form = {
        "csrf_token": csrf_token,
        "key": submit.key,
        "look": submit.look,
        "verdict": submit.verdict,
        "confidence": submit.confidence,
    }
    return urlencode(form if submit.pointer is None else {**form, "pointer": submit.pointer})


class Crowd:
    """Players at play, each in a thread."""

    def __init__(self, threads: list[Future[None]]) -> None:
        self._threads = threads

    def check(self) -> None:
        """Raise what ended a player, if one has ended."""
        for thread in self._threads:
            if thread.done():
                thread.result()


@contextmanager
def at_play(
    server: Server, log: Log, names: list[str], in_two_windows: float = 0.3
) -> Iterator[Crowd]:
    """Players who play on while the body runs; afterwards each waits for the last answer."""
    over, given_up = Event(), Event()
    with ThreadPoolExecutor(len(names)) as pool:
        players = [Player(name, server, log, given_up, in_two_windows) for name in names]
        crowd = Crowd([pool.submit(player.play, over) for player in players])
        try:
            yield crowd
        except BaseException:
            given_up.set()
            raise
        finally:
            over.set()
    crowd.check()
