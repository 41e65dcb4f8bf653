"""Quotes for groups of days: the mean or the last publication of each group, or one entry for each day."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext
from itertools import groupby
from operator import mul

from rates.history import BASE, Year
from rates.quotes import BASE_RATE, Quotes, Terms, codes_of, convert, numbers_of
from rates.rounding import BELOW, EXACT, ZERO, plain, rounded, rounded_sum, total

NAN = Decimal("NaN")


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


def each_day(years: Iterable[Year], start: str, end: str, on: str, terms: Terms) -> list[Quotes]:
    """Return the quotes of each calendar day of a range, from the publication that `on` chooses.

    Days for which the years have no such publication are left out.
    """
    places = [(year, row) for year in years for row in range(len(year.dates))]
    published = [year.dates[row] for year, row in places]
    find, back = (bisect_right if on == "previous" else bisect_left), on in ("previous", "before")
    first, last = (date.fromisoformat(day).toordinal() for day in (start, end))
    chosen = []
    for number in range(first, last + 1):
        day = date.fromordinal(number).isoformat()
        index = find(published, day) - back
        if 0 <= index < len(places) and (on != "exact" or published[index] == day):
            chosen.append((day, *places[index]))
    blocks = []
    for _, group in groupby(chosen, lambda place: id(place[1])):
        days, (year, *_), rows = zip(*group, strict=True)
        quotes = convert(year, slice(rows[0], rows[-1] + 1), terms)
        indexes = [row - rows[0] for row in rows]
        columns = {code: [rates[index] for index in indexes] for code, rates in quotes.columns.items()}
        blocks.append(Quotes(days, columns, [quotes.dates[index] for index in indexes]))
    return blocks


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


def _groups(years: Iterable[Year], start: str, end: str, group: str) -> Iterator[tuple[str, Year, slice]]:
    """Yield the first day of each group of days in a range, with its part of a year.

    A group that is part of several years comes several times.
    """
    first_day = _FIRST_DAYS.get(group, lambda _: start)  # the whole range is the group `all`
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
            codes = codes_of(year.columns, terms)
            bases = numbers_of(year, terms.base).values[span] if codes else ()
            shares = [terms.amount / base for base in bases]
            for code in codes:
                products = list(map(mul, numbers_of(year, code).values[span], shares))
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
            days = (numbers_of(year, each).values[span] for each in (code, base))
            yield from ((rate, per) for rate, per in zip(*days, strict=True) if rate == rate and per == per)
