"""The download: what it asks for, what it follows, when it tries again, and what bounds it."""

from __future__ import annotations

import random
import socket
from http.server import BaseHTTPRequestHandler

import pytest

from rates.source import FeedContentError, FeedUnreachableError, Source
from rates.updating import feed as feed_module
from rates.updating.feed import Download, download
from tests.fake_time import FakeTime
from tests.integration.feed_server import FeedServer, Reply, answer, drip, raw, reset, silence

FILE = b"the file" * 100
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(FILE)
BOUNDS = (feed_module.STEP_SECONDS, feed_module.TRY_SECONDS, feed_module.ALL_TRIES_SECONDS)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def clock() -> FakeTime:
    return FakeTime()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured on sockets passes in real time: little of it."""
    monkeypatch.setattr(feed_module, "STEP_SECONDS", 0.3)
    monkeypatch.setattr(feed_module, "TRY_SECONDS", 0.6)


def test_a_download_is_the_file_and_its_validators(feed: FeedServer) -> None:
    feed.plan(answer(FILE, ETag='"1"', Last_Modified="Fri, 30 Oct 2026 15:00:00 GMT"))
    source = Source(feed.url, '"1"', "Fri, 30 Oct 2026 15:00:00 GMT")
    assert download(feed.url) == Download(FILE, source)


def test_the_feed_may_live_without_validators(feed: FeedServer) -> None:
    feed.plan(answer(FILE))
    assert download(feed.url) == Download(FILE, Source(feed.url))


def test_a_first_request_is_unconditional_and_says_who_asks_for_what(feed: FeedServer) -> None:
    feed.plan(answer(FILE))
    download(feed.url + "?version=1#part")
    (asked,) = feed.requests
    assert asked.path == "/eurofxref-hist.zip?version=1"
    assert asked.headers == {
        "Host": feed.url.split("/")[2],
        "Accept-Encoding": "identity",
        "Accept": "application/zip, */*;q=0.1",
        "User-Agent": "exchange-rates",
    }


def test_a_url_without_a_path_asks_for_the_root(feed: FeedServer) -> None:
    feed.plan(answer(FILE))
    download(feed.url.removesuffix("/eurofxref-hist.zip"))
    assert feed.requests[0].path == "/"


@pytest.mark.parametrize(
    ("known", "conditions"),
    [
        (("tag", "date"), {"If-None-Match": "tag", "If-Modified-Since": "date"}),
        (("tag", ""), {"If-None-Match": "tag"}),
        (("", "date"), {"If-Modified-Since": "date"}),
    ],
)
def test_a_file_that_is_still_the_known_one_is_not_read_again(
    feed: FeedServer, known: tuple[str, str], conditions: dict[str, str]
) -> None:
    feed.plan(answer(status=304))
    assert download(feed.url, Source(feed.url, *known)) is None
    assert {name: value for name, value in feed.requests[0].headers.items() if "If-" in name} == conditions


def test_a_file_that_changed_since_is_read(feed: FeedServer) -> None:
    feed.plan(answer(FILE, ETag="new"))
    assert download(feed.url, Source(feed.url, "old")) == Download(FILE, Source(feed.url, "new"))


@pytest.mark.parametrize("known", [None, Source("http://feed.example")])
def test_not_modified_is_no_answer_to_an_unconditional_request(
    feed: FeedServer, known: Source | None
) -> None:
    feed.plan(answer(status=304))
    with pytest.raises(FeedUnreachableError, match="status 304"):
        download(feed.url, known)


def test_a_validator_that_could_not_be_sent_back_is_forgotten(feed: FeedServer) -> None:
    feed.plan(raw(b"HTTP/1.1 200 OK\r\nETag: \xff\r\nLast-Modified: a\tb\r\nContent-Length: 4\r\n\r\nfile"))
    assert download(feed.url) == Download(b"file", Source(feed.url))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_status_that_may_pass_is_asked_again(feed: FeedServer, clock: FakeTime, status: int) -> None:
    feed.plan(answer(b"sorry", status), answer(FILE))
    assert download(feed.url, None, clock.time) == Download(FILE, Source(feed.url))
    assert len(feed.requests) == 2
    assert len(clock.pauses) == 1


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410, 501])
def test_a_status_that_will_not_pass_is_not_asked_again(
    feed: FeedServer, clock: FakeTime, status: int
) -> None:
    feed.plan(answer(b"", status))
    with pytest.raises(FeedUnreachableError, match=f"^the feed answers with status {status}$"):
        download(feed.url, None, clock.time)
    assert len(feed.requests) == 1
    assert clock.pauses == []


MENDABLE: dict[str, tuple[Reply, str]] = {
    "nothing is answered": (silence, "TimeoutError: timed out"),
    "the connection breaks half way": (reset(HEAD + FILE[:200]), "ConnectionResetError"),
    "the connection breaks at once": (reset(b""), "ConnectionResetError"),
    "the answer ends half way": (raw(HEAD, FILE[:200]), "ends 600 bytes early"),
    "the chunks end half way": (raw(CHUNKED, b"20\r\nabc"), "IncompleteRead"),
    "the answer drips": (drip(HEAD, FILE), "took longer than 0.6 s"),
    "the answer drips and has no length": (drip(b"HTTP/1.0 200 OK\r\n\r\n", FILE), "took longer than 0.6 s"),
    "the headers drip": (drip(b"HTTP/1.1 200 OK\r\n", b"X: " + FILE), "took longer than 0.6 s"),
    "the answer is empty": (answer(b""), "the feed's answer is empty"),
    "the answer is not HTTP": (raw(b"hello\r\n"), "BadStatusLine: hello"),
    "the redirect is no URL": (
        answer(status=302, Location="https://[broken"),
        "ValueError: Invalid IPv6 URL",
    ),
    "the status may pass": (answer(status=503), "the feed answers with status 503"),
}


@pytest.mark.parametrize("fault", MENDABLE)
def test_what_another_try_may_mend_is_tried_again(feed: FeedServer, clock: FakeTime, fault: str) -> None:
    reply, _ = MENDABLE[fault]
    feed.plan(reply, answer(FILE))
    assert download(feed.url, None, clock.time) == Download(FILE, Source(feed.url))
    assert len(feed.requests) == 2
    assert 0.5 <= clock.pauses[0] < 1


@pytest.mark.parametrize("fault", MENDABLE)
def test_what_no_try_mended_is_said(
    feed: FeedServer, clock: FakeTime, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(feed_module, "TRIES", 1)
    reply, problem = MENDABLE[fault]
    feed.plan(reply)
    with pytest.raises(FeedUnreachableError) as raised:
        download(feed.url, None, clock.time)
    assert str(raised.value).startswith("the feed could not be read in 1 of 1 tries: ")
    assert problem in str(raised.value)


def test_the_pauses_double_and_are_not_the_same_for_all(
    feed: FeedServer, clock: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = iter([0.5, 1.0, 0.75, 1.0])
    monkeypatch.setattr(random, "uniform", lambda least, most: {(0.5, 1.0): next(parts)}[least, most])
    feed.plan(answer(status=503))
    with pytest.raises(
        FeedUnreachableError, match=r"^the feed could not be read in 4 of 4 tries: the feed answ"
    ):
        download(feed.url, None, clock.time)
    assert clock.pauses == [0.5, 2.0, 3.0]
    assert len(feed.requests) == 4


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_says_when_to_come_again_is_heeded(
    feed: FeedServer, clock: FakeTime, status: int
) -> None:
    feed.plan(answer(b"", status, Retry_After="7"), answer(FILE))
    assert download(feed.url, None, clock.time) is not None
    assert clock.pauses == [7]


@pytest.mark.parametrize("value", ["Sat, 31 Oct 2026 12:00:00 GMT", "-1", "", "\u0663", "soon"])
def test_what_is_no_number_of_seconds_is_not_heeded(feed: FeedServer, clock: FakeTime, value: str) -> None:
    feed.plan(raw(b"HTTP/1.1 429 Slow\r\nRetry-After: " + value.encode() + b"\r\n\r\n"), answer(FILE))
    assert download(feed.url, None, clock.time) is not None
    assert 0.5 <= clock.pauses[0] <= 1.0


def test_a_server_that_asks_for_more_time_than_there_is_ends_the_update_at_once(
    feed: FeedServer, clock: FakeTime
) -> None:
    feed.plan(answer(status=429, Retry_After="3600"))
    with pytest.raises(FeedUnreachableError, match="in 1 of 4 tries: the feed answers with status 429"):
        download(feed.url, None, clock.time)
    assert clock.pauses == []


@pytest.mark.parametrize(("each", "tries"), [(14.0, 3), (14.1, 2)])
def test_no_try_begins_that_could_not_end_in_time(
    feed: FeedServer, clock: FakeTime, monkeypatch: pytest.MonkeyPatch, each: float, tries: int
) -> None:
    """Two tries of 14 s and two pauses of 1 s leave just the 20 s for a third."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        clock.seconds += each
        answer(status=503, Retry_After="1")(handler)

    monkeypatch.setattr(feed_module, "TRY_SECONDS", 20.0)
    monkeypatch.setattr(random, "uniform", lambda least, _most: least)
    feed.plan(slow)
    with pytest.raises(FeedUnreachableError, match=f"in {tries} of 4 tries"):
        download(feed.url, None, clock.time)
    assert len(feed.requests) == tries


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(feed: FeedServer, status: int) -> None:
    feed.plan(
        answer(status=status, Location="/elsewhere.zip"),
        answer(status=status, Location=feed.url + "?2"),
        answer(status=status, Location="?3"),
        answer(FILE, ETag="tag"),
    )
    assert download(feed.url) == Download(FILE, Source(feed.url, "tag"))
    paths = [asked.path for asked in feed.requests]
    assert paths == [
        "/eurofxref-hist.zip",
        "/elsewhere.zip",
        "/eurofxref-hist.zip?2",
        "/eurofxref-hist.zip?3",
    ]


