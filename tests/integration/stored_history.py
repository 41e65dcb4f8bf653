"""A small history in the table, written by the store alone."""

from rates.storage import documents
from rates.storage.store import Store
from tests.history_files import HISTORY
from tests.support import latest_of

LATEST, _YEARS = latest_of(HISTORY)
KEYS = {year: f"year#{year}#{entry.digest}" for year, entry in LATEST.years.items()}
BY_YEAR = {year: _YEARS[entry.digest] for year, entry in LATEST.years.items()}


def fill(store: Store) -> None:
    """Write all documents of the history, and publish them."""
    for name, year in BY_YEAR.items():
        store.put_year(name, LATEST.years[name].digest, documents.encode_year(year))
    store.publish(LATEST, over_revision=None)
