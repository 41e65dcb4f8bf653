"""The days of publications, compared with the ECB's own history."""

from __future__ import annotations

import pytest

from rates.calendar import is_publication_day, missing_days
from tests.support import ecb_publications

DATES = [publication.date for publication in ecb_publications()]


def test_history_misses_no_publication_day() -> None:
    assert missing_days(DATES) == []


def test_history_has_publications_on_publication_days_only() -> None:
    assert [day for day in DATES if not is_publication_day(day)] == []


def test_missing_days_lie_between_the_first_and_the_last_date() -> None:
    assert missing_days([*DATES[10:20], *DATES[22:30]]) == DATES[20:22]


def test_no_dates_miss_nothing() -> None:
    assert missing_days([]) == []


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        ("1999-04-02", True),
        ("1999-04-05", True),
        ("2000-04-21", False),
        ("1999-12-31", False),
        ("2001-12-31", False),
        ("2002-12-31", True),
        ("2026-11-21", False),
        ("2026-11-23", True),
        ("2026-12-25", False),
    ],
)
def test_publication_days_are_working_days_with_four_exceptions(day: str, is_one: bool) -> None:
    assert is_publication_day(day) is is_one
