"""Exact quotients, rounded once: half to even, to 4 decimals or 6 significant digits, whichever is finer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    ROUND_05UP,
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    localcontext,
)
from operator import truediv
from typing import NamedTuple

DECIMALS = 4
SIGNIFICANT_DIGITS = 6
ONE = Decimal(1)

# Contexts of our own, so that nothing done to the thread's context can change a rate. They trap nothing: NaN,
# which stands for a day without a rate, passes through.
EXACT = Context(
    prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[]
)  # for products and sums; never divide in it
_TRUNCATED = Context(prec=1, rounding=ROUND_DOWN, traps=[])
_ROUNDED = [Context(prec=max(digits, 1), rounding=ROUND_HALF_EVEN, traps=[]) for digits in range(64)]
# A quotient rounded so can be rounded again to fewer digits as if it were exact.
_STICKY = Context(prec=60, rounding=ROUND_05UP, traps=[])


class Column(NamedTuple):
    """Positive numbers, NaN where there is none, and bounds of those that are there."""

    values: Sequence[Decimal]
    least: Decimal
    most: Decimal

    def part(self, span: slice) -> Column:
        """Some of the numbers, in a row; the bounds stay as they are."""
        return Column(self.values[span], self.least, self.most)

    def times(self, factor: Decimal) -> Column:
        """Each number times a positive factor, exactly."""
        products = [EXACT.multiply(value, factor) for value in self.values]
        return Column(products, EXACT.multiply(self.least, factor), EXACT.multiply(self.most, factor))


def column(values: Sequence[Decimal]) -> Column:
    """The numbers with their own bounds."""
    present = [value for value in values if value == value]  # NaN is not
    return Column(values, min(present, default=ONE), max(present, default=ONE))


def quotients(numerators: Column, denominators: Column) -> list[str]:
    """Each numerator by its denominator as plain digits, "" where either is missing."""
    least = _context_for(_TRUNCATED.divide(numerators.least, denominators.most))
    most = _context_for(_TRUNCATED.divide(numerators.most, denominators.least))
    if least is most:  # the usual column, whose numbers are all of a magnitude: one division each
        with localcontext(least):  # an operator in a context takes a third less than the context's method
            return plain(list(map(truediv, numerators.values, denominators.values)))
    truncated = map(_TRUNCATED.divide, numerators.values, denominators.values)
    return plain(
        [
            value if value.is_nan() else _context_for(value).divide(numerator, denominator)
            for value, numerator, denominator in zip(
                truncated, numerators.values, denominators.values, strict=True
            )
        ]
    )


def fixed(numerator: Decimal, denominator: Decimal, decimals: int) -> str:
    """The quotient rounded once, half to even, to so many decimals, as plain digits."""
    quotient = _STICKY.divide(numerator, denominator)
    return plain([quotient.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN, _STICKY)])[0]


def plain(values: list[Decimal]) -> list[str]:
    """Numbers as plain digits: no exponent, no trailing zeros, no `-0`; "" for NaN."""
    texts = list(map(EXACT.to_sci_string, values))  # as str does, in two thirds of its time
    joined = ",".join(texts)
    if "E" in joined:
        texts = [format(value, "f") for value in values]
    if "0" in joined:
        texts = [text.rstrip("0").rstrip(".") if text[-1] == "0" and "." in text else text for text in texts]
    if "N" in joined or "-0" in joined:
        texts = [{"NaN": "", "-0": "0"}.get(text, text) for text in texts]
    return texts


def _context_for(truncated: Decimal) -> Context:
    """The context that rounds a number of this magnitude as it should be."""
    return _ROUNDED[max(SIGNIFICANT_DIGITS, truncated.adjusted() + 1 + DECIMALS)]
