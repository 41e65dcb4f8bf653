"""Update the table from histories in memory, and read back what it holds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rates.history import Publication
from rates.source import Source
from rates.storage.documents import Latest
from rates.storage.store import Store
from rates.updating.feed import Download, Feed
from rates.updating.update import Options, Summary, update
from tests.history_files import zipped

URL = "https://feed.example/eurofxref-hist.zip"
NOW = datetime(2025, 1, 6, 17, tzinfo=UTC)


def feed_of(publications: Sequence[Publication], tag: str = "", url: str = URL) -> Feed:
    """Return a feed that serves a history. It is unchanged for a request with its tag."""
    file = zipped(publications)

    def fetch(stored: Source | None) -> Download | None:
        return None if tag and stored and stored.etag == tag else Download(file, Source(url, tag))

    return Feed(url, fetch)


def publish(
    store: Store, publications: Sequence[Publication], now: datetime = NOW, tag: str = "", **options: Any
) -> Summary:
    """Update the store from a feed with that history."""
    return update(store, feed_of(publications, tag), now, Options(**options))


def history_in(store: Store) -> tuple[Publication, ...]:
    """Return the history in the table. Raises AssertionError if it is inconsistent."""
    latest = store.latest(consistent=True)
    return () if latest is None else history_of(store, latest)


def history_of(store: Store, latest: Latest) -> tuple[Publication, ...]:
    """Return the history that a latest item names."""
    years = store.years(latest.years, consistent=True)
    assert years.keys() == latest.years.keys(), "a year is missing"
    publications = tuple(one for year in latest.years for one in years[year].publications())
    assert publications[-1] == latest.publication
    assert latest.previous == (publications[-2] if len(publications) > 1 else None)
    return publications


def latest_in(store: Store) -> Latest:
    """Return the latest item."""
    latest = store.latest(consistent=True)
    assert latest
    return latest


def revision_in(store: Store, number: int) -> Latest:
    """Return a revision."""
    revision = store.revision(number)
    assert revision
    return revision


def key_of(store: Store, year: str) -> str:
    """Return the key of a year's current document."""
    return f"year#{year}#{latest_in(store).years[year].digest}"
