"""The download is retried if another try may succeed, within bounded time."""

import random
import socket
from http.server import BaseHTTPRequestHandler

import pytest

from rates.source import FeedUnreachableError, Source
from rates.updating import feed as feed_module
from rates.updating.feed import Download, download
from tests.fake_time import FakeTime
from tests.integration.feed_server import CHUNKED, FILE, FeedServer, Reply, answer, drip, raw, reset, silence

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(FILE)
BOUNDS = (feed_module.STEP_SECONDS, feed_module.TRY_SECONDS, feed_module.ALL_TRIES_SECONDS)


@pytest.fixture(autouse=True)
def _short_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the timeouts of sockets, which pass in real time."""
    monkeypatch.setattr(feed_module, "STEP_SECONDS", 0.3)
    monkeypatch.setattr(feed_module, "TRY_SECONDS", 0.6)


@pytest.mark.fault("500, 503 and similar")
@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_temporary_status_is_retried(feed: FeedServer, clock: FakeTime, status: int) -> None:
    feed.plan(answer(b"sorry", status), answer(FILE))
    assert download(feed.url, None, clock.time) == Download(FILE, Source(feed.url))
    assert len(feed.requests) == 2
    assert len(clock.pauses) == 1


@pytest.mark.fault("403 and other permanent errors")
@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410, 501])
def test_a_permanent_status_is_not_retried(feed: FeedServer, clock: FakeTime, status: int) -> None:
    feed.plan(answer(b"", status))
    with pytest.raises(FeedUnreachableError, match=f"^the feed answers with status {status}$"):
        download(feed.url, None, clock.time)
    assert len(feed.requests) == 1
    assert clock.pauses == []


TEMPORARY: dict[str, tuple[Reply, str]] = {
    "no answer": (silence, "TimeoutError: timed out"),
    "reset half way": (reset(HEAD + FILE[:200]), "ConnectionResetError"),
    "reset at once": (reset(b""), "ConnectionResetError"),
    "truncated": (raw(HEAD, FILE[:200]), "ends 600 bytes early"),
    "truncated chunks": (raw(CHUNKED, b"20\r\nabc"), "IncompleteRead"),
    "slow": (drip(HEAD, FILE), "took longer than 0.6 s"),
    "slow without a length": (drip(b"HTTP/1.0 200 OK\r\n\r\n", FILE), "took longer than 0.6 s"),
    "slow headers": (drip(b"HTTP/1.1 200 OK\r\n", b"X: " + FILE), "took longer than 0.6 s"),
    "empty": (answer(b""), "the feed's answer is empty"),
    "not HTTP": (raw(b"hello\r\n"), "BadStatusLine: hello"),
    "redirect to no URL": (answer(status=302, Location="https://[broken"), "ValueError: Invalid IPv6 URL"),
    "temporary status": (answer(status=503), "the feed answers with status 503"),
}


@pytest.mark.fault("The feed recovers between two tries")
@pytest.mark.parametrize("fault", TEMPORARY)
def test_a_temporary_fault_is_retried(feed: FeedServer, clock: FakeTime, fault: str) -> None:
    reply, _ = TEMPORARY[fault]
    feed.plan(reply, answer(FILE))
    assert download(feed.url, None, clock.time) == Download(FILE, Source(feed.url))
    assert len(feed.requests) == 2
    assert 0.5 <= clock.pauses[0] < 1


@pytest.mark.fault("The feed does not answer")
@pytest.mark.fault("The answer breaks off")
@pytest.mark.fault("The answer drips")
@pytest.mark.fault("An empty body")
@pytest.mark.parametrize("fault", TEMPORARY)
def test_a_lasting_fault_is_named(
    feed: FeedServer, clock: FakeTime, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(feed_module, "TRIES", 1)
    reply, problem = TEMPORARY[fault]
    feed.plan(reply)
    with pytest.raises(FeedUnreachableError) as raised:
        download(feed.url, None, clock.time)
    assert str(raised.value).startswith("the feed could not be read in 1 of 1 tries: ")
    assert problem in str(raised.value)


def test_pauses_double_and_are_random(
    feed: FeedServer, clock: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = iter([0.5, 1.0, 0.75, 1.0])
    monkeypatch.setattr(random, "uniform", lambda least, most: {(0.5, 1.0): next(parts)}[least, most])
    feed.plan(answer(status=503))
    with pytest.raises(FeedUnreachableError, match=r"^the feed could not be read in 4 of 4 tries: the feed"):
        download(feed.url, None, clock.time)
    assert clock.pauses == [0.5, 2.0, 3.0]
    assert len(feed.requests) == 4


@pytest.mark.fault("429 and 503 with `Retry-After`")
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_respected(feed: FeedServer, clock: FakeTime, status: int) -> None:
    feed.plan(answer(status=status, Retry_After="7"), answer(FILE))
    assert download(feed.url, None, clock.time) is not None
    assert clock.pauses == [7]


@pytest.mark.parametrize("value", ["Sat, 31 Oct 2026 12:00:00 GMT", "-1", "", "\u0663", "soon"])
def test_retry_after_without_seconds_is_ignored(feed: FeedServer, clock: FakeTime, value: str) -> None:
    feed.plan(raw(b"HTTP/1.1 429 Slow\r\nRetry-After: " + value.encode() + b"\r\n\r\n"), answer(FILE))
    assert download(feed.url, None, clock.time) is not None
    assert 0.5 <= clock.pauses[0] <= 1.0


def test_a_long_retry_after_fails_at_once(feed: FeedServer, clock: FakeTime) -> None:
    feed.plan(answer(status=429, Retry_After="3600"))
    with pytest.raises(FeedUnreachableError, match="in 1 of 4 tries: the feed answers with status 429"):
        download(feed.url, None, clock.time)
    assert clock.pauses == []


@pytest.mark.parametrize(("each", "tries"), [(14.0, 3), (14.1, 2)])
def test_no_try_starts_without_time_to_finish(
    feed: FeedServer, clock: FakeTime, monkeypatch: pytest.MonkeyPatch, each: float, tries: int
) -> None:
    """Two tries of 14 s and two pauses of 1 s leave exactly 20 s for the third try."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        clock.seconds += each
        answer(status=503, Retry_After="1")(handler)

    monkeypatch.setattr(feed_module, "TRY_SECONDS", 20.0)
    monkeypatch.setattr(random, "uniform", lambda least, _most: least)
    feed.plan(slow)
    with pytest.raises(FeedUnreachableError, match=f"in {tries} of 4 tries"):
        download(feed.url, None, clock.time)
    assert len(feed.requests) == tries


@pytest.mark.fault("The name of the feed's host does not resolve")
def test_an_unresolved_name_is_retried(
    feed: FeedServer, clock: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(FeedUnreachableError, match=r"4 of 4 tries: gaierror: .*Name or service not known"):
        download("https://feed.example/", None, clock.time)
    assert feed.requests == []


@pytest.mark.fault("The feed refuses the connection")
def test_a_refused_connection_is_retried(clock: FakeTime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(FeedUnreachableError, match="4 of 4 tries: ConnectionRefusedError"):
        download(f"http://127.0.0.1:{port}/", None, clock.time)


def test_the_time_limits_contain_each_other() -> None:
    assert list(BOUNDS) == sorted(set(BOUNDS))