@pytest.mark.parametrize("reply", [answer(status=302, Location="/again"), answer(status=302)])
def test_redirects_without_an_end_are_not(feed: FeedServer, clock: FakeTime, reply: Reply) -> None:
    feed.plan(reply)
    with pytest.raises(FeedUnreachableError, match=r"^the feed redirects more than 3 times$"):
        download(feed.url, None, clock.time)
    assert len(feed.requests) == 4


@pytest.mark.parametrize(
    "target",
    [
        "http://feed.example/eurofxref-hist.zip",
        "http://10.0.0.1/",
        "http://localhost.example/",
        "ftp://127.0.0.1/",
        "file:///etc/hosts",
    ],
)
def test_a_redirect_to_plain_http_is_not_followed(feed: FeedServer, clock: FakeTime, target: str) -> None:
    feed.plan(answer(status=301, Location=target))
    with pytest.raises(FeedUnreachableError, match=r"^the feed leads to an address that is not https$"):
        download(feed.url, None, clock.time)
    assert len(feed.requests) == 1


def test_this_machine_is_asked_by_any_of_its_names(feed: FeedServer) -> None:
    feed.plan(answer(FILE))
    assert download(feed.url.replace("127.0.0.1", "localhost")) is not None


def test_https_is_not_spoken_in_the_clear(feed: FeedServer, clock: FakeTime) -> None:
    feed.plan(answer(FILE))
    with pytest.raises(FeedUnreachableError, match="SSLError"):
        download(feed.url.replace("http:", "https:"), None, clock.time)
    assert feed.requests == []


