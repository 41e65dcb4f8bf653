"""Groups of days: means of the exact values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import localcontext

import pytest

from rates.history import Publication
from rates.serving.reader import Reader
from tests import oracle
from tests.conftest import Ask, asking
from tests.support import MemoryStore, content, ecb_publications


def inside(start: str, end: str) -> list[Publication]:
    return [publication for publication in ecb_publications() if start <= publication.date <= end]


def monday(day: str) -> str:
    publication = date.fromisoformat(day)
    return (publication - timedelta(days=publication.weekday())).isoformat()


@pytest.mark.parametrize("group", ["week", "month"])
@pytest.mark.parametrize(("base", "amount"), [("EUR", "1"), ("USD", "1"), ("ISK", "123.45"), ("EUR", "7")])
def test_a_mean_is_that_of_the_exact_values_rounded_once(
    ask: Ask, group: str, base: str, amount: str
) -> None:
    start, end = "2017-11-15", "2018-03-07"  # both inside a week and a month; the ISK gap ends in between
    first_day = monday if group == "week" else lambda day: day[:8] + "01"
    expected: dict[str, dict[str, str]] = {}
    days: dict[str, dict[str, list[Publication]]] = {}
    for publication in inside(start, end):
        for code in {*publication.rates, "EUR"} - {base} if base in {*publication.rates, "EUR"} else ():
            days.setdefault(first_day(publication.date), {}).setdefault(code, []).append(publication)
    for label, by_code in days.items():
        expected[label] = {
            code: oracle.plainly(
                oracle.rounded(
                    oracle.mean(
                        [oracle.value(publication.rates, base, code, amount) for publication in members]
                    )
                )
            )
            for code, members in sorted(by_code.items())
        }
    answer = content(ask(f"/{start}..{end}?group={group}&base={base}&amount={amount}"))
    assert answer["rates"] == expected
    assert [*answer["rates"]] == [*expected]
    assert (answer["start_date"], answer["end_date"]) == (min(expected), max(expected))


def test_the_first_week_of_a_year_has_days_of_the_year_before(ask: Ask) -> None:
    # ISO week 1 of 2025: 2024-12-30, 12-31, then Jan 2 and 3.
    rates = content(ask("/2024-12-30..2025-01-05?group=week&symbols=USD"))["rates"]
    digits = [
        oracle.value(publication.rates, "EUR", "USD") for publication in inside("2024-12-30", "2025-01-05")
    ]
    assert len(digits) == 4
    assert rates == {"2024-12-30": {"USD": oracle.plainly(oracle.rounded(oracle.mean(digits)))}}


def test_groups_have_only_publications_inside_the_range(ask: Ask) -> None:
    # A Saturday: the month's mean would otherwise take in Friday's publication, and the week's its own row.
    weeks = content(ask("/2026-10-24..2026-10-27?group=week&symbols=USD"))["rates"]
    assert list(weeks) == ["2026-10-26"]
    of_monday_and_tuesday = [publication.rates["USD"] for publication in inside("2026-10-26", "2026-10-27")]
    assert of_monday_and_tuesday == ["1.1188", "1.115"]
    assert weeks["2026-10-26"]["USD"] == "1.1169"


def test_a_group_is_dated_by_its_first_day_even_outside_the_range(ask: Ask) -> None:
    answer = content(ask("/2024-05-15..2024-06-20?group=month&symbols=USD"))
    assert (answer["start_date"], answer["end_date"]) == ("2024-05-01", "2024-06-01")
    assert content(ask("/2024-05-15..2024-05-17?group=week&symbols=USD"))["start_date"] == "2024-05-13"


def test_groups_of_the_first_and_of_the_newest_publication(ask: Ask) -> None:
    answer = content(ask("/1990-01-01..?group=month&symbols=USD"))
    assert (answer["start_date"], answer["end_date"]) == ("1999-01-01", "2026-10-01")
    assert len(answer["rates"]) == 28 * 12 - 2


def test_a_month_without_the_currency_is_left_out(ask: Ask) -> None:
    answer = content(ask("/2008-11-01..2018-03-31?group=month&symbols=ISK"))
    assert list(answer["rates"]) == ["2008-11-01", "2008-12-01", "2018-02-01", "2018-03-01"]


def test_a_range_without_a_publication_has_no_groups(ask: Ask) -> None:
    for asked in (
        "2026-10-24..2026-10-25",
        "2026-10-30..2026-10-01",
        "2026-11-01..",
        "1990-01-01..1998-12-31",
    ):
        assert ask(f"/{asked}?group=week").status == 404


def test_means_are_rounded_half_to_even() -> None:
    history = [
        Publication("2024-01-02", {"AAA": "1.12344", "BBB": "1.12346"}),
        Publication("2024-01-03", {"AAA": "1.12345", "BBB": "1.12347"}),
    ]
    ask = asking(Reader(MemoryStore(history)))  # type: ignore[arg-type]
    rates = content(ask("/2024-01-02..2024-01-03?group=week"))["rates"]["2024-01-01"]
    assert rates == {"AAA": "1.12344", "BBB": "1.12346"}


@pytest.mark.parametrize("group", ["", "years", "week,month", "week ", "day", "\u017feek", "wee\u212a"])
def test_another_group_is_invalid(ask: Ask, group: str) -> None:
    answer = ask(f"/2024-01-01..2024-02-01?group={group}")
    assert (answer.status, content(answer)["message"]) == (422, "invalid group")


def test_group_is_case_insensitive(ask: Ask) -> None:
    for group in ("Week", "MONTH", "quarteR", "YEAR"):
        url = "/2024-01-01..2024-05-01?symbols=USD&group="
        assert ask(url + group).body == ask(url + group.lower()).body


@pytest.mark.parametrize("path", ["/latest", "/2024-05-13", "/changes", "/changes/2024-01-01..2024-02-01"])
def test_group_and_value_are_ignored_unless_it_is_a_range(ask: Ask, path: str) -> None:
    assert ask(f"{path}?group=nonsense&value=nonsense").body == ask(path).body


def test_means_do_not_depend_on_the_decimal_context_of_the_thread(ask: Ask) -> None:
    url = "/2024-01-01..2024-03-31?group=month&base=USD"
    means = ask(url).body
    with localcontext(prec=3):
        assert ask(url).body == means


def test_a_mean_covers_only_the_days_with_a_rate() -> None:
    week = (
        Publication("2024-12-27", {"AAA": "8", "USD": "1"}),
        Publication("2024-12-30", {"AAA": "1", "USD": "1"}),
        Publication("2024-12-31", {"AAA": "2", "USD": "2"}),
        Publication("2025-01-02", {"BBB": "5", "USD": "3"}),
        Publication("2025-01-03", {"BBB": "7", "USD": "4"}),
    )
    ask = asking(Reader(MemoryStore(week)))  # type: ignore[arg-type]
    means = content(ask("/2024-12-30..2025-01-03?group=week"))["rates"]
    assert means == {"2024-12-30": {"AAA": "1.5", "BBB": "6", "USD": "2.5"}}
