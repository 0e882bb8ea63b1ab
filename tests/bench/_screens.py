"""The screens of a live room, as static/js/live/live.js and the pages' forms make them behave."""

from __future__ import annotations

import asyncio
import html
import random
import re
import time
from dataclasses import dataclass

from tests.bench._wire import Answer, Browser, Lost

VERDICTS = ("true", "false", "unverified")
LEVELS = ("guess", "leaning", "fairly_sure", "sure")
RETRY_SECONDS = (1.5, 4.0)
"""What the streams tell browsers to wait before they come back."""
_STAGE = re.compile(r'id="room"[^>]* data-stage="([^"]*)"')
_OWN = 'class="own-answer">'
_FORM = '<form id="item"'
_TRUTH = re.compile(r'<h1 class="outcome".*?<span class="verdict verdict-(\w+) large">', re.S)
_TOTAL = re.compile(r'<p class="big"><span class="points \w+">([^<]*)</span>')


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer that left a phone: what the database and the exports must say of it."""

    key: str
    player: str
    position: int
    look: str
    verdict: str
    level: int


def field_of(page: str, name: str) -> str:
    """The value of the page's first input of that name. Raises Lost when there is none."""
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)
    if found is None:
        raise Lost(f"no field {name} in the page")
    return html.unescape(found[1])


class Screen(Browser):
    """Shows a stage; hears of another by its stream, and fetches what there is to see then.

    `heard_at` and `shown_at` tell when it first heard of a stage, and first had its page.
    """

    def __init__(self, port: int, language: str = "en") -> None:
        super().__init__(port, language)
        self.stage = ""
        self.page = ""
        self.heard_at: dict[str, float] = {}
        self.shown_at: dict[str, float] = {}
        self.pushed_at = 0.0
        self.last = Answer(0, {}, b"", 0.0)
        self.problems: list[str] = []
        self.turn = asyncio.Lock()
        self._stream_path = self._part_path = ""
        self.ended = 0
        self._fetching: asyncio.Task[None] | None = None
        self._coming_back: asyncio.Task[None] | None = None
        self._again = False

    async def sit(self, stream: str, part: str) -> None:
        """Open the stream, and know where to look."""
        self._stream_path, self._part_path = stream, part
        await self.listen(stream, self.hear)

    def hear(self, text: str) -> None:
        """A line of the stream: "stage milliseconds-left", "count …", or "look"."""
        now = time.perf_counter()
        word = text.partition(" ")[0]
        if word == "push":
            self.pushed_at = now
        elif word == "count":
            self.count(text)
        elif word == "look":
            self.look()
        elif word != self.stage:
            self.heard_at.setdefault(word, now)
            self.look()
        else:  # the page came before the line
            self.heard_at.setdefault(word, now)

    def count(self, text: str) -> None:
        """How many answered; only a host is told."""
        self.problems.append(f"a phone was told {text}")

    def look(self) -> None:
        """Fetch what there is to see, once more afterwards if it changed meanwhile."""
        if self._fetching is not None:
            self._again = True
        else:
            self._fetching = asyncio.create_task(self._fetch())

    def show(self, answer: Answer) -> None:
        """Take a page, or a part of one, as what is shown."""
        self.last = answer
        if answer.status != 200:
            self.problems.append(f"status {answer.status} for a look")
            return
        self.page = answer.text
        found = _STAGE.search(self.page)
        if found is None:
            self.problems.append("a page without a stage")
            return
        self.stage = found[1]
        self.shown_at.setdefault(self.stage, answer.at)

    @property
    def doing(self) -> str:
        """What this screen is at, for whoever has to find out why it is late."""
        heard = [stage for stage, _at in sorted(self.heard_at.items(), key=lambda e: e[1])]
        return (
            f"shows {self.stage}, heard {heard[-1:]}, {'' if self.listens else 'no '}stream, "
            f"{'busy' if self.turn.locked() else 'idle'}, "
            f"{'looking' if self._fetching else 'not looking'}, "
            f"{self.ended} ended, problems {self.problems[:3]}"
        )

    def stream_ended(self) -> None:
        """Ask where the room stands, and open the stream again after a while, as browsers do."""
        self.ended += 1
        self._coming_back = asyncio.create_task(self._come_back())

    async def _come_back(self) -> None:
        try:
            async with self.turn:
                answer = await self.get(self._stream_path.replace("/stream", "/state"))
            for line in answer.text.split("\n"):
                self.hear(line)
            await asyncio.sleep(random.uniform(*RETRY_SECONDS))
            await self.listen(self._stream_path, self.hear)
        except (Lost, OSError) as error:
            self.problems.append(f"a stream did not come back: {error}")

    async def _fetch(self) -> None:
        try:
            async with self.turn:
                self.show(await self.get(self._part_path))
        except (Lost, OSError) as error:
            self.problems.append(f"a look failed: {error}")
        self._fetching = None
        if self._again:
            self._again = False
            self.look()


