"""The history as a warm function knows it: what is current, for a short time, and the years it has read."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from rates.history import Year, year_from
from rates.serving.errors import unavailable
from rates.storage.documents import Latest, UnreadableDocumentError, YearEntry
from rates.storage.store import Store, UnavailableError

TIME_TO_LIVE = 60  # seconds for which `latest` is not read again
RETRY_AFTER = 5  # seconds until it is tried again when it could not be read
FAILURES = (BotoCoreError, ClientError)  # of DynamoDB
TROUBLE = (*FAILURES, UnreadableDocumentError, UnavailableError)

T = TypeVar("T")


class Snapshot:
    """The history as one `latest` has it, so that an answer never mixes two."""

    def __init__(self, latest: Latest, load: Callable[[dict[str, YearEntry]], list[Year]]) -> None:
        self.latest = latest
        self._load = load
        # The two publications that need no other document.
        self._newest = [year_from([known]) for known in (latest.publication, latest.previous) if known]

    def on_or_before(self, day: str) -> tuple[Year, int] | None:
        """Where the newest publication of that date or before stands; None where there is none."""
        for year in self._newest:
            if year.dates[0] <= day:
                return year, 0
        entry = self._entry_on_or_before(day)
        if not entry:
            return None
        (year,) = self._load(entry)
        return year, year.span("", day).stop - 1

    def years(self, start: str, end: str) -> list[Year]:
        """The years from the one with the last publication on or before `start` to the one with `end`'s,
        ascending."""
        first = self._entry_on_or_before(start)
        reach = min(start, *(entry.last_date for entry in first.values())) if first else start
        return self._load(
            {
                year: entry
                for year, entry in self.latest.years.items()
                if entry.first_date <= end and entry.last_date >= reach
            }
        )

    def _entry_on_or_before(self, day: str) -> dict[str, YearEntry]:
        begun = [(year, entry) for year, entry in self.latest.years.items() if entry.first_date <= day]
        return dict(begun[-1:])


class Reader:
    """Reads a store as little as it can. One per function instance, whose requests come one at a time."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._current: Snapshot | None = None
        self._before: Snapshot | None = None  # what was current, for when the new one cannot be read in full
        self._good_until = 0.0
        self._silent_until = 0.0  # DynamoDB failed and is not asked again before
        self._failure: Exception = UnavailableError()  # how
        self._years: dict[str, Year] = {}  # by digest
        self.reads = 0  # calls to DynamoDB so far
        self.trouble = ""  # why the last answer is not what the table has; "" where it is
        self._latest_trouble = ""  # the same of `latest` alone, when it was last read

    @property
    def newest_date(self) -> str | None:
        """The date of the latest publication that is known; None before any is."""
        return self._current.latest.publication.date if self._current else None

    def answer(self, compute: Callable[[Snapshot], T]) -> T:
        """What `compute` makes of the current history; a 503 HttpError where that cannot be read.

        `compute` may run several times: again after `latest` was reread where a document was gone, as after
        an update that took longer than its documents live on, and with what was current before, from memory.
        """
        for attempt in (self._fresh, self._reread, self._superseded):
            history = attempt()
            if history is None:
                continue
            try:
                return compute(history)
            except TROUBLE as error:
                self.trouble = repr(error)
        raise unavailable("temporarily unavailable" if self.trouble else "no data yet")

    def _fresh(self) -> Snapshot | None:
        if self._clock() >= self._good_until:
            self._refresh(consistent=False)
        self.trouble = self._latest_trouble
        return self._current

    def _reread(self) -> Snapshot | None:
        self._refresh(consistent=True)
        self.trouble = self._latest_trouble
        return self._current

    def _superseded(self) -> Snapshot | None:
        return self._before

    def _refresh(self, *, consistent: bool) -> None:
        latest, self._latest_trouble = None, ""
        try:
            latest = self._read(partial(self._store.latest, consistent=consistent))
            if latest is None and self._current:
                self._latest_trouble = "what is current is gone from the table"
        except TROUBLE as error:
            self._latest_trouble = repr(error)
        if latest is None:
            self._good_until = self._clock() + RETRY_AFTER
            return
        self._good_until = self._clock() + TIME_TO_LIVE
        if self._current is None or latest != self._current.latest:
            self._before, self._current = self._current, Snapshot(latest, self._load)
            self._forget()

    def _load(self, entries: dict[str, YearEntry]) -> list[Year]:
        """The years of these entries, from memory or else from the table; UnavailableError where one is
        missing."""
        missing = {year: entry for year, entry in entries.items() if entry.digest not in self._years}
        for consistent in (False, True):
            if missing:
                found = self._read(partial(self._store.years, missing, consistent=consistent))
                for year, document in found.items():
                    self._years[missing.pop(year).digest] = document
        if missing:
            raise UnavailableError(f"no document of {', '.join(missing)} as `latest` names it")
        return [self._years[entry.digest] for entry in entries.values()]

    def _read(self, read: Callable[[], T]) -> T:
        """What the store hands out. One that failed is left alone for a while, so that a request waits for
        one time-out at the most, and those after it for none."""
        if self._clock() < self._silent_until:
            raise self._failure.with_traceback(None)
        self.reads += 1
        try:
            return read()
        except FAILURES as error:
            self._silent_until, self._failure = self._clock() + RETRY_AFTER, error
            raise

    def _forget(self) -> None:
        """Drop the years that neither history names."""
        named = {
            e.digest for known in (self._current, self._before) if known for e in known.latest.years.values()
        }
        self._years = {digest: year for digest, year in self._years.items() if digest in named}
