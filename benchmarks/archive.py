"""The functions' archive: what Lambda unpacks."""

from __future__ import annotations

from benchmarks.figures import Figure, Section
from infra import code
from local import archive


def content() -> bytes:
    """The archive, as it is uploaded."""
    return archive.build(code.archive())


def measure() -> Section:
    """Its size."""
    return Section("Archive", [Figure("archive.kb", "zipped", len(content()) / 1000, "kB")])
