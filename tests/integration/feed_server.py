"""A feed on loopback that answers as a test plans it."""

import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple

from tests.integration.serving import ReplyServer

Reply = Callable[[BaseHTTPRequestHandler], None]

FILE = b"the file" * 100
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class Asked(NamedTuple):
    """A request that the server received."""

    path: str
    headers: dict[str, str]


class FeedServer(ReplyServer):
    """Sends the planned replies in their order. Repeats the last one."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.replies: list[Reply] = []
        self.requests: list[Asked] = []

    @property
    def url(self) -> str:
        """The URL of the file."""
        return f"http://127.0.0.1:{self.server_address[1]}/eurofxref-hist.zip"

    def plan(self, *replies: Reply) -> None:
        """Forget the requests, and plan these replies."""
        self.replies, self.requests = list(replies), []


class _Handler(BaseHTTPRequestHandler):
    server: FeedServer

    def do_GET(self) -> None:
        self.server.requests.append(Asked(self.path, dict(self.headers.items())))
        replies = self.server.replies
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        self.close_connection = True
        reply(self)

    def log_message(self, *arguments: object) -> None:
        """Log nothing."""


def answer(content: bytes = b"", status: int = 200, **headers: str) -> Reply:
    """Return a valid answer. Underscores in the names of headers become hyphens."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def raw(*pieces: bytes) -> Reply:
    """Send these bytes instead of an answer, and close the connection."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"".join(pieces))

    return reply


def reset(sent: bytes) -> Reply:
    """Send these bytes, and reset the connection."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(sent)
        handler.wfile.flush()
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()

    return reply


def drip(start: bytes, rest: bytes) -> Reply:
    """Send the start at once, and then byte by byte until the client closes the connection."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(start)
        for byte in rest:
            handler.wfile.write(bytes([byte]))
            if _closing(handler).wait(0.02):
                return

    return reply


def silence(handler: BaseHTTPRequestHandler) -> None:
    """Send nothing until the client closes the connection."""
    while not _closing(handler).is_set() and handler.connection.recv(1):
        pass


def _closing(handler: BaseHTTPRequestHandler) -> threading.Event:
    assert isinstance(handler.server, FeedServer)
    return handler.server.closing
