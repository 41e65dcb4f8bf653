"""Reference rates as quotes: for any base and amount, by day, for groups of days, or as changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import compress, groupby
from operator import mul
from typing import NamedTuple

from rates.history import BASE, NOT_QUOTED, Year
from rates.rounding import (
    BELOW,
    EXACT,
    ONE,
    ZERO,
    Column,
    fixed,
    plain,
    quotients,
    rounded,
    rounded_sum,
    total,
)

NAN = Decimal("NaN")
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
    codes = _codes(year.columns, terms)
    if terms.base == BASE and terms.amount == ONE:  # the ECB's own digits, unchanged
        rates = year.columns
        if terms.base_row:
            rates = {**rates, BASE: (BASE_RATE,) * len(year.dates)}
        return Quotes(dates, {code: rates[code][span] for code in codes})
    columns: dict[str, list[str]] = {}
    if not codes:
        return Quotes(dates, columns)
    denominators = _numbers(year, terms.base).part(span)
    for code in codes:
        if code == terms.base:
            columns[code] = [NOT_QUOTED if rate.is_nan() else BASE_RATE for rate in denominators.values]
            continue
        numerators = _numbers(year, code).part(span)
        columns[code] = quotients(
            numerators if terms.amount == ONE else numerators.times(terms.amount), denominators
        )
    return Quotes(dates, columns)


def means(years: Iterable[Year], start: str, end: str, group: str, terms: Terms) -> Quotes:
    """Return the mean quotes of each group of days in a range, dated by the first day of the group.

    A mean is that of the exact values, rounded once.
    """
    spans: dict[str, list[tuple[Year, slice]]] = {}
    for label, year, span in _groups(years, start, end, group):
        spans.setdefault(label, []).append((year, span))
    rows = [_mean(parts, terms) for parts in spans.values()]
    codes = sorted({code for row in rows for code in row})
    columns = {code: plain([row.get(code, NAN) for row in rows]) for code in codes}
    if terms.base in columns:
        columns[terms.base] = [rate and BASE_RATE for rate in columns[terms.base]]
    return Quotes(list(spans), columns)


def lasts(years: Iterable[Year], start: str, end: str, group: str, terms: Terms) -> list[Quotes]:
    """Return the quotes of the last publication of each group of days in a range."""
    last = {label: (year, span.stop - 1) for label, year, span in _groups(years, start, end, group)}
    blocks = []
    for _, places in groupby(last.values(), lambda place: id(place[0])):
        chosen = list(places)
        year, indexes = chosen[0][0], [index for _, index in chosen]
        columns = {code: tuple([rates[index] for index in indexes]) for code, rates in year.columns.items()}
        days = Year(tuple([year.dates[index] for index in indexes]), columns)
        blocks.append(convert(days, slice(None), terms))
    return blocks


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
    )


def changes(start: Mapping[str, str], end: Mapping[str, str]) -> dict[str, Change]:
    """Return the changes between the quotes of two days, for the currencies that both days have."""
    return {code: _change(start[code], end[code]) for code in start if code in end}


def on_day(quotes: Quotes) -> dict[str, str]:
    """Return the quotes of the first day, by code."""
    return {code: digits[0] for code, digits in quotes.columns.items() if digits[0]}


def _codes(columns: Collection[str], terms: Terms) -> list[str]:
    """Return the quote currencies, sorted; none if the base is not among the columns."""
    quoted = {BASE, *columns}
    if terms.base not in quoted:
        return []
    wanted = quoted if terms.symbols is None else quoted & terms.symbols
    return sorted(wanted if terms.base_row else wanted - {terms.base})


def _numbers(year: Year, code: str) -> Column:
    return year.numbers(code) if code != BASE else Column((ONE,) * len(year.dates), ONE, ONE)


def _change(start: str, end: str) -> Change:
    before, difference = Decimal(start), EXACT.subtract(Decimal(end), Decimal(start))
    percent = fixed(EXACT.multiply(difference, Decimal(100)), before, PERCENT_DECIMALS)
    return Change(start, end, plain([difference])[0], percent)


def _monday(day: str) -> str:
    asked = date.fromisoformat(day)
    return (asked - timedelta(days=asked.weekday())).isoformat()


def _quarter(day: str) -> str:
    return f"{day[:5]}{(int(day[5:7]) - 1) // 3 * 3 + 1:02}-01"


_FIRST_DAYS: dict[str, Callable[[str], str]] = {
    "week": _monday,  # ISO weeks
    "month": lambda day: day[:8] + "01",
    "quarter": _quarter,
    "year": lambda day: day[:5] + "01-01",
}
GROUPS = (*_FIRST_DAYS, "all")  # the whole range as one group


def _groups(years: Iterable[Year], start: str, end: str, group: str) -> Iterator[tuple[str, Year, slice]]:
    """Yield the first day of each group of days in a range, with its part of a year.

    A group that is part of several years comes several times.
    """
    first_day = _FIRST_DAYS.get(group, lambda _: start)
    for year in years:
        within = year.span(start, end)
        first = within.start
        for label, days in groupby(year.dates[within], first_day):
            stop = first + len(list(days))
            yield label, year, slice(first, stop)
            first = stop


def _mean(parts: Sequence[tuple[Year, slice]], terms: Terms) -> dict[str, Decimal]:
    """Return the mean quotes over the parts, by code.

    Sums of 57 digits decide the rounding of nearly every mean. The others are computed as exact fractions.
    """
    sums: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    with localcontext(BELOW):
        for year, span in parts:
            codes = _codes(year.columns, terms)
            bases = _numbers(year, terms.base).values[span] if codes else ()
            shares = [terms.amount / base for base in bases]
            for code in codes:
                products = list(map(mul, _numbers(year, code).values[span], shares))
                found = sum(products, ZERO)
                if found.is_nan():
                    products = [product for product in products if not product.is_nan()]
                    found = sum(products, ZERO)
                if products:
                    sums[code] = sums.get(code, ZERO) + found
                    counts[code] = counts.get(code, 0) + len(products)
    row = {}
    for code, found in sums.items():
        count = Decimal(counts[code])
        rounded_once = rounded_sum(found, count)
        if rounded_once is None:
            numerator, denominator = total(_fractions(parts, code, terms.base))
            rounded_once = rounded(
                EXACT.multiply(numerator, terms.amount), EXACT.multiply(denominator, count)
            )
        row[code] = rounded_once
    return row


def _fractions(
    parts: Sequence[tuple[Year, slice]], code: str, base: str
) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield the rates of a quote currency and of the base, on the days that have both."""
    for year, span in parts:
        if {code, base} <= {BASE, *year.columns}:
            days = (_numbers(year, each).values[span] for each in (code, base))
            yield from ((rate, per) for rate, per in zip(*days, strict=True) if rate == rate and per == per)
