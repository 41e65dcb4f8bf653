"""The encoding of the history: one document per calendar year, and the latest item that names them.

A year document is immutable and named by its content. One write of the latest item publishes all the year
documents that it names at once.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from rates.history import Correction, Publication, Year
from rates.source import Source

FORMAT = 2  # of all documents
FIRST_CORRECTIONS = 20  # in the latest item: its size is limited


class UnreadableDocumentError(Exception):
    """A stored document is damaged or has an unsupported format.

    `revision` is the revision of a damaged latest item, for an update that replaces it; None if it is lost.
    """

    revision: int | None = None


class EarlierFormatError(UnreadableDocumentError):
    """A document of version 1.0. An update must not replace it: version 2.0 converts it, with all checks."""


class YearEntry(NamedTuple):
    """One year in the latest item."""

    digest: str  # SHA-256 of the year's text in hexadecimal
    first_date: str
    last_date: str
    publications: int


class Changes(NamedTuple):
    """The changes of a revision, together with those of earlier revisions that were not announced."""

    years: tuple[str, ...] = ()
    corrections: int = 0
    first_corrections: tuple[Correction, ...] = ()  # at most FIRST_CORRECTIONS
    reformatted: int = 0  # rates whose digits changed, but not their value

    def including(self, earlier: "Changes") -> "Changes":
        """Return these changes together with those of an earlier revision."""
        return Changes(
            tuple(sorted({*earlier.years, *self.years})),
            earlier.corrections + self.corrections,
            (*earlier.first_corrections, *self.first_corrections)[:FIRST_CORRECTIONS],
            earlier.reformatted + self.reformatted,
        )


class Latest(NamedTuple):
    """A revision: the newest publications, and the year documents that make up the history.

    The latest item is a copy of the newest revision.
    """

    revision: int  # counts how often the history was published
    publication: Publication
    previous: Publication | None
    years: Mapping[str, YearEntry]  # by year, ascending
    updated_at: str  # ISO, UTC
    source: Source
    currencies: Mapping[str, tuple[str, str]]  # code -> its first and last date
    changes: Changes = Changes()
    first_revision: int = 0  # each revision from it on is kept; 0: written by version 2.0, which kept none
    columns: tuple[str, ...] = ()  # the currencies in the order of the ECB's file; empty in version 2.0

    @property
    def first_date(self) -> str:
        """The date of the history's first publication."""
        return next(iter(self.years.values())).first_date

    @property
    def publications(self) -> int:
        """The number of publications in the history."""
        return sum(entry.publications for entry in self.years.values())


def encode_year(year: Year) -> bytes:
    """Return a year's text: a line with the dates, then one line per currency, comma-separated."""
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
    """Compress a year's text for storage."""
    return zlib.compress(text, 9)


def unpack(content: bytes, expected_digest: str) -> Year:
    """Return the year in stored content. Raises UnreadableDocumentError if it has another digest."""
    try:
        text = zlib.decompress(content)
    except zlib.error as error:
        raise UnreadableDocumentError(f"a year document cannot be decompressed: {error}") from error
    if digest(text) != expected_digest:
        raise UnreadableDocumentError("a year document does not match its digest")
    return decode_year(text)


def encode_latest(latest: Latest) -> str:
    """Return the latest item's document as JSON. Revision, format and digest are attributes of the item."""
    return json.dumps(
        {
            "date": latest.publication.date,
            "rates": latest.publication.rates,
            "previous_date": latest.previous.date if latest.previous else None,
            "previous_rates": latest.previous.rates if latest.previous else {},
            "years": latest.years,
            "updated_at": latest.updated_at,
            "currencies": latest.currencies,
            "source": latest.source,
            "changes": latest.changes[:3],  # the version before unpacks three
            "reformatted": latest.changes.reformatted,
            "first_revision": latest.first_revision,
            "columns": latest.columns,
        },
        separators=(",", ":"),
    )


def decode_latest(text: str, revision: int, document_format: int, expected_digest: str) -> Latest:
    """Return what `encode_latest` wrote.

    Raises UnreadableDocumentError if the text is damaged or has another format.
    """
    check_format(document_format)
    if digest(text.encode()) != expected_digest:
        raise UnreadableDocumentError("the latest item does not match its digest")
    data: dict[str, Any] = json.loads(text)
    previous = Publication(data["previous_date"], data["previous_rates"]) if data["previous_date"] else None
    changed_years, count, corrections = data["changes"]
    return Latest(
        revision,
        Publication(data["date"], data["rates"]),
        previous,
        {year: YearEntry(*entry) for year, entry in data["years"].items()},
        data["updated_at"],
        Source(*data["source"]),
        {code: (first, last) for code, (first, last) in data["currencies"].items()},
        Changes(
            tuple(changed_years),
            count,
            tuple(Correction(*correction) for correction in corrections),
            data.get("reformatted", 0),
        ),
        data.get("first_revision", 0),
        tuple(data.get("columns", ())),
    )


def check_format(document_format: int) -> None:
    """Raise UnreadableDocumentError if this code cannot read a document's format."""
    if document_format == 1:
        raise EarlierFormatError("a document has format 1 of version 1.0: deploy version 2.0 first")
    if document_format != FORMAT:
        raise UnreadableDocumentError(f"a document has format {document_format}, this code reads {FORMAT}")
