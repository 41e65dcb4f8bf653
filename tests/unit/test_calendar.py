"""The due times of publications: TARGET working days, in UTC, at the stack's update time."""

import time as clock
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from rates import calendar
from rates.serving import caching
from tests.support import ecb_publications

AT_17 = time(17)
PUBLISHED = [publication.date for publication in ecb_publications()]


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "sunday",
    [
        *("1999-04-04", "2000-04-23", "2001-04-15", "2005-03-27", "2008-03-23", "2011-04-24", "2016-03-27"),
        *("2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25", "2049-04-18"),
        *("2076-04-19", "2079-04-23", "2096-04-15", "2099-04-12", "1666-04-25", "1818-03-22"),
        *("1943-04-25", "1954-04-18"),
        *("1981-04-19", "2106-04-18", "2200-04-06", "2285-03-22", "4200-04-20"),
    ],
)
def test_easter_is_on_the_right_day(sunday: str) -> None:
    sunday_date = date.fromisoformat(sunday)
    assert calendar.easter(sunday_date.year) == sunday_date


def test_easter_is_a_sunday_between_22_march_and_25_april() -> None:
    for year in range(1583, 4100):
        sunday = calendar.easter(year)
        assert sunday.weekday() == 6
        assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


@pytest.mark.parametrize(
    "day",
    [
        *("2026-10-31", "2026-11-01"),  # a weekend
        *("2025-01-01", "2025-05-01", "2025-12-25", "2025-12-26"),
        *("2025-04-18", "2025-04-21"),  # Good Friday, Easter Monday
    ],
)
def test_target_is_closed_on_weekends_and_its_holidays(day: str) -> None:
    assert not calendar.is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    "day",
    [
        *("2026-10-30", "2026-11-02", "2024-02-29", "2025-12-24", "2025-12-31", "2025-01-02", "2025-04-30"),
        *("2025-04-17", "2025-04-22", "2025-06-09", "2025-05-29", "2025-06-02", "2025-11-25", "2025-11-26"),
    ],
)
def test_target_is_open_on_any_other_day(day: str) -> None:
    assert calendar.is_working_day(date.fromisoformat(day))


@pytest.mark.fault("Weekends, holidays, leap days, clock changes")
def test_the_ecbs_history_has_all_working_days_with_four_exceptions() -> None:
    assert calendar.missing_days(PUBLISHED) == []
    assert [day for day in PUBLISHED if not calendar.is_publication_day(day)] == []
    first, last = map(date.fromisoformat, (PUBLISHED[0], PUBLISHED[-1]))
    days = (first + timedelta(days=index) for index in range((last - first).days + 1))
    published = set(PUBLISHED)
    exceptions = [str(day) for day in days if calendar.is_working_day(day) != (str(day) in published)]
    assert exceptions == ["1999-04-02", "1999-04-05", "1999-12-31", "2001-12-31"]


def test_missing_days_lie_between_the_first_and_the_last_date() -> None:
    assert calendar.missing_days([*PUBLISHED[10:20], *PUBLISHED[22:30]]) == PUBLISHED[20:22]
    assert calendar.missing_days([]) == []


@pytest.mark.parametrize(
    ("day", "is_one"), [("2026-11-21", False), ("2026-11-23", True), ("2026-12-25", False)]
)
def test_publication_days_to_come_are_working_days(day: str, is_one: bool) -> None:
    assert calendar.is_publication_day(day) is is_one


# now, the day of the newest due publication, the time of the next one
MOMENTS = {
    "a second before it is due": ("2026-10-29 16:59:59", "2026-10-28", "2026-10-29 17:00"),
    "when it is due": ("2026-10-29 17:00:00", "2026-10-29", "2026-10-30 17:00"),
    "after midnight": ("2026-10-30 00:00:00", "2026-10-29", "2026-10-30 17:00"),
    "on Friday evening": ("2026-10-30 17:00:01", "2026-10-30", "2026-11-02 17:00"),
    "on Sunday": ("2026-11-01 23:59:59", "2026-10-30", "2026-11-02 17:00"),
    "before Easter": ("2025-04-17 18:00:00", "2025-04-17", "2025-04-22 17:00"),
    "on Easter Monday": ("2025-04-21 17:00:00", "2025-04-17", "2025-04-22 17:00"),
    "on Labour Day": ("2025-05-01 17:00:00", "2025-04-30", "2025-05-02 17:00"),
    "over Christmas": ("2026-12-25 12:00:00", "2026-12-24", "2026-12-28 17:00"),
    "at New Year": ("2027-01-01 17:00:00", "2026-12-31", "2027-01-04 17:00"),
    "on New Year's Eve": ("2024-12-31 17:00:00", "2024-12-31", "2025-01-02 17:00"),
    "before a leap day": ("2024-02-28 17:00:00", "2024-02-28", "2024-02-29 17:00"),
    "on a leap day": ("2024-02-29 17:00:00", "2024-02-29", "2024-03-01 17:00"),
    "when summer time begins": ("2026-03-29 01:00:00", "2026-03-27", "2026-03-30 17:00"),
    "when summer time ends": ("2026-10-25 01:00:00", "2026-10-23", "2026-10-26 17:00"),
}


