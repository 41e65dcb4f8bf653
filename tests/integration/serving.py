"""Run a server of the tests in a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar


class ReplyServer(ThreadingHTTPServer):
    """A server on a free port of loopback. `closing` is set when it ends, for replies that wait."""

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.closing = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that close their connections: many tests are about that."""


S = TypeVar("S", bound=ReplyServer)


@contextmanager
def serving(server: S) -> Iterator[S]:
    """Serve until the end of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
