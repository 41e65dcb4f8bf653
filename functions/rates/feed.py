"""Downloads the ECB's file: bounded in time and size, again where that can help, and only where it
changed."""

from __future__ import annotations

import ipaddress
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import urllib3

from rates.documents import Source

# One HTTP try < all tries < the function's timeout of 120 s.
CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0  # between two pieces of an answer
TRY_SECONDS = 20.0
ALL_TRIES_SECONDS = 50.0
TRIES = 4
REDIRECTS = 3
MAX_BYTES = 16 * 1024 * 1024  # the file is 0.64 MB and grows by 25 KB a year
PIECE = 64 * 1024
RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504})


class FeedError(Exception):
    """The feed gave nothing that could be used."""


class FeedUnreachableError(FeedError):
    """The file could not be had; another time it may be."""


class FeedContentError(FeedError):
    """What the feed gave is not the ECB's history."""


class Download(NamedTuple):
    """The file, and where it came from with the validators of that."""

    content: bytes
    source: Source


class _TryAgainError(Exception):
    """A try failed in a way that another may not; `after` seconds at the least, where the server named
    them."""

    def __init__(self, problem: str, after: float = 0.0) -> None:
        super().__init__(problem)
        self.after = after


@dataclass(frozen=True)
class Time:
    """The clock and the pauses, so that tests need not wait."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def download(url: str, known: Source | None = None, clock: Time = Time()) -> Download | None:
    """The file at a URL; None where it is still what `known`'s validators stand for.

    Raises FeedUnreachableError when every try failed, FeedContentError where trying again cannot help.
    """
    started, problem = clock.now(), ""
    for attempt in range(TRIES):
        try:
            return _try(url, known, clock)
        except _TryAgainError as error:
            problem = str(error)
            # Twice as long each time, and not all at the same moment.
            pause = max(error.after, 2**attempt * random.uniform(0.5, 1.0))
        if attempt == TRIES - 1 or clock.now() + pause + TRY_SECONDS > started + ALL_TRIES_SECONDS:
            break
        clock.sleep(pause)
    raise FeedUnreachableError(f"the feed could not be read after {attempt + 1} tries: {problem}")


def _try(url: str, known: Source | None, clock: Time) -> Download | None:
    headers = {"Accept": "application/zip, */*;q=0.1", "User-Agent": "exchange-rates"}
    if known and known.etag:
        headers["If-None-Match"] = known.etag
    if known and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    deadline = clock.now() + TRY_SECONDS
    with urllib3.PoolManager(
        retries=False, timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    ) as connections:
        location = url
        for _ in range(REDIRECTS + 1):
            _check_location(location)
            try:
                response = connections.request(
                    "GET", location, headers=headers, preload_content=False, redirect=False
                )
                if target := response.get_redirect_location():
                    location = urljoin(location, target)
                    continue
                return _read(url, known, response, deadline, clock)
            except urllib3.exceptions.HTTPError as error:
                raise _TryAgainError(f"{type(error).__name__}: {error}") from error
    raise FeedUnreachableError(f"the feed redirects more than {REDIRECTS} times")


def _read(
    url: str, known: Source | None, response: urllib3.BaseHTTPResponse, deadline: float, clock: Time
) -> Download | None:
    if response.status == 304 and known:
        return None
    if response.status in RETRIED_STATUSES:
        raise _TryAgainError(f"the feed answers with status {response.status}", _retry_after(response))
    if response.status != 200:
        raise FeedUnreachableError(f"the feed answers with status {response.status}")
    content = bytearray()
    for piece in response.stream(PIECE):
        content += piece
        if len(content) > MAX_BYTES:
            raise FeedContentError(f"the feed's answer is larger than {MAX_BYTES} bytes")
        if clock.now() > deadline:
            raise _TryAgainError(f"the feed's answer took longer than {TRY_SECONDS:.0f} s")
    if not content:
        raise _TryAgainError("the feed's answer is empty")
    source = Source(url, response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
    return Download(bytes(content), source)


def _retry_after(response: urllib3.BaseHTTPResponse) -> float:
    """The seconds that a server asks to wait; a date, which the ECB was not seen to send, counts as none."""
    value = response.headers.get("Retry-After", "")
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
