"""Download the ECB's file: bounded in time and size, retried, and conditional if validators are stored."""

import ipaddress
import random
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Timer
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from rates.source import FeedContentError, FeedUnreachableError, Source

# One try < all tries < the function's timeout of 120 s, of which 60 s may be spent on waiting for its role.
STEP_SECONDS = 5.0  # to connect, and between two pieces of an answer
TRY_SECONDS = 20.0  # for one try with its redirects
ALL_TRIES_SECONDS = 50.0
TRIES = 4
REDIRECTS = 3
MAX_BYTES = 8 * 1024 * 1024  # the file has 0.64 MB and grows by 25 KB a year
MAX_VALIDATOR_BYTES = 1024  # a longer one could make the server refuse every later request
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


class Download(NamedTuple):
    """The file, its source, and the content type of the answer, "" if it had none."""

    content: bytes
    source: Source
    content_type: str = ""


class Feed(NamedTuple):
    """A feed: its URL, and a function that downloads the file.

    The function returns None if the file is still the one with the validators of the given source.
    """

    url: str
    fetch: Callable[[Source | None], Download | None]


@dataclass(frozen=True)
class Clock:
    """The clock and the pauses, replaced in tests."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class _Response(NamedTuple):
    status: int
    headers: Message
    content: bytes


class _TryAgainError(Exception):
    """A try failed, and another one may succeed after at least `after` seconds."""

    def __init__(self, problem: str, after: float = 0.0) -> None:
        super().__init__(problem)
        self.after = after


def download(url: str, stored: Source | None = None, clock: Clock = Clock()) -> Download | None:
    """Return the file at a URL, None if it is still the one with the validators of `stored`.

    Raises FeedUnreachableError if all tries failed, FeedContentError if the answer is too large.
    """
    deadline = clock.now() + ALL_TRIES_SECONDS
    tries = 0
    while True:
        tries += 1
        try:
            return _try(url, _conditions(stored) if stored else {})
        except _TryAgainError as error:
            # The pauses double, and are random so that many clients do not return at the same moment.
            pause = max(error.after, 2 ** (tries - 1) * random.uniform(0.5, 1.0))
            if tries == TRIES or clock.now() + pause + TRY_SECONDS > deadline:
                problem = f"the feed could not be read in {tries} of {TRIES} tries: {error}"
                raise FeedUnreachableError(problem) from error
        clock.sleep(pause)


def _try(url: str, conditions: Mapping[str, str]) -> Download | None:
    until = time.monotonic() + TRY_SECONDS
    answer = _follow(url, conditions, until)
    if conditions and 400 <= answer.status < 500 and answer.status not in RETRIED_STATUSES:
        # The server may refuse the validators themselves. Without this, it would refuse every later update.
        conditions = {}
        answer = _follow(url, conditions, until)
    return _download(url, answer, conditional=bool(conditions))


def _follow(url: str, conditions: Mapping[str, str], until: float) -> _Response:
    """Return the first answer that is not a redirect."""
    location = url
    for _ in range(REDIRECTS + 1):
        try:
            _check_location(location, url)
            answer = _get(location, conditions, until)
            if answer.status not in REDIRECT_STATUSES:
                return answer
            location = urljoin(location, answer.headers.get("Location", ""))
        except (OSError, HTTPException, ValueError) as error:
            raise _TryAgainError(f"{type(error).__name__}: {error}") from error
    raise FeedUnreachableError(f"the feed redirects more than {REDIRECTS} times")


def _get(location: str, conditions: Mapping[str, str], until: float) -> _Response:
    """Make one request and return its whole answer, of at most MAX_BYTES. Does not follow redirects."""
    parts = urlsplit(location)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    target = parts._replace(scheme="", netloc="", fragment="").geturl()
    # http.client asks for an uncompressed answer: the file is an archive already.
    headers = {"Accept": "application/zip, */*;q=0.1", "User-Agent": "exchange-rates", **conditions}
    with closing(connect(parts.netloc, timeout=STEP_SECONDS)) as connection:
        connection.connect()
        with _time_limit(connection.sock, until):
            connection.request("GET", target or "/", headers=headers)
            response = connection.getresponse()
            with closing(response):
                content = response.read(MAX_BYTES + 1)
                if len(content) > MAX_BYTES:
                    raise FeedContentError(f"the feed's answer is larger than {MAX_BYTES} bytes")
                if response.length:  # None for an answer without a length or in chunks
                    raise _TryAgainError(f"the feed's answer ends {response.length} bytes early")
                return _Response(response.status, response.headers, content)


@contextmanager
def _time_limit(connected: socket.socket, until: float) -> Iterator[None]:
    """Shut a socket down at a time of the monotonic clock.

    The socket's own timeout does not end an answer whose bytes arrive one by one.
    """
    is_late = Event()

    def shut_down() -> None:
        is_late.set()
        with suppress(OSError):  # it may be closed already
            connected.shutdown(socket.SHUT_RDWR)

    timer = Timer(until - time.monotonic(), shut_down)
    timer.start()
    try:
        yield
        if is_late.is_set():  # a truncated answer without a length looks complete
            raise TimeoutError
    except (OSError, HTTPException, _TryAgainError) as error:
        if not is_late.is_set():
            raise
        raise _TryAgainError(f"the feed's answer took longer than {TRY_SECONDS:g} s") from error
    finally:
        timer.cancel()


def _download(url: str, answer: _Response, *, conditional: bool) -> Download | None:
    if answer.status == 304 and conditional:
        return None
    if answer.status in RETRIED_STATUSES:
        raise _TryAgainError(f"the feed answers with status {answer.status}", _retry_after(answer.headers))
    if answer.status != 200:
        raise FeedUnreachableError(f"the feed answers with status {answer.status}")
    if not answer.content:
        raise _TryAgainError("the feed's answer is empty")
    validators = (answer.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    content_type = answer.headers.get("Content-Type", "")[:100]
    return Download(answer.content, Source(url, *map(_usable, validators)), content_type)


def _conditions(stored: Source) -> dict[str, str]:
    conditions = {"If-None-Match": stored.etag, "If-Modified-Since": stored.last_modified}
    return {name: value for name, value in conditions.items() if value}


def _usable(validator: str) -> str:
    """Return a validator, "" if a request with it could fail."""
    is_usable = validator.isascii() and validator.isprintable() and len(validator) <= MAX_VALIDATOR_BYTES
    return validator if is_usable else ""


def _retry_after(headers: Message) -> float:
    """Return the seconds that a server asks to wait, 0 if it names a date (the ECB was not seen to)."""
    value: str = headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else 0.0


def _check_location(location: str, url: str) -> None:
    """Allow https, and loopback only if the feed itself is there: Lambda's own API listens on loopback."""
    parts = urlsplit(location)
    if _is_loopback(parts.hostname):
        if parts.scheme in ("http", "https") and _is_loopback(urlsplit(url).hostname):
            return
        raise FeedUnreachableError("the feed leads to a loopback address")
    if parts.scheme != "https":
        raise FeedUnreachableError("the feed leads to an address that is not https")


def _is_loopback(host: str | None) -> bool:
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"
