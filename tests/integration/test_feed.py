"""The download makes one request, conditional if validators are stored, and reads a bounded answer."""

import pytest

from rates.source import FeedContentError, FeedUnreachableError, Source
from rates.updating import feed as feed_module
from rates.updating.feed import Download, download
from tests.fake_time import FakeTime
from tests.integration.feed_server import CHUNKED, FILE, FeedServer, answer, raw


def test_a_download_has_the_file_and_its_validators(feed: FeedServer) -> None:
    feed.plan(answer(FILE, ETag='"1"', Last_Modified="Fri, 30 Oct 2026 15:00:00 GMT"))
    source = Source(feed.url, '"1"', "Fri, 30 Oct 2026 15:00:00 GMT")
    assert download(feed.url) == Download(FILE, source)


def test_a_first_request_is_unconditional(feed: FeedServer) -> None:
    feed.plan(answer(FILE))
    download(feed.url + "?version=1#part")
    (request,) = feed.requests
    assert request.path == "/eurofxref-hist.zip?version=1"
    assert request.headers == {
        "Host": feed.url.split("/")[2],
        "Accept-Encoding": "identity",
        "Accept": "application/zip, */*;q=0.1",
        "User-Agent": "exchange-rates",
    }


def test_a_url_without_a_path_means_the_root(feed: FeedServer) -> None:
    feed.plan(answer(FILE))
    download(feed.url.removesuffix("/eurofxref-hist.zip"))
    assert feed.requests[0].path == "/"


@pytest.mark.parametrize(
    ("validators", "conditions"),
    [
        (("tag", "date"), {"If-None-Match": "tag", "If-Modified-Since": "date"}),
        (("tag", ""), {"If-None-Match": "tag"}),
        (("", "date"), {"If-Modified-Since": "date"}),
    ],
)
def test_an_unchanged_file_is_not_downloaded(
    feed: FeedServer, validators: tuple[str, str], conditions: dict[str, str]
) -> None:
    feed.plan(answer(status=304))
    assert download(feed.url, Source(feed.url, *validators)) is None
    assert {name: value for name, value in feed.requests[0].headers.items() if "If-" in name} == conditions


def test_a_changed_file_is_downloaded(feed: FeedServer) -> None:
    feed.plan(answer(FILE, ETag="new"))
    assert download(feed.url, Source(feed.url, "old")) == Download(FILE, Source(feed.url, "new"))


@pytest.mark.parametrize("stored", [None, Source("http://feed.example")])
def test_not_modified_is_an_error_without_validators(feed: FeedServer, stored: Source | None) -> None:
    feed.plan(answer(status=304))
    with pytest.raises(FeedUnreachableError, match="status 304"):
        download(feed.url, stored)


def test_a_validator_that_cannot_be_sent_is_ignored(feed: FeedServer) -> None:
    feed.plan(raw(b"HTTP/1.1 200 OK\r\nETag: \xff\r\nLast-Modified: a\tb\r\nContent-Length: 4\r\n\r\nfile"))
    assert download(feed.url) == Download(b"file", Source(feed.url))


@pytest.mark.fault("A validator of more than 1,024 bytes")
@pytest.mark.parametrize(("size", "is_kept"), [(1024, True), (1025, False), (60_000, False)])
def test_a_long_validator_is_ignored(feed: FeedServer, size: int, is_kept: bool) -> None:
    feed.plan(answer(FILE, ETag="x" * size, Last_Modified="y" * size))
    kept = ("x" * size, "y" * size) if is_kept else ("", "")
    assert download(feed.url) == Download(FILE, Source(feed.url, *kept))


@pytest.mark.fault("The feed refuses the stored validators with a 4xx")
@pytest.mark.parametrize("status", [400, 403, 404, 412, 431])
def test_a_refused_conditional_request_is_repeated_without_conditions(
    feed: FeedServer, clock: FakeTime, status: int
) -> None:
    feed.plan(answer(status=status), answer(FILE))
    stored = Source(feed.url, "tag", "date")
    assert download(feed.url, stored, clock.time) == Download(FILE, Source(feed.url))
    conditions = [[name for name in request.headers if "If-" in name] for request in feed.requests]
    assert conditions == [["If-None-Match", "If-Modified-Since"], []]
    assert clock.pauses == []


@pytest.mark.parametrize("status", [408, 425, 429])
def test_a_busy_server_gets_the_same_conditions_again(feed: FeedServer, clock: FakeTime, status: int) -> None:
    feed.plan(answer(status=status), answer(status=304))
    assert download(feed.url, Source(feed.url, "tag"), clock.time) is None
    assert [request.headers["If-None-Match"] for request in feed.requests] == ["tag", "tag"]


@pytest.mark.fault("An endless answer")
@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", b"HTTP/1.0 200 OK\r\n\r\n", CHUNKED + b"65\r\n"],
    ids=["with a length", "without a length", "in chunks"],
)
def test_an_answer_over_the_limit_is_not_read(
    feed: FeedServer, clock: FakeTime, monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    monkeypatch.setattr(feed_module, "MAX_BYTES", 100)
    feed.plan(raw(head, b"x" * 101, b"\r\n0\r\n\r\n"))
    with pytest.raises(FeedContentError, match=r"^the feed's answer is larger than 100 bytes$"):
        download(feed.url, None, clock.time)
    assert len(feed.requests) == 1


def test_an_answer_up_to_the_limit_is_read(feed: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "MAX_BYTES", len(FILE))
    feed.plan(answer(FILE))
    assert download(feed.url) is not None


def test_an_answer_in_chunks_is_joined(feed: FeedServer) -> None:
    feed.plan(raw(CHUNKED, b"3\r\nthe\r\n5\r\n file\r\n0\r\n\r\n"))
    assert download(feed.url) == Download(b"the file", Source(feed.url))


def test_an_https_url_is_not_requested_in_plain_text(feed: FeedServer, clock: FakeTime) -> None:
    feed.plan(answer(FILE))
    with pytest.raises(FeedUnreachableError, match="SSLError"):
        download(feed.url.replace("http:", "https:"), None, clock.time)
    assert feed.requests == []
