"""Groups of days: means of the exact values."""

from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rates.history import Publication
from rates.serving.reader import Reader
from tests import oracle
from tests.conftest import Ask, asking
from tests.support import MemoryStore, content, ecb_publications

# Some divide each other, so that means can be exactly halfway between two numbers.
DIGITS = st.sampled_from(["", "1", "1.25", "0.8", "1.60", "2.5", "1.9558", "0.00064", "1.1172", "20275.17"])
AMOUNTS = st.sampled_from(["1", "0.00001", "0.5", "1.9558", "3", "12345678.901", "999999999999"])


def inside(start: str, end: str) -> list[Publication]:
    return [publication for publication in ecb_publications() if start <= publication.date <= end]


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


@pytest.mark.parametrize("group", ["", "years", "week,month", "week ", "\u017feek", "wee\u212a"])
def test_another_group_is_invalid(ask: Ask, group: str) -> None:
    answer = ask(f"/2024-01-01..2024-02-01?group={group}")
    assert (answer.status, content(answer)["message"]) == (422, "invalid group")


def test_group_is_case_insensitive(ask: Ask) -> None:
    for group in ("Week", "MONTH", "quarteR", "YEAR", "All", "DAY"):
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


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(DIGITS, DIGITS, DIGITS), min_size=1, max_size=9), AMOUNTS, st.sampled_from("AB"))
def test_any_mean_agrees_with_fractions(rates: list[tuple[str, ...]], amount: str, base: str) -> None:
    history = [
        Publication(
            (date(2024, 12, 27) + timedelta(days=day)).isoformat(),
            {"CCC": "1"}
            | {code: digits for code, digits in zip(("AAA", "BBB", "DDD"), row, strict=True) if digits},
        )
        for day, row in enumerate(rates)
    ]
    codes = ("AAA", "BBB", "CCC", "DDD", "EUR")
    means = {code: oracle.mean_shown(history, base * 3, code, amount) for code in codes if code != base * 3}
    url = f"/2024-12-01..2025-01-31?group=all&base={base * 3}&amount={amount}"
    answer = asking(Reader(MemoryStore(history)))(url)
    rates_found = content(answer)["rates"]["2024-12-27"] if answer.status == 200 else {}
    assert rates_found == {code: digits for code, digits in means.items() if digits}


@pytest.mark.parametrize(("more", "mean"), [("0", "1"), ("1e-60", "1.00001")])
def test_a_mean_of_28_years_halfway_between_two_numbers(more: str, mean: str) -> None:
    bases = [Decimal(10007 + 11 * number).scaleb(-4) for number in range(7000)]
    quotes = [base * Decimal("1.000005") for base in bases]
    with localcontext(prec=90):
        quotes[5000] += Decimal(more)
    history = [
        Publication(
            (date(2000, 1, 1) + timedelta(days=number)).isoformat(), {"AAA": str(base), "BBB": f"{quote:f}"}
        )
        for number, (base, quote) in enumerate(zip(bases, quotes, strict=True))
    ]
    history.append(Publication("2019-03-02", {"AAA": "1"}))  # does not count, as BBB is missing
    ask = asking(Reader(MemoryStore(history)))
    assert content(ask("/1999-01-01..?group=all&base=AAA&symbols=BBB"))["rates"] == {
        "2000-01-01": {"BBB": mean}
    }


@pytest.mark.parametrize(("base", "amount"), [("USD", "1"), ("ISK", "123.45")])
def test_the_mean_of_the_whole_history_is_exact(ask: Ask, base: str, amount: str) -> None:
    rates = [{"EUR": "1", **one.rates} for one in ecb_publications()]
    url = f"/1999-01-01..?group=all&base={base}&amount={amount}&symbols=EUR,GBP,IDR,TRL"
    for code, digits in content(ask(url))["rates"]["1999-01-04"].items():
        values = [oracle.value(day, base, code, amount) for day in rates if base in day and code in day]
        cut = sum(int(value * 10**100) for value in values)  # too small by at most one for each value
        bounds = {oracle.rounded(Fraction(each, 10**100 * len(values))) for each in (cut, cut + len(values))}
        assert {digits} == set(map(oracle.plainly, bounds)), code


@pytest.mark.parametrize("terms", ["", "&base=USD&amount=2.5", "&value=last"])
def test_all_over_a_calendar_year_is_that_year(ask: Ask, terms: str) -> None:
    for year in range(2000, 2027):
        url = f"/{year}-01-01..{year}-12-31?group="
        assert ask(f"{url}all{terms}").body == ask(f"{url}year{terms}").body


def test_all_is_dated_by_the_first_day_of_the_range(ask: Ask) -> None:
    answer = content(ask("/2025-04-06..2026-04-05?group=all&symbols=USD"))  # a Sunday
    digits = [oracle.value(one.rates, "EUR", "USD") for one in inside("2025-04-06", "2026-04-05")]
    assert answer["rates"] == {"2025-04-06": {"USD": oracle.plainly(oracle.rounded(oracle.mean(digits)))}}
    closing = content(ask("/v2/rates?from=2025-04-06&to=2026-04-05&group=all&value=last&quotes=USD"))
    assert [(row["date"], row["rate"]) for row in closing] == [
        ("2026-04-02", inside("2026-04-02", "2026-04-02")[0].rates["USD"])
    ]
