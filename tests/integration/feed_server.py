"""A feed on loopback that behaves as badly as a test tells it to."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

Reply = Callable[[BaseHTTPRequestHandler], None]


class Asked(NamedTuple):
    """A request that the server saw."""

    path: str
    headers: dict[str, str]


class FeedServer(ThreadingHTTPServer):
    """Replies to each request as planned, and to all that come after with the last reply planned."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[Reply] = []
        self.requests: list[Asked] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        """Where the file is."""
        return f"http://127.0.0.1:{self.server_address[1]}/eurofxref-hist.zip"

    def plan(self, *replies: Reply) -> None:
        """Begin anew with these replies."""
        self.replies, self.requests = list(replies), []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what many of these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: FeedServer

    def do_GET(self) -> None:
        self.server.requests.append(Asked(self.path, dict(self.headers.items())))
        replies = self.server.replies
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        self.close_connection = True
        reply(self)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@contextmanager
def feed_server() -> Iterator[FeedServer]:
    """A server that listens, until the end of the block."""
    server = FeedServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def answer(content: bytes = b"", status: int = 200, **headers: str) -> Reply:
    """A proper answer; underscores in the headers' names stand for hyphens."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def raw(*pieces: bytes) -> Reply:
    """These bytes instead of an answer, and the end."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"".join(pieces))

    return reply


def reset(sent: bytes) -> Reply:
    """These bytes, and a connection that breaks."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(sent)
        handler.wfile.flush()
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    return reply


def drip(start: bytes, rest: bytes) -> Reply:
    """The start at once, the rest a byte at a time, for as long as anybody listens."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(start)
        for byte in rest:
            handler.wfile.write(bytes([byte]))
            if _closing(handler).wait(0.02):
                return

    return reply


def silence(handler: BaseHTTPRequestHandler) -> None:
    """Nothing at all, until the client goes."""
    while not _closing(handler).is_set() and handler.connection.recv(1):
        pass


def _closing(handler: BaseHTTPRequestHandler) -> threading.Event:
    assert isinstance(handler.server, FeedServer)
    return handler.server.closing
