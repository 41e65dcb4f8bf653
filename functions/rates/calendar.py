"""The ECB's calendar: a publication is due on each TARGET working day, at the stack's update time.

The publication days since 1999 are today's TARGET working days, with four exceptions.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

GRACE = timedelta(hours=1)  # after this time a publication that is due counts as missed
DAY = timedelta(days=1)
OPEN_DAYS = frozenset({"1999-04-02", "1999-04-05"})  # holidays since, but not yet in 1999
CLOSED_DAYS = frozenset({"1999-12-31", "2001-12-31"})  # for the year 2000 and the euro's banknotes


def easter(year: int) -> date:
    """Return Easter Sunday of a Gregorian year (the anonymous computus)."""
    golden, (century, in_century) = year % 19, divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    moon_correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_correction + 15) % 30
    leap_years, in_leap = divmod(in_century, 4)
    to_sunday = (32 + 2 * rest + 2 * leap_years - epact - in_leap) % 7
    shift = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@cache
def is_working_day(day: date) -> bool:
    """Return True if TARGET, the euro's payment system, is open. The ECB publishes on these days."""
    if day.weekday() >= 5 or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}:
        return False
    return day - easter(day.year) not in (-2 * DAY, DAY)  # Good Friday, Easter Monday


def is_publication_day(day: str) -> bool:
    """Return True if the ECB published on a past day (ISO), or will on a day to come."""
    return day in OPEN_DAYS or (day not in CLOSED_DAYS and is_working_day(date.fromisoformat(day)))


def missing_days(dates: Sequence[str]) -> list[str]:
    """Return the publication days between the first and the last date that are not among the dates."""
    if not dates:
        return []
    first, last = date.fromisoformat(dates[0]), date.fromisoformat(dates[-1])
    days = ((first + number * DAY).isoformat() for number in range((last - first).days))
    return sorted(set(filter(is_publication_day, days)).difference(dates))


def due_at(day: date, update_time: time) -> datetime:
    """Return the time at which the publication of a day is due."""
    return datetime.combine(day, update_time, UTC)


def last_due(now: datetime, update_time: time) -> date:
    """Return the day of the newest publication that is due by now (an aware datetime)."""
    day = now.astimezone(UTC).date()
    while not is_working_day(day) or due_at(day, update_time) > now:
        day -= DAY
    return day


def next_due(now: datetime, update_time: time) -> datetime:
    """Return the time after now at which the next publication is due."""
    day = now.astimezone(UTC).date()
    while not is_working_day(day) or due_at(day, update_time) <= now:
        day += DAY
    return due_at(day, update_time)


def is_stale(newest: str, now: datetime, update_time: time) -> bool:
    """Return True if a publication after the date `newest` (ISO) was due an hour ago or more."""
    return last_due(now - GRACE, update_time).isoformat() > newest


def missed(newest: str, now: datetime, update_time: time) -> int:
    """Return the number of publications after the date `newest` that were due an hour ago or more."""
    days = (last_due(now - GRACE, update_time) - date.fromisoformat(newest)).days
    return sum(is_working_day(date.fromisoformat(newest) + number * DAY) for number in range(1, days + 1))
