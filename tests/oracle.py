"""What the API should answer, computed another way: fractions from the digits in the ECB's file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction

from rates.history import Publication

CONTEXT = Context(prec=60)


def newest_on(publications: Sequence[Publication], day: str) -> Publication:
    """The newest publication on or before a day."""
    return publications[bisect_right(publications, day, key=lambda known: known.date) - 1]


def value(rates: Mapping[str, str], base: str, quote: str, amount: str = "1") -> Fraction:
    """An amount of the base in the quote currency, exactly."""
    of_euro = {"EUR": "1", **rates}
    return Fraction(amount) * Fraction(of_euro[quote]) / Fraction(of_euro[base])


def mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def rounded(exact: Fraction) -> Decimal:
    """Once, half to even, to 4 decimals or 6 significant digits, whichever is finer."""
    return to_decimals(exact, decimals(exact))


def decimals(exact: Fraction) -> int:
    """How many decimals a number of this size is rounded to."""
    count = 4
    while exact * 10**count < 100_000:  # fewer than 6 digits
        count += 1
    return count


def to_decimals(exact: Fraction, count: int) -> Decimal:
    """Rounded once, half to even (as `round` does), to so many decimals."""
    return Decimal(round(exact * 10**count)).scaleb(-count, CONTEXT)


def plainly(number: Decimal) -> str:
    """Without an exponent, trailing zeros and `-0`."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
