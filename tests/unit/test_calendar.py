"""When publications are due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from rates import calendar
from tests.support import ecb_publications

FIVE = time(17)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1999, 4, 4), (2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5)]
    + [(2035, 3, 25), (2038, 4, 25), (2049, 4, 18), (2076, 4, 19), (2100, 3, 28)],
)
def test_easter(year: int, month: int, day: int) -> None:
    assert calendar.easter(year) == date(year, month, day)


def test_since_2002_the_ecb_published_on_exactly_these_days() -> None:
    published = {date.fromisoformat(known.date) for known in ecb_publications() if known.date >= "2002"}
    first, last = min(published), max(published)
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    assert published == {day for day in days if calendar.is_working_day(day)}


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        ("2026-10-30T16:59:59", "2026-10-29", "2026-10-30T17:00"),
        ("2026-10-30T17:00:00", "2026-10-30", "2026-11-02T17:00"),  # a Friday
        ("2026-11-01T23:59:59", "2026-10-30", "2026-11-02T17:00"),
        ("2026-12-24T18:00:00", "2026-12-24", "2026-12-28T17:00"),
        ("2026-12-31T18:00:00", "2026-12-31", "2027-01-04T17:00"),
        ("2026-04-03T18:00:00", "2026-04-02", "2026-04-07T17:00"),  # Good Friday
        ("2026-05-01T12:00:00", "2026-04-30", "2026-05-04T17:00"),
    ],
)
def test_a_publication_is_due_at_the_update_time_of_each_working_day(
    now: str, last: str, following: str
) -> None:
    assert calendar.last_due(at(now), FIVE).isoformat() == last
    assert calendar.next_due(at(now), FIVE) == at(following)


def test_another_update_time_is_another_due_time() -> None:
    now = at("2026-10-30T16:30")
    assert calendar.last_due(now, time(16, 30)).isoformat() == "2026-10-30"
    assert calendar.last_due(now, time(16, 31)).isoformat() == "2026-10-29"
    assert calendar.next_due(now, time(16, 31)) == at("2026-10-30T16:31")


def test_any_time_zone_will_do() -> None:
    in_sydney = at("2026-10-29T17:30").astimezone(timezone(timedelta(hours=11)))  # the 30th there
    assert calendar.last_due(in_sydney, FIVE).isoformat() == "2026-10-29"
    assert calendar.next_due(in_sydney, FIVE) == at("2026-10-30T17:00")


def test_what_is_stored_is_stale_an_hour_after_a_newer_publication_was_due() -> None:
    assert not calendar.is_stale("2026-10-30", at("2026-11-02T17:00"), FIVE)
    assert not calendar.is_stale("2026-10-30", at("2026-11-02T17:59:59"), FIVE)
    assert calendar.is_stale("2026-10-30", at("2026-11-02T18:00"), FIVE)
    assert not calendar.is_stale("2026-11-02", at("2026-11-03T17:30"), FIVE)
    assert not calendar.is_stale("2026-12-24", at("2026-12-27T23:00"), FIVE)
