"""The days on which the ECB has published since 1999: today's TARGET working days, with four exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from rates.calendar import is_working_day

OPEN_DAYS = frozenset({"1999-04-02", "1999-04-05"})  # holidays since, but not yet in 1999
CLOSED_DAYS = frozenset({"1999-12-31", "2001-12-31"})  # for the year 2000 and the euro's banknotes


def is_publication_day(day: str) -> bool:
    return day in _publication_days(int(day[:4]))


def missing_days(dates: Sequence[str]) -> list[str]:
    """Return the publication days between the first and the last date that are not among the dates."""
    years = range(int(dates[0][:4]), int(dates[-1][:4]) + 1) if dates else ()
    days = {day for year in years for day in _publication_days(year) if dates[0] < day < dates[-1]}
    return sorted(days.difference(dates))


@cache
def _publication_days(year: int) -> frozenset[str]:
    days = (date(year, 1, 1) + timedelta(n) for n in range(366))
    working_days = {day.isoformat() for day in days if day.year == year and is_working_day(day)}
    return frozenset(working_days | {day for day in OPEN_DAYS if int(day[:4]) == year}) - CLOSED_DAYS
