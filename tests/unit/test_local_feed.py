"""The source of a local stack's rates, and their age."""

from collections.abc import Iterator
from datetime import date

import pytest

from local import feed
from tests.integration.feed_server import FeedServer, Reply, answer, silence
from tests.integration.serving import serving

PAGE = b"<html>One moment, please</html>"


@pytest.fixture
def served() -> Iterator[FeedServer]:
    """A feed that answers as planned."""
    with serving(FeedServer()) as server:
        yield server


def test_newest_publication_is_that_of_the_first_row() -> None:
    assert feed.newest_publication(feed.packaged()) == date(2026, 10, 30)


@pytest.mark.parametrize("file", [b"", PAGE, b"PK\x03\x04" + bytes(40)])
def test_file_that_is_no_history_is_refused(file: bytes) -> None:
    with pytest.raises(ValueError, match="not the ECB's zipped history"):
        feed.newest_publication(file)


def test_stale_history_lacks_the_newest_publications_only() -> None:
    file = feed.packaged()
    assert feed.newest_publication(feed.stale(file)) == date(2026, 10, 23)
    name, header, rows = feed._unpacked(file)
    assert feed._unpacked(feed.stale(file)) == (name, header, rows[5:])


def test_probe_of_a_feed_that_answers_returns_its_file(served: FeedServer) -> None:
    served.plan(answer(feed.packaged()))
    assert feed.Probe(served.url).file() == feed.packaged()


@pytest.mark.parametrize("reply", [answer(PAGE), silence])
def test_probe_of_a_feed_without_history_returns_none(
    served: FeedServer, reply: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.plan(reply)
    monkeypatch.setattr(feed, "PATIENCE_SECONDS", 0.3)
    assert feed.Probe(served.url).file() is None


def test_probe_of_an_absent_feed_returns_none() -> None:
    assert feed.Probe("http://127.0.0.1:9/eurofxref-hist.zip").file() is None