class Phone(Screen):
    """A player: joins by the code, holds a stream, answers, and knows what it answered."""

    def __init__(self, port: int, language: str, name: str, rng: random.Random) -> None:
        super().__init__(port, language)
        self.name = name
        self.room = ""
        self.sent: list[Sent] = []
        self.acknowledged: set[str] = set()
        self.truths: dict[int, str] = {}
        self._rng = rng
        self._last_form: tuple[str, dict[str, str]] | None = None

    async def join(self, code: str) -> None:
        """From the typed code to the lobby, page by page."""
        first = (await self.get("/join")).text
        typed = {"csrf_token": field_of(first, "csrf_token"), "code": code}
        door = (await self.follow(await self.post("/join", typed))).text
        choice = {
            "csrf_token": field_of(door, "csrf_token"),
            "name": field_of(door, "name"),
            "chosen": self.name,
        }
        seated = await self.post(f"/join/{code}", choice)
        self.show(await self.follow(seated))
        self.room = seated.fields["location"].rpartition("/")[2]
        await self.sit(f"/live/{self.room}/stream", f"/live/{self.room}/part")

    @property
    def is_answered(self) -> bool:
        """Whether the page shows an answer of one's own, and asks for none."""
        return _OWN in self.page and _FORM not in self.page

    async def answer(self, due: float) -> float:
        """Answer at random at a moment; gives the seconds until the acknowledgement.

        They count from when it was due, or from the end of what this phone itself was doing then.
        """
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        was_busy = self.turn.locked()
        async with self.turn:
            began = time.perf_counter() if was_busy else due
            path, form = self._filled_in()
            self.show(await self.post(path, form))
            if self.is_answered:
                self.acknowledged.add(form["key"])
            return self.last.at - began

    async def tap_again(self) -> None:
        """The same form a second time: it changes nothing, and is no error."""
        if self._last_form is not None:
            async with self.turn:
                self.show(await self.post(*self._last_form))
                if not self.is_answered:
                    self.problems.append("a second tap was taken for something else")

    async def refresh(self, due: float) -> float:
        """Load the page anew at a moment; gives the seconds until page and stream are there."""
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        async with self.turn:
            began, before = time.perf_counter(), (self.stage, self.is_answered)
            self.close_stream()
            self.show(await self.get(f"/live/{self.room}"))
            if (self.stage, self.is_answered) != before:
                self.problems.append(f"{before} before a refresh, not so after it")
            self.heard_at.clear()
            await self.listen(self._stream_path, self.hear)
            while self.stage not in self.heard_at:
                await asyncio.sleep(0.002)
                if time.perf_counter() > began + 30:
                    raise Lost("no stream after a refresh")
            return max(self.last.at, self.heard_at[self.stage]) - began

    def learn(self, position: int) -> None:
        """Note what the reveal says the verdict was."""
        if found := _TRUTH.search(self.page):
            self.truths[position] = found[1]
        else:
            self.problems.append(f"no verdict in the reveal of {position}")

    @property
    def total(self) -> int | None:
        """The points that the page shows as this player's."""
        found = _TOTAL.search(re.sub(r"\s*\n\s*", "", self.page))
        return int(found[1].replace("−", "-")) if found else None

    def _filled_in(self) -> tuple[str, dict[str, str]]:
        start = self.page.find(_FORM)
        if start < 0:
            raise Lost(f"nothing to answer in {self.stage}")
        page = self.page[start:]
        found = re.search(r'hx-post="(/live/[^/]*/(\d+)/answer/part)"', page)
        assert found
        form = {name: field_of(page, name) for name in ("csrf_token", "key", "look")}
        verdict, level = self._rng.choice(VERDICTS), self._rng.randrange(len(LEVELS))
        self.sent.append(Sent(form["key"], self.name, int(found[2]), form["look"], verdict, level))
        form |= {"verdict": verdict, "confidence": str(level)}
        self._last_form = found[1], form
        return self._last_form


class Host(Screen):
    """The trainer at the projector."""

    def __init__(self, port: int, name: str, passphrase: str) -> None:
        super().__init__(port)
        self.name = name
        self.room = ""
        self.counts = 0
        self._passphrase = passphrase

    async def open_room(self, size: int, mode: str) -> str:
        """Sign in and open a room by the forms; gives its code."""
        form = (await self.get("/account/sign-in")).text
        signing = {
            "csrf_token": field_of(form, "csrf_token"),
            "name": self.name,
            "passphrase": self._passphrase,
        }
        await self.follow(await self.post("/account/sign-in", signing))
        form = (await self.get("/rooms/")).text
        slugs = re.findall(r'name="sets" value="([^"]*)"', form)
        plan = [
            ("csrf_token", field_of(form, "csrf_token")),
            ("key", field_of(form, "key")),
            ("size", str(size)),
            ("room_mode", mode),
            ("timer", "off"),
            ("scoring", "confidence"),
            ("leaderboard", "off"),
            ("naming", "chosen"),
            ("classroom", ""),
            *(("sets", slug) for slug in slugs),
        ]
        opened = await self.post("/rooms/", plan)
        self.room = opened.fields.get("location", "").rpartition("/")[2]
        self.show(await self.follow(opened))
        found = re.search(r'class="join-code"[^>]*>(\w+) (\w+)<', self.page)
        if found is None:
            raise Lost("no code on the projector")
        await self.sit(f"/rooms/{self.room}/stream", f"/rooms/{self.room}/projector/part")
        return found[1] + found[2]

    async def press_next(self) -> float:
        """Press the obvious button; gives the moment of pressing."""
        async with self.turn:
            form = {
                "csrf_token": field_of(self.page, "csrf_token"),
                "stage": field_of(self.page, "stage"),
                "screen": "projector",
                "move": "next",
            }
            pressed = time.perf_counter()
            self.show(await self.post(f"/rooms/{self.room}/projector/move/part", form))
        return pressed

    def count(self, text: str) -> None:
        self.counts += 1

    async def exported(self, file: str) -> str:
        """A file of the room's exports."""
        async with self.turn:
            answer = await self.get(f"/rooms/{self.room}/{file}")
        if answer.status != 200:
            raise Lost(f"status {answer.status} for {file}")
        return answer.text.removeprefix("\ufeff")