@pytest.mark.fault("Weekends, holidays, leap days, clock changes")
@pytest.mark.parametrize("moment", MOMENTS)
def test_the_last_and_the_next_due_publication(moment: str) -> None:
    now, last, following = MOMENTS[moment]
    assert calendar.last_due(at(now), AT_17) == date.fromisoformat(last)
    assert calendar.next_due(at(now), AT_17) == at(following)


@pytest.mark.fault("Another update time")
def test_another_update_time_applies_everywhere() -> None:
    evening = time(23, 30)
    assert calendar.last_due(at("2026-10-30 23:29:59"), evening) == date(2026, 10, 29)
    assert calendar.last_due(at("2026-10-30 23:30"), evening) == date(2026, 10, 30)
    assert calendar.next_due(at("2026-10-29 23:29"), evening) == at("2026-10-29 23:30")
    assert not calendar.is_stale("2026-10-29", at("2026-10-31 00:29:59"), evening)
    assert calendar.is_stale("2026-10-29", at("2026-10-31 00:30"), evening)


def test_a_clock_of_another_time_zone_gives_the_same_result() -> None:
    tokyo = at("2026-10-29 20:00").astimezone(timezone(timedelta(hours=9)))
    assert tokyo.day == 30
    assert calendar.last_due(tokyo, AT_17) == date(2026, 10, 29)
    assert calendar.next_due(tokyo, AT_17) == at("2026-10-30 17:00")


@pytest.mark.parametrize("zone", ["east-14", "west+12"])
def test_the_time_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    clock.tzset()
    try:
        assert calendar.last_due(at("2026-10-29 06:00"), time(5)) == date(2026, 10, 29)
        assert calendar.next_due(at("2026-10-29 16:00"), AT_17) == at("2026-10-29 17:00")
    finally:
        monkeypatch.undo()
        clock.tzset()


@pytest.mark.fault("Weekends, holidays, leap days, clock changes")
@pytest.mark.parametrize("switch", ["2026-03-29", "2026-10-25"])
def test_daylight_saving_time_moves_no_due_time(switch: str) -> None:
    sunday = date.fromisoformat(switch)
    before, after = sunday - timedelta(days=2), sunday + timedelta(days=1)
    assert calendar.due_at(after, AT_17) - calendar.due_at(before, AT_17) == timedelta(days=3)


@pytest.mark.fault("Weekends, holidays, leap days, clock changes")
@pytest.mark.parametrize(
    ("newest", "now", "is_stale"),
    [
        ("2026-10-29", "2026-10-30 17:59:59", False),
        ("2026-10-29", "2026-10-30 18:00:00", True),
        ("2026-10-30", "2026-10-30 18:00:00", False),
        ("2026-10-30", "2026-11-02 17:59:59", False),
        ("2026-10-30", "2026-11-02 18:00:00", True),
        ("2025-04-17", "2025-04-22 17:59:59", False),
        ("2025-04-17", "2025-04-22 18:00:00", True),
        ("2026-12-31", "2027-01-04 17:59:59", False),
        ("2024-02-28", "2024-02-29 18:00:00", True),
    ],
)
def test_data_is_stale_an_hour_after_a_missing_publication_was_due(
    newest: str, now: str, is_stale: bool
) -> None:
    assert calendar.is_stale(newest, at(now), AT_17) is is_stale


@pytest.mark.fault("A request just before the update")
@pytest.mark.parametrize(
    ("newest", "now", "seconds"),
    [
        ("2026-10-29", "2026-10-30 16:00:00", 3600),
        ("2026-10-29", "2026-10-30 16:30:00", 1860),
        ("2026-10-29", "2026-10-30 16:59:59", 61),
        ("2026-10-29", "2026-10-30 17:00:00", 60),  # due, and not there yet
        ("2026-10-29", "2026-10-30 17:00:01", 60),
        ("2026-10-29", "2026-10-31 12:00:00", 60),
        ("2026-10-30", "2026-10-30 17:00:01", 3600),
        ("2026-10-30", "2026-11-01 12:00:00", 3600),
        ("2026-10-30", "2026-11-02 16:59:00", 120),
        ("2025-04-17", "2025-04-22 16:59:59", 61),
        ("2026-12-31", "2027-01-01 17:00:01", 3600),
        ("2024-02-28", "2024-02-29 17:00:01", 60),
    ],
)
def test_max_age_ends_with_the_next_update(newest: str, now: str, seconds: int) -> None:
    assert caching.max_age(newest, at(now), AT_17, 60, settled=False) == seconds
