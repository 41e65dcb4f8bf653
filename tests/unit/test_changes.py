"""`/changes`, in its three forms."""

from decimal import Decimal
from fractions import Fraction

import pytest

from rates.history import Publication
from rates.serving.reader import Reader
from tests import oracle
from tests.conftest import Ask, asking
from tests.support import MemoryStore, content, ecb_publications


def days(ask: Ask, path: str) -> tuple[str, str]:
    answer = content(ask(path))
    return answer["start_date"], answer["end_date"]


def of_history(*rates: dict[str, str]) -> Ask:
    history = [
        Publication(f"2024-01-{day:02}", publication) for day, publication in enumerate(rates, start=2)
    ]
    return asking(Reader(MemoryStore(history)))


def test_changes_compare_the_latest_publication_with_the_previous(ask: Ask) -> None:
    assert ask("/changes?symbols=USD,JPY").body == (
        '{"base":"EUR","start_date":"2026-10-29","end_date":"2026-10-30","rates":{'
        '"JPY":{"start_rate":175.92,"end_rate":175.68,"change":-0.24,"change_pct":-0.1364},'
        '"USD":{"start_rate":1.113,"end_rate":1.1172,"change":0.0042,"change_pct":0.3774}}}'
    )


@pytest.mark.parametrize(
    ("path", "start", "end"),
    [
        ("/changes/2026-10-30", "2026-10-29", "2026-10-30"),
        ("/changes/2026-10-26", "2026-10-23", "2026-10-26"),  # a Monday
        ("/changes/2026-10-25", "2026-10-22", "2026-10-23"),  # a Sunday: Friday against Thursday
        ("/changes/2026-11-01", "2026-10-29", "2026-10-30"),  # tomorrow
        ("/changes/2024-01-02", "2023-12-29", "2024-01-02"),  # across the year
        ("/changes/1999-01-05", "1999-01-04", "1999-01-05"),
        ("/changes/2026-01-01..2026-10-30", "2025-12-31", "2026-10-30"),
        ("/changes/2026-10-24..2026-10-31", "2026-10-23", "2026-10-30"),
        ("/changes/1990-01-01..1999-01-10", "1999-01-04", "1999-01-08"),
        ("/changes/2026-10-01..2030-12-31", "2026-10-01", "2026-10-30"),
        ("/changes/2026-10-01..", "2026-10-01", "2026-10-30"),
    ],
)
def test_dates_are_those_of_publications_on_or_before_the_request(
    ask: Ask, path: str, start: str, end: str
) -> None:
    assert days(ask, path) == (start, end)


@pytest.mark.parametrize(
    "path",
    [
        "/changes/1999-01-04",  # none before it
        "/changes/1998-12-31",
        "/changes/2026-10-31..2026-10-31",  # the same publication on both sides
        "/changes/2026-10-24..2026-10-25",
        "/changes/2026-10-30..2026-10-01",
        "/changes/2026-11-14",
        "/changes/2026-11-01..2026-11-20",
        "/changes/1990-01-01..1998-12-31",
    ],
)
def test_without_two_publications_there_are_no_changes(ask: Ask, path: str) -> None:
    assert ask(path).status == 404


@pytest.mark.parametrize("base", ["EUR", "USD", "IDR", "ISK"])
def test_a_change_is_computed_from_the_numbers_shown(ask: Ask, base: str) -> None:
    first, last = (oracle.newest_on(ecb_publications(), day) for day in ("2018-07-02", "2026-10-30"))
    answer = content(ask(f"/changes/2018-07-02..2026-10-30?base={base}"))
    for code, change in answer["rates"].items():
        start, end = (
            oracle.rounded(oracle.value(publication.rates, base, code))
            if base != "EUR"
            else Decimal(publication.rates[code])
            for publication in (first, last)
        )
        percent = oracle.to_decimals(Fraction(end - start) * 100 / Fraction(start), 4)
        expected = (start, end, end - start, percent)
        assert tuple(change.values()) == tuple(map(oracle.plainly, expected)), code
    assert set(answer["rates"]) == {"EUR", *first.rates} & {"EUR", *last.rates} - {base}


def test_percentages_are_rounded_half_to_even() -> None:
    ask = of_history({"AAA": "8", "BBB": "8"}, {"AAA": "8.00001", "BBB": "8.00003"})
    rates = content(ask("/changes"))["rates"]
    # 0.000125 % and 0.000375 %
    assert [rates[code]["change_pct"] for code in ("AAA", "BBB")] == ["0.0001", "0.0004"]
    ask = of_history({"AAA": "80", "BBB": "80"}, {"AAA": "80.00004", "BBB": "79.99988"})
    # 0.00005 % and -0.00015 %: ties, to 0 and to -0.0002
    rates = content(ask("/changes"))["rates"]
    assert [rates[code]["change_pct"] for code in ("AAA", "BBB")] == ["0", "-0.0002"]


def test_no_change_is_zero_without_a_sign() -> None:
    ask = of_history({"AAA": "1.50", "BBB": "2"}, {"AAA": "1.5", "BBB": "1.9999999"})
    rates = content(ask("/changes"))["rates"]
    assert (rates["AAA"]["change"], rates["AAA"]["change_pct"]) == ("0", "0")
    assert (rates["BBB"]["change"], rates["BBB"]["change_pct"]) == ("-0.0000001", "0")


def test_a_currency_missing_on_one_side_is_left_out(ask: Ask) -> None:
    rates = content(ask("/changes/2025-12-31..2026-01-05"))["rates"]
    assert "BGN" not in rates
    assert "USD" in rates
    assert ask("/changes/2025-12-31..2026-01-05?symbols=BGN").status == 404


def test_a_base_missing_on_one_side_is_not_found(ask: Ask) -> None:
    assert ask("/changes/2025-12-31..2026-01-05?base=BGN").status == 404


def test_the_rates_are_sorted_and_leave_the_base_out(ask: Ask) -> None:
    rates = content(ask("/changes?base=USD"))["rates"]
    assert list(rates) == sorted(rates)
    assert "EUR" in rates
    assert "USD" not in rates


def test_the_amount_is_ignored_even_if_it_is_invalid(ask: Ask) -> None:
    for amount in ("100", "", "nonsense", "-1"):
        assert ask(f"/changes?amount={amount}").body == ask("/changes").body
    assert "amount" not in content(ask("/changes?amount=2"))


def test_base_and_symbols_are_checked_in_changes_too(ask: Ask) -> None:
    assert ask("/changes?base=USD&symbols=USD").body == '{"message":"bad currency pair"}'
    assert ask("/changes?base=").status == 404
    assert ask("/changes?to=XXX").status == 404
    assert ask("/changes?from=gbp&base=USD&to=usd").body == ask("/changes?base=GBP&symbols=USD").body


def test_dates_below_changes_are_checked(ask: Ask) -> None:
    for path in ("/changes/2024-02-30", "/changes/2024-01-01..2024-02-30"):
        assert content(ask(path)) == {"message": "invalid date", "detail": "the calendar has no 2024-02-30"}


def test_with_a_single_publication_there_is_nothing_to_compare() -> None:
    assert of_history({"AAA": "1"})("/changes").status == 404
