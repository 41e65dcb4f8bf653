"""How the history is written down: one document a calendar year, and one that says what is current.

A year's document is immutable and named by its content. `latest` names the documents that make up the
history, so that one write of it publishes them all at once.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from rates.history import Publication, Year

FORMAT = 1  # of both documents; written by this code


class UnreadableDocumentError(Exception):
    """A stored document is damaged, or in a format that this code does not know.

    `revision` is what `latest` still says of its revision, for one who wants to replace it.
    """

    revision: int | None = None


class YearEntry(NamedTuple):
    """What `latest` says of a year: its content, and the publications it holds."""

    digest: str
    first_date: str
    last_date: str
    publications: int


class Source(NamedTuple):
    """The file that the history was read from, and the validators that its server gave ("" where none)."""

    url: str
    etag: str = ""
    last_modified: str = ""


class Latest(NamedTuple):
    """What is current. `revision` counts publishings; `years` is by year, ascending; `updated_at` is ISO,
    UTC."""

    revision: int
    publication: Publication
    previous: Publication | None
    years: Mapping[str, YearEntry]
    updated_at: str
    source: Source

    @property
    def first_date(self) -> str:
        return next(iter(self.years.values())).first_date

    @property
    def publications(self) -> int:
        return sum(entry.publications for entry in self.years.values())


def write_year(year: Year) -> bytes:
    """A year's text: a line of the dates, then a line a currency, comma-separated."""
    lines = [("date", *year.dates), *((code, *column) for code, column in year.columns.items())]
    return "\n".join(map(",".join, lines)).encode()


def digest(text: bytes) -> str:
    """The name of a year's text: 16 hexadecimal digits."""
    return hashlib.sha256(text).hexdigest()[:16]


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
    if digest(text) != expected_digest:
        raise UnreadableDocumentError("a year's document is not what its name says")
    (_, *dates), *columns = (line.split(",") for line in text.decode().split("\n"))
    return Year(tuple(dates), {code: tuple(column) for code, *column in columns})


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
            "source": [latest.source.url, latest.source.etag, latest.source.last_modified],
        },
        separators=(",", ":"),
    )


def _decode_latest_1(text: str, revision: int) -> Latest:
    data: dict[str, Any] = json.loads(text)
    previous = Publication(data["previous_date"], data["previous_rates"]) if data["previous_date"] else None
    return Latest(
        revision,
        Publication(data["date"], data["rates"]),
        previous,
        {year: YearEntry(*entry) for year, entry in data["years"].items()},
        data["updated_at"],
        Source(*data["source"]),
    )


# Every format that may be met while code is rolled out or back: this code's and the one before it.
LATEST_DECODERS: Mapping[int, Callable[[str, int], Latest]] = {1: _decode_latest_1}


def decode_latest(text: str, revision: int, document_format: int, expected_digest: str) -> Latest:
    """What `encode_latest` wrote; UnreadableDocumentError where it is damaged or of a format unknown here."""
    decoder = LATEST_DECODERS.get(document_format)
    if decoder is None:
        raise UnreadableDocumentError(
            f"the history is stored in format {document_format}, this code knows {FORMAT}"
        )
    if digest(text.encode()) != expected_digest:
        raise UnreadableDocumentError("the document of what is current is not what its digest says")
    return decoder(text, revision)
