"""Ranges of days."""

import json
from datetime import UTC, datetime

import pytest

from tests.conftest import Ask
from tests.support import content


def test_a_range_says_its_terms_and_its_first_and_last_date(ask: Ask) -> None:
    answer = content(ask("/2026-10-26..2026-10-28?base=GBP&symbols=USD&amount=2"))
    assert list(answer) == ["amount", "base", "start_date", "end_date", "rates"]
    assert (answer["amount"], answer["base"]) == ("2.0", "GBP")
    assert (answer["start_date"], answer["end_date"]) == ("2026-10-26", "2026-10-28")


def test_dates_and_codes_ascend_across_years(ask: Ask) -> None:
    rates = json.loads(ask("/2006-06-01..2009-06-01?base=USD").body)["rates"]
    assert list(rates) == sorted(rates)
    assert all(list(day) == sorted(day) and "USD" not in day and "EUR" in day for day in rates.values())


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        # The start moves back to the publication on or before it, also before an earlier end.
        ("2026-10-24..2026-10-24", ["2026-10-23"]),
        ("2026-10-24..2026-10-26", ["2026-10-23", "2026-10-26"]),
        ("2024-01-01..2024-01-02", ["2023-12-29", "2024-01-02"]),  # into the year before
        ("2026-10-25..2026-10-23", ["2026-10-23"]),
        ("1999-01-01..1999-01-05", ["1999-01-04", "1999-01-05"]),
        ("1998-06-30..1999-01-05", ["1999-01-04", "1999-01-05"]),
        ("0000-01-01..1999-01-05", ["1999-01-04", "1999-01-05"]),
        # The end is the last publication on or before it; without one it is the newest.
        ("2026-10-22..2026-10-25", ["2026-10-22", "2026-10-23"]),
        *((f"2026-10-29..{end}", ["2026-10-29", "2026-10-30"]) for end in ("2026-10-30", "2026-10-31", "")),
        *((f"2026-10-29..{end}", ["2026-10-29", "2026-10-30"]) for end in ("2026-11-20", "9999-12-31")),
        # A range may start today.
        ("2026-10-31..", ["2026-10-30"]),
        ("2026-10-31..2026-12-31", ["2026-10-30"]),
    ],
)
def test_a_range_begins_and_ends_with_the_publication_on_or_before(
    ask: Ask, asked: str, found: list[str]
) -> None:
    assert list(content(ask(f"/{asked}?symbols=USD"))["rates"]) == found


@pytest.mark.parametrize(
    "asked",
    [
        *("2024-12-31..2024-01-01", "2026-10-30..2026-10-01", "2026-01-01..1999-12-31"),  # inverted
        "2026-10-25..2026-10-22",
        *("2026-11-01..", "2026-11-01..2026-11-30", "9999-12-31..9999-12-31"),  # later than today
        *("1990-01-01..1999-01-03", "0000-01-01..0000-12-31"),  # before the first publication
        "2012-01-01..2012-12-31?symbols=ISK",  # not quoted in it
        "2026-01-05..2026-02-01?base=BGN",
    ],
)
def test_a_range_without_a_publication_is_not_found(ask: Ask, asked: str) -> None:
    assert ask(f"/{asked}").status == 404


def test_today_is_the_day_in_utc(ask: Ask) -> None:
    assert ask("/2026-11-01..", now=datetime(2026, 11, 1, tzinfo=UTC)).status == 200


@pytest.mark.parametrize("asked", ["2024-02-30..2024-03-05", "2024-01-01..2024-13-01", "2024-02-30.."])
def test_both_ends_must_be_dates(ask: Ask, asked: str) -> None:
    answer = ask(f"/{asked}")
    assert (answer.status, content(answer)["message"]) == (422, "invalid date")


def test_days_on_which_the_base_was_not_quoted_are_left_out(ask: Ask) -> None:
    answer = content(ask("/2025-12-30..2026-01-09?base=BGN&symbols=USD"))
    assert list(answer["rates"]) == ["2025-12-30", "2025-12-31"]
    assert answer["end_date"] == "2025-12-31"


def test_days_on_which_none_of_the_symbols_was_quoted_are_left_out(ask: Ask) -> None:
    answer = content(ask("/2008-12-08..2018-02-01?symbols=ISK"))
    assert list(answer["rates"]) == ["2008-12-08", "2008-12-09", "2018-02-01"]
    assert (answer["start_date"], answer["end_date"]) == ("2008-12-08", "2018-02-01")


def test_a_currency_is_missing_only_on_the_days_without_it(ask: Ask) -> None:
    rates = content(ask("/2008-12-09..2008-12-10?symbols=ISK,USD"))["rates"]
    assert [list(day) for day in rates.values()] == [["ISK", "USD"], ["USD"]]


def test_the_publication_before_the_start_may_lack_the_symbols(ask: Ask) -> None:
    # New Year's Day moves back to 2010-12-30's or 31's publication, in which the shekel is not yet.
    answer = content(ask("/2011-01-01..2011-01-04?symbols=ILS"))
    assert answer["start_date"] == "2011-01-03"
    assert list(answer["rates"]) == ["2011-01-03", "2011-01-04"]
