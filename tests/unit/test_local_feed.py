"""Where a local stack gets the rates, and how old they are."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import date

import pytest

from local import feed


@pytest.fixture
def served() -> Iterator[tuple[str, list[bytes | None]]]:
    """A feed's URL, and what it answers with: the last of these; None for never."""
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


def test_the_newest_publication_is_read_from_the_file_s_beginning() -> None:
    start = feed.packaged().read_bytes()[: feed.START_BYTES]
    assert feed.newest_publication(start) == date(2026, 10, 30)


@pytest.mark.parametrize("start", [b"", b"<html>One moment please</html>" * 9, b"PK\x03\x04" + bytes(40)])
def test_what_is_no_history_is_refused(start: bytes) -> None:
    with pytest.raises(ValueError, match="not ECB's zipped history"):
        feed.newest_publication(start)


def test_a_feed_that_answers_tells_its_date(served: tuple[str, list[bytes | None]]) -> None:
    url, bodies = served
    bodies.append(feed.packaged().read_bytes())
    assert feed.Probe(url).newest() == date(2026, 10, 30)


@pytest.mark.parametrize("body", [b"<html>One moment please</html>", None])
def test_a_feed_that_answers_with_something_else_or_not_at_all_is_none(
    served: tuple[str, list[bytes | None]], body: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, bodies = served
    bodies.append(body)
    monkeypatch.setattr(feed, "PATIENCE_SECONDS", 0.3)
    assert feed.Probe(url).newest() is None


def test_a_feed_that_is_not_there_is_none() -> None:
    assert feed.Probe("http://127.0.0.1:9/eurofxref-hist.zip").newest() is None
