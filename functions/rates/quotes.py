"""Reference rates as quotes: any base, any amount, by day, as means of a week or a month, or as changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import accumulate, groupby
from operator import mul
from typing import NamedTuple

from rates.history import BASE, NOT_QUOTED, Year
from rates.rounding import EXACT, ONE, Column, column, fixed, plain, quotients

NAN = Decimal("NaN")
PERCENT_DECIMALS = 4


class Terms(NamedTuple):
    """What is quoted: units of each quote currency for `amount` of `base`. `symbols` None: every currency."""

    base: str = BASE
    symbols: frozenset[str] | None = None
    amount: Decimal = ONE


class Quotes(NamedTuple):
    """Quotes by day, in columns: plain digits or NOT_QUOTED. Columns are in the order of their codes."""

    dates: Sequence[str]
    columns: Mapping[str, Sequence[str]]


class Change(NamedTuple):
    """How a quote moved: the two rates, their difference, and that in percent of the first, as plain
    digits."""

    start_rate: str
    end_rate: str
    change: str
    change_pct: str


def quote(year: Year, span: slice, terms: Terms) -> Quotes:
    """The quotes of a year's publications in the span. A day without the base has none."""
    dates = year.dates[span]
    codes = _codes(year.columns, terms)
    if terms.base == BASE and terms.amount == ONE:  # the ECB's own digits, untouched
        return Quotes(dates, {code: year.columns[code][span] for code in codes})
    columns: dict[str, list[str]] = {}
    if not codes:
        return Quotes(dates, columns)
    denominators = _numbers(year, terms.base).part(span)
    for code in codes:
        numerators = _numbers(year, code).part(span)
        columns[code] = quotients(
            numerators if terms.amount == ONE else numerators.times(terms.amount), denominators
        )
    return Quotes(dates, columns)


def means(years: Iterable[Year], start: str, end: str, group: str, terms: Terms) -> Quotes:
    """The mean of the exact quotes of each `week` (ISO) or `month` in the range, rounded once, by its first
    day."""
    spans: dict[str, list[tuple[Year, slice]]] = {}
    for year in years:
        within = year.span(start, end)
        for label, span in _groups(year.dates, within, _FIRST_DAYS[group]):
            spans.setdefault(label, []).append((year, span))
    rows = [_mean(parts, terms) for parts in spans.values()]
    codes = sorted({code for row in rows for code in row})
    return Quotes(list(spans), {code: [row.get(code, NOT_QUOTED) for row in rows] for code in codes})


def changes(start: Mapping[str, str], end: Mapping[str, str]) -> dict[str, Change]:
    """The changes between two days' quotes, for the currencies that both have."""
    return {code: _change(start[code], end[code]) for code in start if code in end}


def on_day(quotes: Quotes) -> dict[str, str]:
    """The quotes of the first day there, by code."""
    return {code: digits[0] for code, digits in quotes.columns.items() if digits[0]}


def _codes(columns: Collection[str], terms: Terms) -> list[str]:
    """The quote currencies, in order. None where the base is not among the columns."""
    known = {BASE, *columns}
    if terms.base not in known:
        return []
    wanted = known if terms.symbols is None else known & terms.symbols
    return sorted(wanted - {terms.base})


def _numbers(year: Year, code: str) -> Column:
    return year.numbers(code) if code != BASE else Column((ONE,) * len(year.dates), ONE, ONE)


def _change(start: str, end: str) -> Change:
    before, difference = Decimal(start), EXACT.subtract(Decimal(end), Decimal(start))
    percent = fixed(EXACT.multiply(difference, Decimal(100)), before, PERCENT_DECIMALS)
    return Change(start, end, plain([difference])[0], percent)


def _monday(day: str) -> str:
    known = date.fromisoformat(day)
    return (known - timedelta(days=known.weekday())).isoformat()


_FIRST_DAYS = {"week": _monday, "month": lambda day: day[:8] + "01"}
GROUPS = frozenset(_FIRST_DAYS)


def _groups(
    dates: Sequence[str], within: slice, first_day: Callable[[str], str]
) -> Iterator[tuple[str, slice]]:
    """The runs of dates that belong to one group: its first day, and where they stand."""
    start = within.start
    for label, days in groupby(dates[within], first_day):
        stop = start + len(list(days))
        yield label, slice(start, stop)
        start = stop


def _mean(parts: Sequence[tuple[Year, slice]], terms: Terms) -> dict[str, str]:
    """The mean quotes over the parts, by code.

    The mean of q/b is taken over one common denominator, the product of the bases b: the sum of each q times
    the product of the other bases. All of that is exact, and the quotient is rounded once.
    """
    codes = sorted({code for year, _ in parts for code in _codes(year.columns, terms)})
    bases = _values(parts, terms.base)
    known = [base for base in bases if not base.is_nan()]
    with localcontext(EXACT):
        before = list(accumulate(known, mul, initial=terms.amount))
        after = list(accumulate(reversed(known), mul, initial=ONE))[-2::-1]
        others = map(mul, before, after)
        weights = [NAN if base.is_nan() else next(others) for base in bases]
        product = after[0] * known[0] if known else ONE
        numerators, denominators = {}, {}
        for code in codes:
            weighted = [value for value in map(mul, _values(parts, code), weights) if not value.is_nan()]
            if weighted:
                numerators[code] = sum(weighted, Decimal(0))
                denominators[code] = product * len(weighted)
    digits = quotients(column(list(numerators.values())), column(list(denominators.values())))
    return dict(zip(numerators, digits, strict=True))


def _values(parts: Sequence[tuple[Year, slice]], code: str) -> list[Decimal]:
    """A currency's numbers over the parts, NaN where it is not quoted."""
    values: list[Decimal] = []
    for year, span in parts:
        if code == BASE or code in year.columns:
            values += _numbers(year, code).values[span]
        else:
            values += [NAN] * (span.stop - span.start)
    return values
