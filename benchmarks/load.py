"""A load client: connections that each ask for one URL, wait for the answer, and ask again."""

from __future__ import annotations

import selectors
import socket
import time
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30.0  # without any answer at all
PIECE = 1 << 18


class Load(NamedTuple):
    """What a load found: answers per second over all connections, and the median answer's milliseconds."""

    requests_per_second: float
    median_ms: float


class _Connection:
    """One kept-alive connection: a request under way, and what has come of its answer."""

    def __init__(self, host: str, port: int, request: bytes) -> None:
        self.socket = socket.create_connection((host, port), TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._answer = b""
        self._size = 0  # of the whole answer, once its head is there

    def ask(self) -> None:
        self._answer, self._size = b"", 0
        self.began = time.perf_counter()
        self.socket.sendall(self._request)

    def is_answered(self) -> bool:
        """Takes in what has come; whether the answer is complete. OSError where it is not a 200."""
        piece = self.socket.recv(PIECE)
        self._answer += piece
        if not self._size and (end := self._answer.find(b"\r\n\r\n")) > 0:
            self._size = end + 4 + _length(self._answer[:end])
        if not piece:
            raise OSError("the server closed the connection")
        return 0 < self._size <= len(self._answer)


def load(url: str, connections: int, seconds: float) -> Load:
    """Asks for so many seconds, and until there is an answer. One thread does it all, so that the client
    takes little from the server."""
    target = urlsplit(url)
    path = f"{target.path}?{target.query}" if target.query else target.path
    request = f"GET {path} HTTP/1.1\r\nHost: {target.netloc}\r\nAccept: */*\r\n\r\n".encode()
    opened = [_Connection(target.hostname or "", target.port or 80, request) for _ in range(connections)]
    times: list[float] = []
    try:
        with selectors.DefaultSelector() as selector:
            for connection in opened:
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            started = time.perf_counter()
            for connection in opened:
                connection.ask()
            while (elapsed := time.perf_counter() - started) < seconds or not times:
                ready = selector.select(TIMEOUT_SECONDS)
                if not ready:
                    raise OSError(f"no answer within {TIMEOUT_SECONDS:.0f} s from {url}")
                for key, _ in ready:
                    if key.data.is_answered():
                        times.append(time.perf_counter() - key.data.began)
                        key.data.ask()
    finally:
        for connection in opened:
            connection.socket.close()
    return Load(len(times) / elapsed, median(times) * 1000)


def _length(head: bytes) -> int:
    """The length of the body that a head announces."""
    status, *lines = head.decode("latin-1").split("\r\n")
    if " 200" not in status:
        raise OSError(f"the answer is {status!r} instead of a 200")
    fields = {name.lower(): value for name, _, value in (line.partition(":") for line in lines)}
    return int(fields["content-length"])
