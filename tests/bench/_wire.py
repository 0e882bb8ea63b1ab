"""HTTP/1.1 as a browser speaks it to one site: a kept connection for requests, one for a stream.

Made of asyncio's protocols: the time of an answer is taken when its last byte comes in, before
anything is done with it.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.bench._client import unpack

HOST = "127.0.0.1"
ENCODINGS = "gzip, deflate, br"
FORM = "application/x-www-form-urlencoded"
Fields = Mapping[str, str] | Sequence[tuple[str, str]]


class Lost(Exception):
    """The connection ended in the middle of something."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came; `at` is when it was complete."""

    status: int
    fields: Mapping[str, str]
    raw: bytes
    at: float

    @property
    def encoding(self) -> str:
        return self.fields.get("content-encoding", "")

    @property
    def text(self) -> str:
        """The body, unpacked."""
        return unpack(self.raw, self.encoding).decode()


def _head(lines: bytes) -> tuple[int, dict[str, str]]:
    first, *rest = lines.decode("latin-1").split("\r\n")
    fields = (line.split(":", 1) for line in rest if line)
    return int(first[9:12]), {name.lower(): value.strip() for name, value in fields}


class _Kept(asyncio.Protocol):
    """A kept connection: one request at a time."""

    def __init__(self) -> None:
        self.is_open = False
        self._buffer = bytearray()
        self._head: tuple[int, dict[str, str]] | None = None
        self._waits: asyncio.Future[Answer] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.is_open = transport, True

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_open = False
        if self._waits and not self._waits.done():
            self._waits.set_exception(Lost("no answer"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._head is None:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self._head = _head(bytes(self._buffer[:end]))
            del self._buffer[: end + 4]
        status, fields = self._head
        length = 0 if status in (204, 304) else int(fields["content-length"])
        if len(self._buffer) >= length and self._waits and not self._waits.done():
            body = bytes(self._buffer[:length])
            del self._buffer[:length]
            self._head = None
            self._waits.set_result(Answer(status, fields, body, time.perf_counter()))

    def exchange(self, request: bytes) -> asyncio.Future[Answer]:
        self._waits = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._waits


class _Stream(asyncio.Protocol):
    """An event stream; `hear` is given each line of data, `over` is told the end, once."""

    def __init__(
        self, request: bytes, hear: Callable[[str], None], over: Callable[[_Stream], None]
    ) -> None:
        self.status = 0
        self.is_over = False
        self._request = request
        self._hear = hear
        self._over = over
        self._buffer = bytearray()
        self._lines = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.is_over:
            self.is_over = True
            self._over(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.status:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.status, _fields = _head(bytes(self._buffer[:end]))
            del self._buffer[: end + 4]
        for chunk in self._chunks():
            self._lines += chunk
        *whole, rest = self._lines.split(b"\n")
        self._lines = rest
        for line in whole:
            if line.startswith(b"data: "):
                self._hear(line[6:].decode())

    def _chunks(self) -> Iterator[bytes]:
        while (end := self._buffer.find(b"\r\n")) >= 0:
            size = int(self._buffer[:end], 16)
            if len(self._buffer) < end + size + 4:
                return
            if not size:
                self.transport.abort()  # the last one
                return
            yield bytes(self._buffer[end + 2 : end + 2 + size])
            del self._buffer[: end + size + 4]


class Browser:
    """One browser on one site: its cookie, its connections."""

    def __init__(self, port: int, language: str = "en") -> None:
        self.port = port
        self.cookie = ""
        self._kept = _Kept()
        self._language = language
        self._stream: _Stream | None = None

    @property
    def listens(self) -> bool:
        """Whether a stream is open and has begun."""
        stream = self._stream
        return stream is not None and stream.status == 200 and not stream.is_over

    async def get(self, path: str) -> Answer:
        """A page; asked for a second time where the kept connection had ended meanwhile."""
        try:
            return await self._exchange(self._request("GET", path))
        except Lost:
            return await self._exchange(self._request("GET", path))

    async def post(self, path: str, form: Fields | bytes) -> Answer:
        """Send a form."""
        body = form if isinstance(form, bytes) else urlencode(form).encode()
        return await self._exchange(self._request("POST", path, body))

    async def follow(self, answer: Answer) -> Answer:
        """The page that a redirection leads to. Raises Lost for anything but a redirection."""
        if answer.status != 303:
            raise Lost(f"not redirected, but {answer.status}")
        return await self.get(answer.fields["location"])

    async def listen(self, path: str, hear: Callable[[str], None]) -> None:
        """Open the stream, on a connection of its own."""
        request = self._request("GET", path, accept="text/event-stream")
        loop = asyncio.get_running_loop()
        _transport, self._stream = await loop.create_connection(
            lambda: _Stream(request, hear, self._ended), HOST, self.port
        )

    def close_stream(self) -> None:
        """Stop listening."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.transport.abort()

    def _ended(self, stream: _Stream) -> None:
        if stream is self._stream:
            self._stream = None
            self.stream_ended()

    def stream_ended(self) -> None:
        """The server, or the network, has ended the stream."""

    def leave(self) -> None:
        """Close all connections, as a phone that goes away."""
        self.close_stream()
        if self._kept.is_open:
            self._kept.transport.abort()

    async def _exchange(self, request: bytes) -> Answer:
        if not self._kept.is_open:
            loop = asyncio.get_running_loop()
            _transport, self._kept = await loop.create_connection(_Kept, HOST, self.port)
        answer = await self._kept.exchange(request)
        if found := re.match(r"(session=[^;]*)", answer.fields.get("set-cookie", "")):
            self.cookie = found[1]
        return answer

    def _request(self, method: str, path: str, body: bytes = b"", accept: str = "*/*") -> bytes:
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {HOST}:{self.port}",
            f"Accept: {accept}",
            f"Accept-Encoding: {ENCODINGS}",
            f"Accept-Language: {self._language}",
            "Sec-Fetch-Site: same-origin",
        ]
        if self.cookie:
            head.append(f"Cookie: {self.cookie}")
        if method == "POST":
            head += [f"Content-Type: {FORM}", f"Content-Length: {len(body)}"]
        return "\r\n".join([*head, "", ""]).encode() + body
