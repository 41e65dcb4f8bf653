"""Cached read access to the history, for one execution environment of the get function."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple, TypeVar

from rates.history import Year, year_from
from rates.storage.documents import Latest, UnreadableDocumentError, YearEntry
from rates.storage.store import Store, UnavailableError

TIME_TO_LIVE = 60  # seconds for which the latest item is cached
RETRY_AFTER = 5  # seconds without a call to DynamoDB after one that failed
TROUBLE = (UnavailableError, UnreadableDocumentError)

T = TypeVar("T")


class Position(NamedTuple):
    """One publication: its year, and its row in the columns of that year."""

    year: Year
    row: int

    @property
    def date(self) -> str:
        return self.year.dates[self.row]


class Snapshot:
    """The history as one latest item describes it, so that an answer never mixes two.

    Each method loads the year documents that are not in memory with one call.
    """

    def __init__(self, latest: Latest, load: Callable[[Mapping[str, YearEntry]], dict[str, Year]]) -> None:
        self.latest = latest
        self._load = load
        # The two newest publications are in the latest item: they need no year document.
        newest = [publication for publication in (latest.publication, latest.previous) if publication]
        self._newest = [Position(year_from([publication]), 0) for publication in newest]

    def on_or_before(self, *days: str) -> list[Position | None]:
        """Return the newest publication on or before each of these dates; None if there is none."""
        found = {day: next((newest for newest in self._newest if newest.date <= day), None) for day in days}
        names = {day: self._year_begun_by(day) for day in days if not found[day]}
        years = self._load({name: self.latest.years[name] for name in names.values() if name})
        for day, name in names.items():
            if name:
                found[day] = Position(years[name], years[name].span("", day).stop - 1)
        return [found[day] for day in days]

    def before(self, day: str) -> Position | None:
        """Return the newest publication strictly before a date; None if there is none."""
        if day <= self.latest.first_date:
            return None
        (position,) = self.on_or_before((date.fromisoformat(day) - timedelta(days=1)).isoformat())
        return position

    def on_or_after(self, day: str) -> Position | None:
        """Return the oldest publication on or after a date; None if there is none yet."""
        if len(self._newest) < 2 or day > self._newest[1].date:
            return self._newest[0] if day <= self._newest[0].date else None
        if day == self._newest[1].date:
            return self._newest[1]
        name = next(name for name, entry in self.latest.years.items() if entry.last_date >= day)
        year = self._load({name: self.latest.years[name]})[name]
        return Position(year, year.span(day, year.dates[-1]).start)

    def with_previous(self, day: str) -> tuple[Position | None, Position | None]:
        """Return the newest publication on or before a date, and the publication before that one."""
        if day < self._newest[-1].date:
            # Load both years at once if `day` may be the first publication of its year: the day zero of its
            # month is in the year before if the month is January.
            self.on_or_before(day, f"{day[:7]}-00")
        (found,) = self.on_or_before(day)
        if found is None:
            return None, None
        return found, self.before(found.date)

    def years(self, start: str, end: str) -> list[Year]:
        """Return the years of a range, ascending.

        The first one has the newest publication on or before `start`; if there is none, it is the first year
        of the history.
        """
        name = self._year_begun_by(start)
        reach = min(start, self.latest.years[name].last_date) if name else start
        entries = {
            year: entry
            for year, entry in self.latest.years.items()
            if entry.first_date <= end and entry.last_date >= reach
        }
        return list(self._load(entries).values())

    def _year_begun_by(self, day: str) -> str:
        """Return the last year whose first publication is on or before a date; "" if there is none."""
        begun = [name for name, entry in self.latest.years.items() if entry.first_date <= day]
        return begun[-1] if begun else ""


class Report(NamedTuple):
    """A read, as the log line describes it."""

    newest_date: str | None = None  # of the snapshot that was used; None if the reader did not answer
    reads: int = 0  # calls to DynamoDB
    trouble: str = ""  # the reason why the answer may be out of date; "" if it is current


class HistoryUnavailableError(Exception):
    """No snapshot can be read. `report.trouble` is "" if nothing was published yet."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.trouble or "nothing was published yet")
        self.report = report


class Reader:
    """Serve consistent snapshots of the history with as few calls to DynamoDB as possible.

    The latest item is cached for TIME_TO_LIVE seconds of wall-clock time: between two requests Lambda freezes
    the environment and its monotonic clock. Years are cached by digest until no snapshot needs them. Not
    thread-safe: Lambda sends one request at a time to an execution environment.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock
        self._current: Snapshot | None = None
        self._previous: Snapshot | None = None  # answers while the current one cannot be read in full
        self._refreshed_at, self._lifetime = 0.0, 0  # of the cached latest item
        self._failed_at: float | None = None  # the time of the last call that failed
        self._failure = UnavailableError()  # of that call
        self._years: dict[str, Year] = {}  # by digest
        self._reads = 0
        self._latest_trouble = ""  # the reason why the latest item could not be refreshed
        self._trouble = ""  # the reason why the snapshot in use may be out of date

    def read(self, compute: Callable[[Snapshot], T]) -> tuple[T, Report]:
        """Return `compute(snapshot)` for the current snapshot, and a report of the read.

        If a year document is missing, retries once with a strongly consistent read of the latest item, then
        with the previous snapshot. `compute` may therefore run several times, and must have no side effects.
        Raises HistoryUnavailableError if no snapshot can be read.
        """
        before = self._reads
        for snapshot in self._candidates():
            try:
                result = compute(snapshot)
            except TROUBLE as error:
                self._trouble = repr(error)
            else:
                return result, Report(snapshot.latest.publication.date, self._reads - before, self._trouble)
        raise HistoryUnavailableError(Report(None, self._reads - before, self._trouble))

    def _candidates(self) -> Iterator[Snapshot]:
        """Yield the snapshots to try in turn, and keep the reason why each may be out of date.

        That of the previous snapshot is the failure of the current one.
        """
        if not 0 <= self._clock() - self._refreshed_at < self._lifetime:  # also if the clock was set back
            self._refresh(consistent=False)
        self._trouble = self._latest_trouble
        if self._current:
            yield self._current
        self._refresh(consistent=True)
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
            if self._current and not consistent and _revision(latest) < self._current.latest.revision:
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

        Raises UnavailableError if a document is missing even by a strongly consistent read.
        """
        missing = {year: entry for year, entry in entries.items() if entry.digest not in self._years}
        for consistent in (False, True):
            if missing:
                found = self._read(partial(self._store.years, missing, consistent=consistent))
                for name, year in found.items():
                    self._years[missing.pop(name).digest] = year
        if missing:
            raise UnavailableError(f"the latest item names missing documents: {', '.join(missing)}")
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
        """Drop the years that neither the current nor the previous snapshot needs."""
        snapshots = [snapshot for snapshot in (self._current, self._previous) if snapshot]
        needed = {entry.digest for snapshot in snapshots for entry in snapshot.latest.years.values()}
        self._years = {digest: year for digest, year in self._years.items() if digest in needed}


def _revision(latest: Latest | None) -> int:
    return latest.revision if latest else 0
