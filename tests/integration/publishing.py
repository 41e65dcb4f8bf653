"""Updates from a feed that is only a variable, and what is in the table then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rates.history import Publication
from rates.source import Source
from rates.storage.documents import Latest
from rates.storage.store import Store
from rates.updating.feed import Download
from rates.updating.update import Fetch, Summary, update
from tests.history_files import zipped

URL = "https://feed.example/eurofxref-hist.zip"
NOW = datetime(2025, 1, 6, 17, tzinfo=UTC)


def feed_of(publications: Sequence[Publication], tag: str = "") -> Fetch:
    """A feed that serves a history, and says that nothing changed to who knows its tag."""
    file = zipped(publications)

    def fetch(known: Source | None) -> Download | None:
        return None if tag and known and known.etag == tag else Download(file, Source(URL, tag))

    return fetch


def publish(store: Store, publications: Sequence[Publication], now: datetime = NOW, tag: str = "") -> Summary:
    """An update that finds that history."""
    return update(store, feed_of(publications, tag), now)


def history_in(store: Store) -> tuple[Publication, ...]:
    """The history that the table holds; AssertionError where it is not whole."""
    latest = store.latest(consistent=True)
    return () if latest is None else history_of(store, latest)


def history_of(store: Store, latest: Latest) -> tuple[Publication, ...]:
    """The history that `latest` stands for."""
    years = store.years(latest.years, consistent=True)
    assert years.keys() == latest.years.keys(), "a year is missing"
    publications = tuple(known for year in latest.years for known in years[year].publications())
    assert publications[-1] == latest.publication
    assert latest.previous == (publications[-2] if len(publications) > 1 else None)
    return publications
