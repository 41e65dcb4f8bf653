"""The source of a local stack's rates, and their age."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import date

import pytest

from local import feed

PAGE = b"<html>One moment, please</html>"


@pytest.fixture
def served() -> Iterator[tuple[str, list[bytes | None]]]:
    """The URL of a feed and the list of its answers. The last one is served; None never answers."""
    bodies: list[bytes | None] = []
    over = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies[-1]
            if body is None:
                over.wait(10)
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/eurofxref-hist.zip", bodies
        over.set()
        server.shutdown()


def test_newest_publication_is_that_of_the_first_row() -> None:
    assert feed.newest_publication(feed.packaged().read_bytes()) == date(2026, 10, 30)


@pytest.mark.parametrize("file", [b"", PAGE, b"PK\x03\x04" + bytes(40)])
def test_file_that_is_no_history_is_refused(file: bytes) -> None:
    with pytest.raises(ValueError, match="not the ECB's zipped history"):
        feed.newest_publication(file)


def test_stale_history_lacks_the_newest_publications_only() -> None:
    file = feed.packaged().read_bytes()
    assert feed.newest_publication(feed.stale(file)) == date(2026, 10, 23)
    name, header, rows = feed._unpacked(file)
    assert feed._unpacked(feed.stale(file)) == (name, header, rows[5:])


def test_probe_of_a_feed_that_answers_returns_its_file(served: tuple[str, list[bytes | None]]) -> None:
    url, bodies = served
    bodies.append(feed.packaged().read_bytes())
    assert feed.Probe(url).file() == bodies[-1]


@pytest.mark.parametrize("body", [PAGE, None])
def test_probe_of_a_feed_without_history_returns_none(
    served: tuple[str, list[bytes | None]], body: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, bodies = served
    bodies.append(body)
    monkeypatch.setattr(feed, "PATIENCE_SECONDS", 0.3)
    assert feed.Probe(url).file() is None


def test_probe_of_an_absent_feed_returns_none() -> None:
    assert feed.Probe("http://127.0.0.1:9/eurofxref-hist.zip").file() is None
