"""Players without a browser: real forms, cookies and streams, by the standard library alone."""

from __future__ import annotations

import random
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from threading import Event
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode, urlsplit

from tests.durability.players import PATIENCE_SECONDS, VERDICTS, Browser, Reply, Stuck

T = TypeVar("T")


class Server(Protocol):
    """What a player needs of a server: its port, and whether it can be reached."""

    port: int
    up: Event


@dataclass(frozen=True, slots=True)
class Reached:
    """A server that stays."""

    port: int
    up: Event

    @staticmethod
    def at(url: str) -> Reached:
        """The server at an address."""
        up = Event()
        up.set()
        return Reached(urlsplit(url).port or 80, up)


class Sheet(HTMLParser):
    """What a player reads off a page of the room: its stage, the form, the answer that is in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.stage = ""
        self.hidden: dict[str, str] = {}
        self.pointers: dict[str, str] = {}
        """What can be pointed at: the form's value, and "none" or the file and the words."""
        self.has_form = False
        self.has_answered = False
        self.has_notice = False
        self._names = self._in_sentence = False
        self._pointer = ""
        self.seat_name = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        classes = found.get("class", "").split()
        if found.get("id") == "room":
            self.stage = found["data-stage"]
        elif tag == "form" and "ask" in classes:
            self.has_form = True
        elif tag == "input" and found.get("type") == "hidden":
            self.hidden[found["name"]] = found["value"]
        elif tag == "input" and found.get("name") == "pointer":
            self._pointer = found["value"]
            self.pointers[self._pointer] = self._pointer
        elif tag == "span" and self._pointer not in ("", "none"):
            self._in_sentence = True
        elif "own-answer" in classes:
            self.has_answered = "muted" not in classes
        elif "notice" in classes:
            self.has_notice = True
        self._names = "seat-name" in classes and not self.seat_name

    def handle_data(self, data: str) -> None:
        if self._in_sentence:
            slug = self._pointer.rpartition(":")[0]
            self.pointers[self._pointer] = f"{slug}:{data}"
            self._pointer, self._in_sentence = "", False
        if self._names:
            self.seat_name = data.strip()
            self._names = False


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as a player sent it; `pointer` as in Sheet.pointers, None where none is asked."""

    player: str
    position: int
    look: str
    verdict: str
    confidence: int
    pointer: str | None


@dataclass
class Pupil:
    """Somebody in a room, who decides by chance; `sent` is what was acknowledged."""

    name: str
    server: Server
    room: str = ""
    sent: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.given_up = Event()
        self.rng = random.Random(self.name)
        self.cookies: dict[str, str] = {}
        self.browser = Browser(self.server, self.cookies, self.given_up)  # type: ignore[arg-type]

    def join(self, code: str) -> None:
        """Take a seat under the name, in a room where names are chosen."""
        form = Sheet(self._ok("GET", "/join").body).hidden
        door = self._to("POST", "/join", {**form, "code": code})
        form = Sheet(self._ok("GET", door).body).hidden
        seat = self._to("POST", door, {**form, "chosen": self.name})
        self.room = seat.rpartition("/")[2]

    def look(self) -> Sheet:
        """The room as it stands for this player."""
        return Sheet(self._ok("GET", f"/live/{self.room}/part").body)

    def await_stage(self, stage: str) -> Sheet:
        """Ask until the room is there, as a phone without a stream does."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            line = self._ok("GET", f"/live/{self.room}/state").body
            if line.split()[0] == stage:
                return self.look()
            self.given_up.wait(0.2)
        raise Stuck(f"{self.name} never saw {stage}")

    def answer(self, sheet: Sheet) -> Sheet:
        """Answer the form by chance; gives what is shown then."""
        # Short sentences may stand in a file more than once.
        pointers = [p for p, words in sheet.pointers.items() if p == "none" or len(words) > 40]
        pointer = self.rng.choice(pointers) if pointers else None
        position = int(sheet.stage.split("-")[1])
        sent = Sent(
            self.name,
            position,
            sheet.hidden["look"],
            self.rng.choice(VERDICTS),
            self.rng.randrange(4),
            sheet.pointers.get(pointer or ""),
        )
        form = sheet.hidden | {"verdict": sent.verdict, "confidence": sent.confidence}
        if pointer is not None:
            form["pointer"] = pointer
        shown = Sheet(self.post_answer(position, form).body)
        if shown.has_notice:
            raise Stuck(f"{self.name} was refused {sent}")
        self.sent.append(sent)
        return shown

    def post_answer(self, position: int, form: dict[str, Any]) -> Reply:
        """Send an answer's form as it is."""
        return self._ok("POST", f"/live/{self.room}/{position}/answer/part", urlencode(form))

    def listen(self) -> socket.socket:
        """Open the stream, and wait for its first text."""
        opened = socket.create_connection(("127.0.0.1", self.server.port), PATIENCE_SECONDS)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            f"GET /live/{self.room}/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"
        )
        opened.sendall(head.encode())
        heard = b""
        while b"data: " not in heard:
            came = opened.recv(65536)
            if not came:
                raise Stuck(f"{self.name} has no stream: {heard!r}")
            heard += came
        return opened

    def _ok(self, method: str, path: str, body: str | None = None) -> Reply:
        reply = self.browser.insist(method, path, body)
        if reply.status != 200:
            raise Stuck(f"{reply.status} to {method} {path} of {self.name}")
        return reply

    def _to(self, method: str, path: str, form: dict[str, Any]) -> str:
        reply = self.browser.insist(method, path, urlencode(form))
        if reply.status != 303:
            raise Stuck(f"{reply.status} to {method} {path} of {self.name}")
        return reply.location


Crowd = Callable[[str | None, int], list[Pupil]]
"""What the fixture of this name is."""


def all_at_once(crowd: list[Pupil], do: Callable[[Pupil], T]) -> list[T]:
    """Let everybody do something, each in a thread; gives what came of it, in order."""
    with ThreadPoolExecutor(len(crowd)) as pool:
        return list(pool.map(do, crowd))
