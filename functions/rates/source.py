"""The file that a history was read from, and the errors of reading it."""

from __future__ import annotations

from typing import NamedTuple


class FeedUnreachableError(Exception):
    """The file could not be downloaded. A later try may succeed."""


class FeedContentError(Exception):
    """The feed's answer is not the ECB's history."""


class Source(NamedTuple):
    """A file's URL and the validators that its server gave, "" if it gave none."""

    url: str
    etag: str = ""
    last_modified: str = ""
