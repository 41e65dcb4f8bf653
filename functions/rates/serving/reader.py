"""Cached read access to the history, for one execution environment of the get function."""

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from rates.history import Year
from rates.serving.snapshot import Snapshot
from rates.storage.documents import Latest, UnreadableDocumentError, YearEntry
from rates.storage.store import UnavailableError

TIME_TO_LIVE = 60  # seconds for which the latest item is cached
OLD_REVISIONS = 4  # in memory, those that were asked for last
RETRY_AFTER = 5  # seconds without a call to DynamoDB after one that failed
TROUBLE = (UnavailableError, UnreadableDocumentError)

T = TypeVar("T")


class Report(NamedTuple):
    """A read, as the log line describes it."""

    newest_date: str | None = None  # of the snapshot that was used; None if the reader did not answer
    reads: int = 0  # calls to DynamoDB
    trouble: str = ""  # the reason why the answer may be out of date; "" if it is current


class HistoryUnavailableError(Exception):
    """No snapshot can be read. The report's trouble is "" if nothing was published yet."""


class NoRevisionError(HistoryUnavailableError):
    """A revision does not exist. The report's trouble names what is missing or damaged if it did exist."""


class _MissingError(UnavailableError):
    """A document is not in the table."""


class Documents(Protocol):
    """The reads of a store that a reader makes."""

    def latest(self, *, consistent: bool = False) -> Latest | None: ...

    def revision(self, number: int) -> Latest | None: ...

    def years(self, entries: Mapping[str, YearEntry], *, consistent: bool = False) -> dict[str, Year]: ...


