"""A reader with a clock of the test, on a store in memory whose reads can fail."""

from collections.abc import Mapping, Sequence

import pytest

from rates.history import Publication, Year
from rates.serving.dynamodb import CallError
from rates.serving.reader import HistoryUnavailableError, Reader, Report
from rates.storage.documents import Latest, YearEntry
from tests.fake_time import FakeTime
from tests.history_files import HISTORY
from tests.support import MemoryStore, latest_of

DATES = [publication.date for publication in HISTORY]
THROTTLED = CallError("HTTP 400 ThrottlingException: slow down")


class FailingStore(MemoryStore):
    """A store whose reads fail as long as an error is set, and whose first `latest` can be outdated."""

    latest_error: Exception | None = None
    years_error: Exception | None = None
    outdated: Latest | None = None  # the answer to an eventually consistent read of the latest item

    def latest(self, *, consistent: bool = False) -> Latest | None:
        """Return the latest item."""
        found = super().latest(consistent=consistent)
        if self.latest_error:
            raise self.latest_error
        return found if consistent else self.outdated or found

    def years(self, entries: Mapping[str, YearEntry], *, consistent: bool = False) -> dict[str, Year]:
        """Return the years of these entries."""
        found = super().years(entries, consistent=consistent)
        if self.years_error:
            raise self.years_error
        return found

    def put(self, publications: Sequence[Publication], *, keep: bool = True, revision: int = 0) -> None:
        """Publish another history. Superseded documents stay if `keep`."""
        if not revision:
            revision = self.current.revision + 1 if self.current else 1
        self.current, added = latest_of(publications, revision)
        self.kept[revision] = self.current
        self.by_digest = {**(self.by_digest if keep else {}), **added}


class ReaderUnderTest:
    """A reader, its store and its clock."""

    def __init__(self, store: FailingStore) -> None:
        self.store = store
        self.clock = FakeTime()
        self.reader = Reader(store, self.clock.now)

    def newest(self) -> tuple[str, Report]:
        """Read the date of the latest publication, which needs no year document."""
        return self.reader.read(lambda snapshot: snapshot.latest.publication.date), self.reader.report

    def all(self) -> tuple[list[str], Report]:
        """Read the date of every publication."""
        dates = self.reader.read(
            lambda snapshot: [day for year in snapshot.years("", "9999") for day in year.dates]
        )
        return dates, self.reader.report

    def unavailable(self) -> Report:
        """Read the date of every publication, which must fail."""
        with pytest.raises(HistoryUnavailableError):
            self.all()
        return self.reader.report

    def calls(self) -> list[str]:
        """Return the calls of the store since the last time."""
        calls, self.store.calls = self.store.calls, []
        return calls


def cold_reader() -> ReaderUnderTest:
    """Return a reader that has read nothing yet."""
    return ReaderUnderTest(FailingStore(HISTORY))


def warm_reader() -> ReaderUnderTest:
    """Return a reader that has read everything."""
    warm = cold_reader()
    assert warm.all() == (DATES, Report(DATES[-1], reads=2))
    assert warm.calls() == ["latest", "years"]
    return warm
