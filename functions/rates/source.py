"""The source of a history, and the errors of reading it."""

from typing import NamedTuple


class FeedUnreachableError(Exception):
    """The file could not be downloaded. A later try may succeed."""


class FeedContentError(Exception):
    """The feed's answer is not the ECB's history."""


class Source(NamedTuple):
    """The URL of a file and the validators that its server gave, "" if it gave none."""

    url: str
    etag: str = ""
    last_modified: str = ""
