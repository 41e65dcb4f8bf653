"""Ranges of days."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.conftest import Ask
from tests.support import content, ecb_publications


def dates(ask: Ask, path: str) -> list[str]:
    answer = ask(path)
    return list(content(answer)["rates"]) if answer.status == 200 else []


def test_a_range_has_every_publication_in_it_with_the_ecbs_own_digits(ask: Ask) -> None:
    expected = {
        publication.date: dict(publication.rates)
        for publication in ecb_publications()
        if "2015-03-02" <= publication.date <= "2017-06-30"
    }
    assert content(ask("/2015-03-02..2017-06-30"))["rates"] == expected


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
        ("2026-10-24..2026-10-24", ["2026-10-23"]),
        ("2026-10-24..2026-10-26", ["2026-10-23", "2026-10-26"]),
        ("2024-01-01..2024-01-02", ["2023-12-29", "2024-01-02"]),  # into the year before
    ],
)
def test_the_start_moves_back_to_the_publication_on_or_before_it(
    ask: Ask, asked: str, found: list[str]
) -> None:
    assert dates(ask, f"/{asked}?symbols=USD") == found


def test_the_start_can_move_back_before_an_earlier_end(ask: Ask) -> None:
    assert dates(ask, "/2026-10-25..2026-10-23?symbols=USD") == ["2026-10-23"]
    assert ask("/2026-10-25..2026-10-22?symbols=USD").status == 404


@pytest.mark.parametrize(
    "asked", ["2024-12-31..2024-01-01", "2026-10-30..2026-10-01", "2026-01-01..1999-12-31"]
)
def test_an_inverted_range_is_not_found(ask: Ask, asked: str) -> None:
    assert ask(f"/{asked}").status == 404


@pytest.mark.parametrize("end", ["2026-10-30", "2026-10-31", "2026-11-20", "9999-12-31"])
def test_a_range_ends_at_the_last_publication_on_or_before_its_end(ask: Ask, end: str) -> None:
    assert dates(ask, f"/2026-10-29..{end}?symbols=USD") == ["2026-10-29", "2026-10-30"]
    assert dates(ask, "/2026-10-22..2026-10-25?symbols=USD") == ["2026-10-22", "2026-10-23"]


def test_an_open_range_goes_up_to_the_newest_publication(ask: Ask) -> None:
    assert dates(ask, "/2026-10-29..?symbols=USD") == ["2026-10-29", "2026-10-30"]


def test_a_range_may_start_today_but_not_later(ask: Ask) -> None:
    assert dates(ask, "/2026-10-31..?symbols=USD") == ["2026-10-30"]
    assert dates(ask, "/2026-10-31..2026-12-31?symbols=USD") == ["2026-10-30"]
    for asked in ("2026-11-01..", "2026-11-01..2026-11-30", "9999-12-31..9999-12-31"):
        assert ask(f"/{asked}").status == 404
    assert dates(ask, "/2026-11-01..?symbols=USD") == []


def test_today_is_the_day_in_utc(ask: Ask) -> None:
    assert ask("/2026-11-01..", now=datetime(2026, 11, 1, tzinfo=UTC)).status == 200


@pytest.mark.parametrize("start", ["1999-01-01", "1998-06-30", "0000-01-01"])
def test_a_range_that_starts_before_1999_starts_there(ask: Ask, start: str) -> None:
    assert dates(ask, f"/{start}..1999-01-05?symbols=USD") == ["1999-01-04", "1999-01-05"]


def test_a_range_that_ends_before_1999_is_not_found(ask: Ask) -> None:
    assert ask("/1990-01-01..1999-01-03").status == 404
    assert ask("/0000-01-01..0000-12-31").status == 404


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


def test_a_range_without_any_rate_is_not_found(ask: Ask) -> None:
    assert ask("/2012-01-01..2012-12-31?symbols=ISK").status == 404
    assert ask("/2026-01-05..2026-02-01?base=BGN").status == 404


def test_the_publication_before_the_start_may_lack_the_symbols(ask: Ask) -> None:
    # New Year's Day moves back to 2010-12-30's or 31's publication, in which the shekel is not yet.
    answer = content(ask("/2011-01-01..2011-01-04?symbols=ILS"))
    assert answer["start_date"] == "2011-01-03"
    assert list(answer["rates"]) == ["2011-01-03", "2011-01-04"]
