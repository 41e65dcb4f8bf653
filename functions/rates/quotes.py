"""Reference rates as quotes: for any base and amount, by day, for groups of days, or as changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import accumulate, compress, groupby
from operator import mul
from typing import NamedTuple

from rates.history import BASE, NOT_QUOTED, Year
from rates.rounding import EXACT, ONE, Column, column, fixed, plain, quotients

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
    return Quotes(list(spans), {code: [row.get(code, NOT_QUOTED) for row in rows] for code in codes})


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
GROUPS = tuple(_FIRST_DAYS)


def _groups(years: Iterable[Year], start: str, end: str, group: str) -> Iterator[tuple[str, Year, slice]]:
    """Yield the first day of each group of days in a range, with its part of a year.

    A week that is part of two years comes twice.
    """
    for year in years:
        within = year.span(start, end)
        first = within.start
        for label, days in groupby(year.dates[within], _FIRST_DAYS[group]):
            stop = first + len(list(days))
            yield label, year, slice(first, stop)
            first = stop


def _mean(parts: Sequence[tuple[Year, slice]], terms: Terms) -> dict[str, str]:
    """Return the mean quotes over the parts, by code.

    The mean of q/b is computed over one common denominator, the product of the bases b: the sum of each q
    times the product of the other bases. All of this is exact, and the quotient is rounded once.
    """
    codes = sorted({code for year, _ in parts for code in _codes(year.columns, terms)})
    bases = _values(parts, terms.base)
    present = [base for base in bases if not base.is_nan()]
    with localcontext(EXACT):
        before = list(accumulate(present, mul, initial=terms.amount))
        after = list(accumulate(reversed(present), mul, initial=ONE))[-2::-1]
        others = map(mul, before, after)
        weights = [NAN if base.is_nan() else next(others) for base in bases]
        product = after[0] * present[0] if present else ONE
        numerators, denominators = {}, {}
        for code in codes:
            weighted = [value for value in map(mul, _values(parts, code), weights) if not value.is_nan()]
            if weighted:
                numerators[code] = sum(weighted, Decimal(0))
                denominators[code] = product * len(weighted)
    digits = quotients(column(list(numerators.values())), column(list(denominators.values())))
    row = dict(zip(numerators, digits, strict=True))
    return row | {terms.base: BASE_RATE} if terms.base in row else row


def _values(parts: Sequence[tuple[Year, slice]], code: str) -> list[Decimal]:
    """Return a currency's numbers over the parts, NaN for each missing one."""
    values: list[Decimal] = []
    for year, span in parts:
        if code == BASE or code in year.columns:
            values += _numbers(year, code).values[span]
        else:
            values += [NAN] * (span.stop - span.start)
    return values
