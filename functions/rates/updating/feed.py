"""Downloads the ECB's file: bounded in time and size, again where that can help, and only where it
changed."""

from __future__ import annotations

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

# One HTTP try < all tries < the function's timeout of 120 s, of which 60 s may go on waiting for its role.
STEP_SECONDS = 5.0  # to connect, and between two pieces of an answer
TRY_SECONDS = 20.0
ALL_TRIES_SECONDS = 50.0
TRIES = 4
REDIRECTS = 3
MAX_BYTES = 8 * 1024 * 1024  # the file is 0.64 MB and grows by 25 KB a year
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


class Download(NamedTuple):
    """The file, and where it came from with the validators of that."""

    content: bytes
    source: Source


class _Response(NamedTuple):
    status: int
    headers: Message
    content: bytes


class _TryAgainError(Exception):
    """A try failed in a way that another may not; `after` seconds at the least, where the server named
    them."""

    def __init__(self, problem: str, after: float = 0.0) -> None:
        super().__init__(problem)
        self.after = after


@dataclass(frozen=True)
class Clock:
    """The clock and the pauses, so that tests need not wait."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def download(url: str, known: Source | None = None, clock: Clock = Clock()) -> Download | None:
    """The file at a URL; None where it is still what `known`'s validators stand for.

    Raises FeedUnreachableError when every try failed, FeedContentError where trying again cannot help.
    """
    deadline = clock.now() + ALL_TRIES_SECONDS
    tries = 0
    while True:
        tries += 1
        try:
            return _try(url, known)
        except _TryAgainError as error:
            # Twice as long each time, and not all at the same moment.
            pause = max(error.after, 2 ** (tries - 1) * random.uniform(0.5, 1.0))
            if tries == TRIES or clock.now() + pause + TRY_SECONDS > deadline:
                problem = f"the feed could not be read in {tries} of {TRIES} tries: {error}"
                raise FeedUnreachableError(problem) from error
        clock.sleep(pause)


def _try(url: str, known: Source | None) -> Download | None:
    conditions = _conditions(known) if known else {}
    location = url
    for _ in range(REDIRECTS + 1):
        try:
            _check_location(location)
            answer = _get(location, conditions)
            if answer.status not in REDIRECT_STATUSES:
                return _download(url, answer, conditional=bool(conditions))
            location = urljoin(location, answer.headers.get("Location", ""))
        except (OSError, HTTPException, ValueError) as error:
            raise _TryAgainError(f"{type(error).__name__}: {error}") from error
    raise FeedUnreachableError(f"the feed redirects more than {REDIRECTS} times")


def _get(location: str, conditions: Mapping[str, str]) -> _Response:
    """One request, without following anything. Its whole answer, of MAX_BYTES at the most."""
    parts = urlsplit(location)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    target = parts._replace(scheme="", netloc="", fragment="").geturl()
    # http.client asks for an answer that is not compressed: the file is an archive as it is.
    headers = {"Accept": "application/zip, */*;q=0.1", "User-Agent": "exchange-rates", **conditions}
    with closing(connect(parts.netloc, timeout=STEP_SECONDS)) as connection:
        connection.connect()
        with _cut_off(connection.sock):
            connection.request("GET", target or "/", headers=headers)
            response = connection.getresponse()
            with closing(response):
                content = response.read(MAX_BYTES + 1)
                if len(content) > MAX_BYTES:
                    raise FeedContentError(f"the feed's answer is larger than {MAX_BYTES} bytes")
                if response.length:  # an answer without a length, or in chunks, has none here
                    raise _TryAgainError(f"the feed's answer ends {response.length} bytes early")
                return _Response(response.status, response.headers, content)


@contextmanager
def _cut_off(connected: socket.socket) -> Iterator[None]:
    """Ends what is read from a socket after TRY_SECONDS: a server that sends a byte now and then keeps each
    wait short."""
    late = Event()

    def shut_down() -> None:
        late.set()
        with suppress(OSError):  # it may have been closed just now
            connected.shutdown(socket.SHUT_RDWR)

    timer = Timer(TRY_SECONDS, shut_down)
    timer.start()
    try:
        yield
        if late.is_set():  # what was cut off may look whole
            raise TimeoutError
    except (OSError, HTTPException, _TryAgainError) as error:
        if not late.is_set():
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
    return Download(
        answer.content,
        Source(url, _validator(answer.headers, "ETag"), _validator(answer.headers, "Last-Modified")),
    )


def _conditions(known: Source) -> dict[str, str]:
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in conditions.items() if value}


def _validator(headers: Message, name: str) -> str:
    """A validator, if it can be sent back: one that cannot would end every later update."""
    value: str = headers.get(name, "")
    return value if value.isascii() and value.isprintable() else ""


def _retry_after(headers: Message) -> float:
    """The seconds that a server asks to wait; a date, which the ECB was not seen to send, counts as none."""
    value: str = headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else 0.0


def _check_location(location: str) -> None:
    """Nothing but https is followed, save on this machine."""
    parts = urlsplit(location)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return
    raise FeedUnreachableError("the feed leads to an address that is not https")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
