"""The history as one revision describes it: its publications by date, and its years."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from rates.history import Year, year_from
from rates.storage.documents import Latest, YearEntry


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
