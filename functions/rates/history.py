"""The history of the reference rates: publications by calendar year, in columns, with the ECB's digits."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rates.rounding import EXACT, Column, column

BASE = "EUR"  # every reference rate is an amount of another currency for one euro
FIRST_DATE = "1999-01-04"  # of the first publication
NOT_QUOTED = ""  # the entry in a column for a day without a rate

# Dates are ISO texts, YYYY-MM-DD: they sort by time.


class Publication(NamedTuple):
    """The reference rates of one day: units of each currency per euro, by code."""

    date: str
    rates: Mapping[str, str]


class Correction(NamedTuple):
    """A stored rate that a new file changes, in the ECB's digits.

    `was` is "" for a rate that the stored publication lacks, `now` is "" for a rate that the file removes.
    """

    date: str
    currency: str
    was: str
    now: str


class Year:
    """The publications of one calendar year.

    `dates` ascend. Each column has one entry per date, the ECB's digits or NOT_QUOTED, and at
    least one rate. The columns are sorted by code.
    """

    # Not a dataclass: importing `dataclasses` takes a good part of a cold start.
    def __init__(self, dates: tuple[str, ...], columns: Mapping[str, tuple[str, ...]]) -> None:
        self.dates = dates
        self.columns = columns
        self._numbers: dict[str, Column] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Year) and (self.dates, self.columns) == (other.dates, other.columns)

    __hash__ = None  # type: ignore[assignment]

    def span(self, start: str, end: str) -> slice:
        """Return the places of the publications from `start` to `end`, both included."""
        return slice(bisect_left(self.dates, start), bisect_right(self.dates, end))

    def publication(self, index: int) -> Publication:
        """Return the publication at a place in `dates`."""
        rates = {code: column[index] for code, column in self.columns.items() if column[index]}
        return Publication(self.dates[index], rates)

    def publications(self) -> list[Publication]:
        """Return all publications, ascending by date."""
        return [self.publication(index) for index in range(len(self.dates))]

    def numbers(self, code: str) -> Column:
        """Return a column as numbers, NaN for a day without a rate. Parses it once."""
        if code not in self._numbers:
            # EXACT turns NOT_QUOTED into NaN.
            self._numbers[code] = column(list(map(EXACT.create_decimal, self.columns[code])))
        return self._numbers[code]


def year_of(date: str) -> str:
    """Return the year of a date, "2026"."""
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
    """Return the year of these publications, which ascend by date."""
    codes = sorted({code for publication in publications for code in publication.rates})
    return Year(
        tuple(publication.date for publication in publications),
        {
            code: tuple(publication.rates.get(code, NOT_QUOTED) for publication in publications)
            for code in codes
        },
    )
