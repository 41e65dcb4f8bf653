"""A single date: one publication, the newest on or before it."""

from datetime import UTC, datetime

import pytest

from tests.conftest import Ask
from tests.support import content, is_not_found


def codes(ask: Ask, url: str) -> list[str]:
    return list(content(ask(url))["rates"])


@pytest.mark.parametrize(
    ("day", "answered"),
    [
        ("2024-05-13", "2024-05-13"),
        ("2024-11-02", "2024-11-01"),  # a Saturday and a Sunday
        ("2024-11-03", "2024-11-01"),
        ("2024-03-29", "2024-03-28"),  # Good Friday
        ("2024-04-01", "2024-03-28"),  # Easter Monday
        ("2024-05-01", "2024-04-30"),
        ("2024-12-26", "2024-12-24"),
        ("2024-01-01", "2023-12-29"),  # and a year back
        ("2001-12-31", "2001-12-28"),
        ("1999-04-02", "1999-04-02"),  # in 1999, Good Friday and Easter Monday had publications
        ("1999-04-05", "1999-04-05"),
        ("2000-02-29", "2000-02-29"),
        ("2024-02-29", "2024-02-29"),
        ("1999-01-04", "1999-01-04"),  # the first
        ("2026-10-30", "2026-10-30"),  # the newest, which answers for two weeks more
        ("2026-10-31", "2026-10-30"),
        ("2026-11-01", "2026-10-30"),
        ("2026-11-13", "2026-10-30"),
    ],
)
def test_a_day_answers_with_the_newest_publication_on_or_before_it(ask: Ask, day: str, answered: str) -> None:
    assert content(ask(f"/{day}?symbols=USD"))["date"] == answered


@pytest.mark.parametrize("day", ["2026-11-14", "2026-11-30", "2027-01-01", "9999-12-31"])
def test_days_more_than_two_weeks_ahead_are_not_found(ask: Ask, day: str) -> None:
    answer = ask(f"/{day}")
    assert is_not_found(answer)


def test_today_ends_at_midnight_utc(ask: Ask) -> None:
    # Tomorrow counts if it is later than two weeks after the newest publication.
    assert ask("/2026-12-02", now=datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)).status == 404
    assert ask("/2026-12-02", now=datetime(2026, 12, 1, tzinfo=UTC)).status == 200


def test_dates_after_the_latest_publication_get_it_even_if_it_is_old(ask: Ask) -> None:
    months_later = datetime(2027, 6, 1, tzinfo=UTC)
    assert content(ask("/2027-06-02?symbols=USD", now=months_later))["date"] == "2026-10-30"


@pytest.mark.parametrize("day", ["0000-01-01", "0000-02-29", "0001-01-01", "1998-12-31", "1999-01-03"])
def test_days_before_the_first_publication_are_not_found(ask: Ask, day: str) -> None:
    assert ask(f"/{day}").status == 404


@pytest.mark.parametrize(
    "day",
    [
        *("2024-02-30", "2023-02-29", "1900-02-29", "1500-02-29", "2024-13-01", "2024-00-10", "2024-01-00"),
        *("2024-04-31", "2010-31-01", "0000-00-00", "9999-99-99"),
    ],
)
def test_a_date_that_is_not_in_the_gregorian_calendar_is_invalid(ask: Ask, day: str) -> None:
    answer = ask(f"/{day}")
    assert answer.status == 422
    assert content(answer) == {"message": "invalid date", "detail": f"the calendar has no {day}"}


@pytest.mark.parametrize(
    ("code", "quoted", "not_quoted"),
    [
        ("BGN", "2025-12-31", "2026-01-04"),  # ended, with publications in between
        ("HRK", "2022-12-30", "2023-01-03"),
        ("RUB", "2022-03-01", "2022-03-05"),
        ("TRL", "2004-12-31", "2005-01-04"),
        ("CYP", "2007-12-31", "2008-01-04"),
        ("SIT", "2006-12-29", "2007-01-02"),
        ("EEK", "2010-12-31", "2011-01-04"),
        ("ROL", "2005-06-30", "2005-07-04"),
        ("ISK", "2008-12-09", "2008-12-10"),  # and back after nine years
        ("ISK", "2018-02-01", "2018-01-31"),
        ("CNY", "2005-04-01", "2005-03-31"),  # new
        ("ILS", "2011-01-03", "2010-12-31"),
        ("TRY", "2005-01-03", "2004-12-31"),
        ("BRL", "2008-01-02", "2007-12-31"),
    ],
)
def test_a_currency_is_found_only_while_it_is_quoted(
    ask: Ask, code: str, quoted: str, not_quoted: str
) -> None:
    assert codes(ask, f"/{quoted}?symbols={code}") == [code]
    assert ask(f"/{not_quoted}?symbols={code}").status == 404
    assert ask(f"/{not_quoted}?base={code}").status == 404


def test_an_answer_has_one_publication_and_only_its_currencies(ask: Ask) -> None:
    answer = content(ask("/2026-01-05?symbols=BGN,USD"))
    assert (answer["date"], list(answer["rates"])) == ("2026-01-05", ["USD"])


def test_a_weekend_after_a_currency_ended_still_has_its_last_rate(ask: Ask) -> None:
    assert codes(ask, "/2023-01-01?symbols=HRK") == ["HRK"]  # a Sunday; the next publication is of Jan 2