def test_a_name_that_does_not_resolve_is_tried_again(
    feed: FeedServer, clock: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FeedUnreachableError, match=r"4 of 4 tries: gaierror: .*Name or service not known"):
        download("https://feed.example/", None, clock.time)
    assert feed.requests == []


def test_a_refused_connection_is_tried_again(clock: FakeTime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with pytest.raises(FeedUnreachableError, match="4 of 4 tries: ConnectionRefusedError"):
        download(f"http://127.0.0.1:{port}/", None, clock.time)


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", b"HTTP/1.0 200 OK\r\n\r\n", CHUNKED + b"65\r\n"],
    ids=["of a length", "without a length", "in chunks"],
)
def test_an_answer_beyond_the_bound_is_not_read_on(
    feed: FeedServer, clock: FakeTime, monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    monkeypatch.setattr(feed_module, "MAX_BYTES", 100)
    feed.plan(raw(head, b"x" * 101, b"\r\n0\r\n\r\n"))
    with pytest.raises(FeedContentError, match=r"^the feed's answer is larger than 100 bytes$"):
        download(feed.url, None, clock.time)
    assert len(feed.requests) == 1


def test_an_answer_up_to_the_bound_is_read(feed: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "MAX_BYTES", len(FILE))
    feed.plan(answer(FILE))
    assert download(feed.url) is not None


def test_one_wait_is_shorter_than_one_try_and_that_than_all_tries() -> None:
    assert list(BOUNDS) == sorted(set(BOUNDS))


def test_an_answer_in_chunks_is_put_together(feed: FeedServer) -> None:
    feed.plan(raw(CHUNKED, b"3\r\nthe\r\n5\r\n file\r\n0\r\n\r\n"))
    assert download(feed.url) == Download(b"the file", Source(feed.url))
