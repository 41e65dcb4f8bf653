"""The download follows redirects to safe addresses, within the time of one try."""

import time
from email.message import Message
from http.server import BaseHTTPRequestHandler

import pytest

from rates.source import FeedUnreachableError, Source
from rates.updating import feed as feed_module
from rates.updating.feed import Download, download
from tests.fake_time import FakeTime
from tests.integration.feed_server import FILE, FeedServer, Reply, answer

NOT_HTTPS = "the feed leads to an address that is not https"
LOOPBACK = "the feed leads to a loopback address"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(feed: FeedServer, status: int) -> None:
    feed.plan(
        answer(status=status, Location="/elsewhere.zip"),
        answer(status=status, Location=feed.url + "?2"),
        answer(status=status, Location="?3"),
        answer(FILE, ETag="tag"),
    )
    assert download(feed.url) == Download(FILE, Source(feed.url, "tag"))
    assert [request.path for request in feed.requests] == [
        "/eurofxref-hist.zip",
        "/elsewhere.zip",
        "/eurofxref-hist.zip?2",
        "/eurofxref-hist.zip?3",
    ]


@pytest.mark.fault("Endless redirects")
@pytest.mark.parametrize("reply", [answer(status=302, Location="/again"), answer(status=302)])
def test_a_fourth_redirect_is_not_followed(feed: FeedServer, clock: FakeTime, reply: Reply) -> None:
    feed.plan(reply)
    with pytest.raises(FeedUnreachableError, match=r"^the feed redirects more than 3 times$"):
        download(feed.url, None, clock.time)
    assert len(feed.requests) == 4


@pytest.mark.fault("A redirect to anything but https")
@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("http://feed.example/eurofxref-hist.zip", NOT_HTTPS),
        ("http://10.0.0.1/", NOT_HTTPS),
        ("http://localhost.example/", NOT_HTTPS),
        ("file:///etc/hosts", NOT_HTTPS),
        ("ftp://127.0.0.1/", LOOPBACK),
    ],
)
def test_a_redirect_to_another_protocol_is_not_followed(
    feed: FeedServer, clock: FakeTime, target: str, problem: str
) -> None:
    feed.plan(answer(status=301, Location=target))
    with pytest.raises(FeedUnreachableError, match=f"^{problem}$"):
        download(feed.url, None, clock.time)
    assert len(feed.requests) == 1


@pytest.mark.fault("A redirect from the internet to loopback")
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["127.0.0.1:9001", "127.8.8.8", "localhost", "LOCALHOST", "[::1]:9001"])
def test_an_https_feed_cannot_lead_to_loopback(
    clock: FakeTime, monkeypatch: pytest.MonkeyPatch, scheme: str, host: str
) -> None:
    redirect = feed_module._Response(302, Message(), b"")
    redirect.headers["Location"] = f"{scheme}://{host}/2018-06-01/runtime/invocation/next"
    requested: list[str] = []

    def get(location: str, *_: object) -> feed_module._Response:
        requested.append(location)
        return redirect

    monkeypatch.setattr(feed_module, "_get", get)
    with pytest.raises(FeedUnreachableError, match=f"^{LOOPBACK}$"):
        download("https://feed.example/eurofxref-hist.zip", None, clock.time)
    assert requested == ["https://feed.example/eurofxref-hist.zip"]


def test_a_loopback_feed_has_any_name_of_loopback(feed: FeedServer) -> None:
    feed.plan(answer(status=302, Location=feed.url), answer(FILE))
    assert download(feed.url.replace("127.0.0.1", "localhost")) is not None


@pytest.mark.fault("Slow redirects")
def test_redirects_share_the_time_of_one_try(
    feed: FeedServer, clock: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of three redirects takes more than a third of the time."""
    monkeypatch.setattr(feed_module, "TRIES", 1)
    monkeypatch.setattr(feed_module, "TRY_SECONDS", 0.5)

    def slow(handler: BaseHTTPRequestHandler) -> None:
        feed.closing.wait(0.2)
        answer(status=302, Location="/again")(handler)

    feed.plan(slow, slow, slow, answer(FILE))
    started = time.monotonic()
    with pytest.raises(FeedUnreachableError, match=r"took longer than 0\.5 s"):
        download(feed.url, None, clock.time)
    assert time.monotonic() - started < 5
