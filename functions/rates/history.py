"""The history of the reference rates: publications by calendar year, in columns, with the ECB's own
digits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from rates.rounding import EXACT, Column, column

BASE = "EUR"  # every reference rate says how much of a currency one euro is worth
FIRST_DATE = "1999-01-04"  # of the first publication
NOT_QUOTED = ""  # stands in a column on the days without a rate

# A date is its ISO text, YYYY-MM-DD, throughout: it sorts as it should.


class Publication(NamedTuple):
    """The reference rates of one day: units of each currency per euro, by code."""

    date: str
    rates: Mapping[str, str]


@dataclass(frozen=True)
class Year:
    """The publications of one calendar year.

    `dates` ascend; each of `columns` has one entry a date, the ECB's digits or NOT_QUOTED, and quotes at
    least once; the columns are in the order of their codes.
    """

    dates: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    _numbers: dict[str, Column] = field(default_factory=dict, compare=False, repr=False)

    def span(self, start: str, end: str) -> slice:
        """Where the publications from `start` to `end`, both included, stand."""
        return slice(bisect_left(self.dates, start), bisect_right(self.dates, end))

    def publication(self, index: int) -> Publication:
        """The publication at a place in `dates`."""
        rates = {code: column[index] for code, column in self.columns.items() if column[index]}
        return Publication(self.dates[index], rates)

    def publications(self) -> list[Publication]:
        """All of them, in the order of their dates."""
        return [self.publication(index) for index in range(len(self.dates))]

    def numbers(self, code: str) -> Column:
        """A column as numbers, NaN where it is not quoted; parsed once."""
        if code not in self._numbers:
            # What is no number, as NOT_QUOTED, becomes NaN.
            self._numbers[code] = column(list(map(EXACT.create_decimal, self.columns[code])))
        return self._numbers[code]


def year_of(date: str) -> str:
    return date[:4]


def spans(years: Iterable[Year]) -> dict[str, tuple[str, str]]:
    """Return the first and the last date of each currency in these years (ascending), sorted by code."""
    found: dict[str, tuple[str, str]] = {}
    for year in years:
        for code, rates in year.columns.items():
            quoted = [date for date, rate in zip(year.dates, rates, strict=True) if rate != NOT_QUOTED]
            found[code] = (found.get(code, quoted)[0], quoted[-1])
    return dict(sorted(found.items()))


def year_from(publications: list[Publication]) -> Year:
    """The year that these publications, in the order of their dates, make up."""
    codes = sorted({code for publication in publications for code in publication.rates})
    return Year(
        tuple(publication.date for publication in publications),
        {
            code: tuple(publication.rates.get(code, NOT_QUOTED) for publication in publications)
            for code in codes
        },
    )
