"""Reference rates as quotes: for any base and amount, by day, or as changes."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from itertools import compress
from typing import NamedTuple

from rates.history import BASE, NOT_QUOTED, Year
from rates.rounding import EXACT, ONE, Column, fixed, plain, quotients

PERCENT_DECIMALS = 4
BASE_RATE = "1.0"  # of the base in its own row


class Terms(NamedTuple):
    """The currencies and the amount of a request.

    A rate is the number of units of the quote currency for `amount` units of `base`.
    """

    base: str = BASE
    symbols: frozenset[str] | None = None  # None: every currency
    amount: Decimal = ONE
    base_row: bool = False  # True: the base is a quote too, with the rate 1.0


class Quotes(NamedTuple):
    """Quotes by day, in columns that are sorted by code: plain digits or NOT_QUOTED."""

    dates: Sequence[str]
    columns: Mapping[str, Sequence[str]]
    published: Sequence[str] = ()  # the date of each day's publication; empty if they are the same


class Change(NamedTuple):
    """Two rates, their difference, and the difference in percent of the first one, as plain digits."""

    start_rate: str
    end_rate: str
    change: str
    change_pct: str


class Comparison(NamedTuple):
    """The changes between two publications, by currency."""

    start: str
    end: str
    rates: Mapping[str, Change]


def convert(year: Year, span: slice, terms: Terms) -> Quotes:
    """Return the quotes of a year's publications in a span."""
    dates = year.dates[span]
    codes = codes_of(year.columns, terms)
    if terms.base == BASE and terms.amount == ONE:  # the ECB's own digits, unchanged
        rates = year.columns
        if terms.base_row:
            rates = {**rates, BASE: (BASE_RATE,) * len(year.dates)}
        return Quotes(dates, {code: rates[code][span] for code in codes})
    columns: dict[str, list[str]] = {}
    if not codes:
        return Quotes(dates, columns)
    denominators = numbers_of(year, terms.base).part(span)
    for code in codes:
        if code == terms.base:
            columns[code] = [NOT_QUOTED if rate.is_nan() else BASE_RATE for rate in denominators.values]
            continue
        numerators = numbers_of(year, code).part(span)
        columns[code] = quotients(
            numerators if terms.amount == ONE else numerators.times(terms.amount), denominators
        )
    return Quotes(dates, columns)


def without_empty_days(quotes: Quotes) -> Quotes:
    """Return the quotes without the days that have no rate."""
    columns = quotes.columns
    if any(map(all, columns.values())):  # NOT_QUOTED is empty
        return quotes
    kept = list(map(any, zip(*columns.values(), strict=True)))
    if not any(kept):
        return Quotes((), {})
    return Quotes(
        list(compress(quotes.dates, kept)),
        {code: list(compress(rates, kept)) for code, rates in columns.items()},
        list(compress(quotes.published, kept)),
    )


def changes(start: Mapping[str, str], end: Mapping[str, str]) -> dict[str, Change]:
    """Return the changes between the quotes of two days, for the currencies that both days have."""
    return {code: _change(start[code], end[code]) for code in start if code in end}


def on_day(quotes: Quotes) -> dict[str, str]:
    """Return the quotes of the first day, by code."""
    return {code: digits[0] for code, digits in quotes.columns.items() if digits[0]}


def codes_of(columns: Collection[str], terms: Terms) -> list[str]:
    """Return the quote currencies, sorted; none if the base is not among the columns."""
    quoted = {BASE, *columns}
    if terms.base not in quoted:
        return []
    wanted = quoted if terms.symbols is None else quoted & terms.symbols
    return sorted(wanted if terms.base_row else wanted - {terms.base})


def numbers_of(year: Year, code: str) -> Column:
    """Return the numbers of a currency in a year; those of the base of all reference rates are 1."""
    return year.numbers(code) if code != BASE else Column((ONE,) * len(year.dates), ONE, ONE)


def _change(start: str, end: str) -> Change:
    before, difference = Decimal(start), EXACT.subtract(Decimal(end), Decimal(start))
    percent = fixed(EXACT.multiply(difference, Decimal(100)), before, PERCENT_DECIMALS)
    return Change(start, end, plain([difference])[0], percent)
