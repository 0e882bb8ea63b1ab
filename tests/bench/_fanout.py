"""The floor: a bare asyncio server that does what a room's server does, and nothing else.

It tells all streams a line, and gives everybody the same bytes, stored nowhere and for nobody in
particular. What a Flask application with sessions and a database can be compared with.

    POST /page     the body is what /part gives from now on
    POST /go       the body is a line for all streams
    POST /push     the body is a number: so many bytes for all streams, in one event
    GET  /stream   a stream
    GET  /part     the page
    POST /answer   the page, whatever is sent
"""

from __future__ import annotations

import asyncio
import sys

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


class Floor:
    """What all connections share."""

    def __init__(self) -> None:
        self.page = OK
        self.streams: set[asyncio.Transport] = set()

    def tell(self, line: bytes) -> None:
        """One event for all."""
        event = b"data: %b\n\n" % line
        chunk = b"%x\r\n%b\r\n" % (len(event), event)
        for stream in self.streams:
            stream.write(chunk)


class Connection(asyncio.Protocol):
    """A connection of one phone."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, _error: Exception | None) -> None:
        self._floor.streams.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._buffer[:end])
        length = 0
        for line in head.split(b"\r\n"):
            if line.startswith(b"Content-Length: "):
                length = int(line[16:])
        if len(self._buffer) < end + 4 + length:
            return
        body = bytes(self._buffer[end + 4 : end + 4 + length])
        del self._buffer[: end + 4 + length]
        self._answer(head.split(b" ", 2)[1], body)

    def _answer(self, path: bytes, body: bytes) -> None:
        floor = self._floor
        answer = OK
        if path == b"/stream":
            floor.streams.add(self._transport)
            answer = STREAM + b"3\r\n:\n\n\r\n"
        elif path in (b"/part", b"/answer"):
            answer = floor.page
        elif path.startswith(b"/page"):
            kind = b"Content-Encoding: %b\r\n" % path[6:] if path[6:] else b""
            floor.page = b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n" % (kind, len(body))
            floor.page += body
        elif path == b"/go":
            floor.tell(body)
        elif path == b"/push":
            floor.tell(b"push " + b"x" * int(body))
        self._transport.write(answer)


async def main(port: int) -> None:
    """Serve until killed."""
    floor = Floor()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(floor), "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
