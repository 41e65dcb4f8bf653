"""The encoding of the history: one document per calendar year, and the latest item that names them.

A year document is immutable and named by its content. One write of the latest item publishes all the year
documents that it names at once.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from rates.history import Publication, Year
from rates.source import Source

FORMAT = 2  # of all documents that this code writes
READABLE_FORMATS = (1, 2)  # this one and the one before, for the time between two versions of the functions


class UnreadableDocumentError(Exception):
    """A stored document is damaged, or in a format that this code does not know.

    `revision` is what `latest` still says of its revision, for one who wants to replace it.
    """

    revision: int | None = None


class YearEntry(NamedTuple):
    """One year in the latest item: the digest of its text, its first and last date, and how many
    publications it has."""

    digest: str  # SHA-256 in hexadecimal; only the first 16 digits in format 1
    first_date: str
    last_date: str
    publications: int


class Latest(NamedTuple):
    """The latest item: the newest publications, and the year documents that make up the history."""

    revision: int  # counts how often the history was published
    publication: Publication
    previous: Publication | None
    years: Mapping[str, YearEntry]  # by year, ascending
    updated_at: str  # ISO, UTC
    source: Source
    currencies: Mapping[str, tuple[str, str]]  # code -> its first and last date; empty in format 1
    format: int = FORMAT

    @property
    def first_date(self) -> str:
        return next(iter(self.years.values())).first_date

    @property
    def publications(self) -> int:
        return sum(entry.publications for entry in self.years.values())


def encode_year(year: Year) -> bytes:
    """A year's text: a line of the dates, then a line a currency, comma-separated."""
    lines = [("date", *year.dates), *((code, *column) for code, column in year.columns.items())]
    return "\n".join(map(",".join, lines)).encode()


def decode_year(text: bytes) -> Year:
    """Return the year that `encode_year` wrote."""
    (_, *dates), *columns = (line.split(",") for line in text.decode().split("\n"))
    return Year(tuple(dates), {code: tuple(column) for code, *column in columns})


def digest(text: bytes) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text).hexdigest()


def pack(text: bytes) -> bytes:
    """A year's text as it is stored."""
    return zlib.compress(text, 9)


def unpack(content: bytes, expected_digest: str) -> Year:
    """The year in what is stored; UnreadableDocumentError where it is not the one of that digest."""
    try:
        text = zlib.decompress(content)
    except zlib.error as error:
        raise UnreadableDocumentError(
            f"a year's document is not compressed as it should be: {error}"
        ) from error
    if not _matches(text, expected_digest):
        raise UnreadableDocumentError("a year's document is not what its name says")
    return decode_year(text)


def encode_latest(latest: Latest) -> str:
    """As JSON; the revision, the format and the digest are the item's own attributes."""
    return json.dumps(
        {
            "date": latest.publication.date,
            "rates": latest.publication.rates,
            "previous_date": latest.previous.date if latest.previous else None,
            "previous_rates": latest.previous.rates if latest.previous else {},
            "years": {
                year: [entry.digest, entry.first_date, entry.last_date, entry.publications]
                for year, entry in latest.years.items()
            },
            "updated_at": latest.updated_at,
            "currencies": latest.currencies,
            "source": [latest.source.url, latest.source.etag, latest.source.last_modified],
        },
        separators=(",", ":"),
    )


def decode_latest(text: str, revision: int, document_format: int, expected_digest: str) -> Latest:
    """Return what `encode_latest` wrote, in this format or in the one before it.

    Raises UnreadableDocumentError if the text is damaged or has another format.
    """
    if document_format not in READABLE_FORMATS:
        raise UnreadableDocumentError(
            f"the history is stored in format {document_format}, this code reads {READABLE_FORMATS}"
        )
    if not _matches(text.encode(), expected_digest):
        raise UnreadableDocumentError("the document of what is current is not what its digest says")
    data: dict[str, Any] = json.loads(text)
    previous = Publication(data["previous_date"], data["previous_rates"]) if data["previous_date"] else None
    return Latest(
        revision,
        Publication(data["date"], data["rates"]),
        previous,
        {year: YearEntry(*entry) for year, entry in data["years"].items()},
        data["updated_at"],
        Source(*data["source"]),
        {code: (first, last) for code, (first, last) in data.get("currencies", {}).items()},
        document_format,
    )


def _matches(text: bytes, expected_digest: str) -> bool:
    """Return True if the digest, or the 16 digits of it that format 1 kept, is that of the text."""
    return len(expected_digest) in (16, 64) and digest(text).startswith(expected_digest)
