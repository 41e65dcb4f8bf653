"""The expected answers of the API, computed in another way: with fractions, from the ECB's digits."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal
from fractions import Fraction

from rates.history import Publication

CONTEXT = Context(prec=60)


def newest_on(publications: Sequence[Publication], day: str) -> Publication:
    """Return the newest publication on or before a day."""
    return publications[bisect_right(publications, day, key=lambda publication: publication.date) - 1]


def first_from(publications: Sequence[Publication], day: str) -> Publication:
    """Return the first publication on or after a day."""
    return publications[bisect_left(publications, day, key=lambda publication: publication.date)]


def first_day(day: str, group: str) -> str:
    """Return the first day of the ISO week, the month, the quarter or the year of a day."""
    that = date.fromisoformat(day)
    if group == "week":
        return (that - timedelta(days=that.isoweekday() - 1)).isoformat()
    months = {"month": 1, "quarter": 3, "year": 12}[group]
    return that.replace(month=that.month - (that.month - 1) % months, day=1).isoformat()


def groups(
    publications: Sequence[Publication], start: str, end: str, group: str
) -> dict[str, list[Publication]]:
    """Return the publications of a range by the first day of their group."""
    found: dict[str, list[Publication]] = {}
    for publication in publications:
        if start <= publication.date <= end:
            found.setdefault(first_day(publication.date, group), []).append(publication)
    return found


def value(rates: Mapping[str, str], base: str, quote: str, amount: str = "1") -> Fraction:
    """Return an amount of the base in the quote currency, exactly."""
    of_euro = {"EUR": "1", **rates}
    return Fraction(amount) * Fraction(of_euro[quote]) / Fraction(of_euro[base])


def shown(rates: Mapping[str, str], base: str, quote: str, amount: str = "1") -> str:
    """Return the digits that the API shows for one publication."""
    if base == "EUR" and Fraction(amount) == 1:
        return rates[quote]
    return plainly(rounded(value(rates, base, quote, amount)))


def mean_shown(publications: Sequence[Publication], base: str, quote: str, amount: str = "1") -> str:
    """Return the digits that the API shows for a group; "" if no publication has both currencies."""
    quoted = [
        publication.rates for publication in publications if {base, quote} <= {"EUR", *publication.rates}
    ]
    if not quoted:
        return ""
    return plainly(rounded(mean([value(rates, base, quote, amount) for rates in quoted])))


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def rounded(exact: Fraction) -> Decimal:
    """Round once, half to even, to 4 decimals or 6 significant digits, whichever is finer."""
    return to_decimals(exact, decimals(exact))


def decimals(exact: Fraction) -> int:
    """Return the number of decimals to which a number of this size is rounded."""
    count = 4
    while exact * 10**count < 100_000:  # fewer than 6 digits
        count += 1
    return count


def to_decimals(exact: Fraction, count: int) -> Decimal:
    """Round once, half to even (as `round` does), to a number of decimals."""
    return Decimal(round(exact * 10**count)).scaleb(-count, CONTEXT)


def plainly(number: Decimal) -> str:
    """Return a number without an exponent, trailing zeros and `-0`."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