class Reader:
    """Serve consistent snapshots of the history with as few calls to DynamoDB as possible.

    The latest item is cached for TIME_TO_LIVE seconds of wall-clock time: between two requests Lambda freezes
    the environment and its monotonic clock. A few old revisions stay in memory. Years are cached by digest
    until no snapshot needs them. Not thread-safe: Lambda sends one request at a time to an environment.
    """

    def __init__(self, store: Documents, clock: Callable[[], float] = time.time) -> None:
        self.report = Report()  # of the last read
        self._store = store
        self._clock = clock
        self._current: Snapshot | None = None
        self._previous: Snapshot | None = None  # answers while the current one cannot be read in full
        self._old: dict[int, Snapshot] = {}  # by revision, the one that was asked for last at the end
        self._refreshed_at, self._lifetime = 0.0, 0  # of the cached latest item
        self._failed_at: float | None = None  # the time of the last call that failed
        self._failure = UnavailableError()  # of that call
        self._years: dict[str, Year] = {}  # by digest
        self._reads = 0
        self._latest_trouble = ""  # the reason why the latest item could not be refreshed
        self._trouble = ""  # the reason why the snapshot in use may be out of date

    def read(self, compute: Callable[[Snapshot], T]) -> T:
        """Return `compute(snapshot)` for the current snapshot.

        If a year document is missing, retries once with a strongly consistent read of the latest item, then
        with the previous snapshot. `compute` may therefore run several times, and must have no side effects.
        Raises HistoryUnavailableError if no snapshot can be read.
        """
        before, newest_date = self._reads, None
        try:
            for snapshot in self._candidates():
                try:
                    newest_date = snapshot.latest.publication.date
                    return compute(snapshot)
                except TROUBLE as error:
                    newest_date, self._trouble = None, repr(error)
        finally:
            self.report = Report(newest_date, self._reads - before, self._trouble)
        raise HistoryUnavailableError(self._trouble)

    def read_revision(self, revision: int, compute: Callable[[Snapshot], T]) -> T:
        """Return `compute(snapshot)` for a revision. The report has no newest date.

        Raises NoRevisionError if there is no such revision or a document of it is lost, and
        HistoryUnavailableError if it cannot be read now.
        """
        before, trouble = self._reads, ""
        try:
            if snapshot := self._snapshot(revision):
                return compute(snapshot)
        except (_MissingError, UnreadableDocumentError) as error:
            trouble = repr(error)
        except UnavailableError as error:
            trouble = repr(error)
            raise HistoryUnavailableError(trouble) from error
        finally:
            self.report = Report(None, self._reads - before, trouble)
        raise NoRevisionError(trouble)

    def _snapshot(self, revision: int) -> Snapshot | None:
        """Return a revision from memory or else from the table; None if there is none."""
        for snapshot in (self._current, self._previous):
            if snapshot and snapshot.latest.revision == revision:
                return snapshot
        snapshot = self._old.pop(revision, None)
        if snapshot is None:
            latest = self._read(partial(self._store.revision, revision))
            if latest is None:  # version 2.0 published the latest item alone
                latest = self._read(partial(self._store.latest, consistent=True))
            if latest is None or latest.revision != revision:
                return None
            snapshot = Snapshot(latest, self._load)
        self._old[revision] = snapshot
        if len(self._old) > OLD_REVISIONS:
            del self._old[next(iter(self._old))]
            self._forget()
        return snapshot

    def _candidates(self) -> Iterator[Snapshot]:
        """Yield the snapshots to try in turn, and keep the reason why each may be out of date.

        That of the previous snapshot is the failure of the current one.
        """
        for consistent in (False, True):
            age = self._clock() - self._refreshed_at
            if consistent or not 0 <= age < self._lifetime:  # also if the clock was set back
                self._refresh(consistent=consistent)
            self._trouble = self._latest_trouble
            if self._current:
                yield self._current
        if self._previous:
            yield self._previous

    def _refresh(self, *, consistent: bool) -> None:
        """Read the latest item. If it cannot be read, keep the current snapshot, and try again soon."""
        latest, self._latest_trouble = None, ""
        try:
            latest = self._read(partial(self._store.latest, consistent=consistent))
            newest = self._current.latest.revision if self._current else 0
            if not consistent and (latest.revision if latest else 0) < newest:
                # The read was outdated, or the latest item was lost and rebuilt.
                latest = self._read(partial(self._store.latest, consistent=True))
            if self._current and latest is None:
                self._latest_trouble = "the latest item is gone from the table"
        except TROUBLE as error:
            latest, self._latest_trouble = None, repr(error)
        self._refreshed_at, self._lifetime = self._clock(), TIME_TO_LIVE if latest else RETRY_AFTER
        if latest and (self._current is None or latest != self._current.latest):
            self._previous, self._current = self._current, Snapshot(latest, self._load)
            self._forget()

    def _load(self, entries: Mapping[str, YearEntry]) -> dict[str, Year]:
        """Return the years of these entries, from memory or else from the table.

        Raises _MissingError if a document is missing even by a strongly consistent read.
        """
        missing = {year: entry for year, entry in entries.items() if entry.digest not in self._years}
        for consistent in (False, True):
            if missing:
                found = self._read(partial(self._store.years, missing, consistent=consistent))
                for name, year in found.items():
                    self._years[missing.pop(name).digest] = year
        if missing:
            documents = ", ".join(f"{year} with the digest {missing[year].digest}" for year in missing)
            raise _MissingError(f"the table lacks documents of a revision: {documents}")
        return {name: self._years[entry.digest] for name, entry in entries.items()}

    def _read(self, read: Callable[[], T]) -> T:
        """Return what the store reads.

        After a failure, raises it again for RETRY_AFTER seconds instead of calling DynamoDB: then a request
        waits for one timeout at most, and the requests that follow it for none.
        """
        if self._failed_at is not None and 0 <= self._clock() - self._failed_at < RETRY_AFTER:
            raise self._failure.with_traceback(None)
        self._reads += 1
        try:
            return read()
        except UnavailableError as error:
            self._failed_at, self._failure = self._clock(), error
            raise

    def _forget(self) -> None:
        """Drop the years that no snapshot needs."""
        snapshots = [one for one in (self._current, self._previous, *self._old.values()) if one]
        needed = {entry.digest for snapshot in snapshots for entry in snapshot.latest.years.values()}
        self._years = {digest: year for digest, year in self._years.items() if digest in needed}
