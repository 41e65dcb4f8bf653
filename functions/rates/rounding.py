"""Exact quotients, rounded once: half to even, to 4 decimals or 6 significant digits, whichever is finer."""

import decimal
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal, localcontext
from operator import truediv
from typing import NamedTuple

DECIMALS = 4
SIGNIFICANT_DIGITS = 6
ZERO, ONE = Decimal(0), Decimal(1)

# These contexts belong to this module: a change of the thread's context cannot change a rate. They trap
# nothing: NaN, which stands for a day without a rate, passes through.
# For products and sums. A division would fill its precision.
EXACT = Context(prec=decimal.MAX_PREC, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN, traps=[])
_ROUNDED = [Context(prec=max(digits, 1), rounding=decimal.ROUND_HALF_EVEN, traps=[]) for digits in range(64)]
# The last digit of a quotient in this context tells if digits were cut off. So the quotient can be rounded
# again, to fewer digits, as if it were exact.
_STICKY = Context(prec=60, rounding=decimal.ROUND_05UP, traps=[])
# For long sums of products of quotients. Each step rounds down: a sum of up to 10**15 positive numbers is
# exact or too small, by a factor of less than _EXCESS.
BELOW = Context(prec=57, rounding=decimal.ROUND_DOWN, traps=[])
_EXCESS = Decimal("1." + "0" * 39 + "1")


class Column(NamedTuple):
    """Positive numbers, NaN for each missing one, and the bounds of the others."""

    values: Sequence[Decimal]
    least: Decimal
    most: Decimal

    def part(self, span: slice) -> "Column":
        """Return the numbers of a span, with the bounds of the whole column."""
        return Column(self.values[span], self.least, self.most)

    def times(self, factor: Decimal) -> "Column":
        """Return each number times a positive factor, exactly."""
        products = [EXACT.multiply(value, factor) for value in self.values]
        return Column(products, EXACT.multiply(self.least, factor), EXACT.multiply(self.most, factor))


def column(values: Sequence[Decimal]) -> Column:
    """Return the numbers with their own bounds."""
    present = [value for value in values if value == value]  # NaN differs from itself
    return Column(values, min(present, default=ONE), max(present, default=ONE))


def quotients(numerators: Column, denominators: Column) -> list[str]:
    """Return each numerator divided by its denominator, as plain digits; "" if either is missing."""
    least = _rounding(_STICKY.divide(numerators.least, denominators.most))
    most = _rounding(_STICKY.divide(numerators.most, denominators.least))
    if least is most:
        # The usual column: all of its quotients have the same number of digits, so one division also rounds.
        # An operator inside a context takes a third less time than the context's method.
        with localcontext(least):
            return plain(list(map(truediv, numerators.values, denominators.values)))
    return plain(list(map(rounded, numerators.values, denominators.values)))


def rounded(numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return the quotient, rounded once."""
    quotient = _STICKY.divide(numerator, denominator)
    return _rounding(quotient).plus(quotient)


def rounded_sum(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """Return the quotient of a sum in the context BELOW, rounded once; None if that is undecided."""
    quotient = _STICKY.divide(numerator, denominator)
    context = _rounding(quotient)
    result = context.plus(quotient)
    return result if result == context.multiply(quotient, _EXCESS) else None


def total(fractions: Iterable[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    """Return the sum of fractions as one fraction, exactly.

    Adds neighbours in turns: so nearly all operations have short numbers, even for 28 years of fractions,
    whose sum has 36,000 digits.
    """
    numerators: dict[Decimal, Decimal] = {}
    with localcontext(EXACT):
        for numerator, denominator in fractions:
            numerators[denominator] = numerators.get(denominator, ZERO) + numerator
        sums = [(numerator, denominator) for denominator, numerator in numerators.items()]
        while len(sums) > 1:
            pairs = zip(sums[::2], sums[1::2], strict=False)
            last = sums[-1:] if len(sums) % 2 else []
            sums = [(a * d + c * b, b * d) for (a, b), (c, d) in pairs] + last
    return sums[0]


def fixed(numerator: Decimal, denominator: Decimal, decimals: int) -> str:
    """Return the quotient, rounded once, half to even, to a number of decimals, as plain digits."""
    quotient = _STICKY.divide(numerator, denominator)
    return plain([quotient.quantize(ONE.scaleb(-decimals), decimal.ROUND_HALF_EVEN, _STICKY)])[0]


def plain(values: list[Decimal]) -> list[str]:
    """Return numbers as plain digits: no exponent, no trailing zeros, no `-0`; "" for NaN."""
    texts = list(map(EXACT.to_sci_string, values))  # the text of `str`, in two thirds of its time
    joined = ",".join(texts)
    if "E" in joined:
        texts = [format(value, "f") for value in values]
    if "0" in joined:
        texts = [text.rstrip("0").rstrip(".") if text[-1] == "0" and "." in text else text for text in texts]
    if "N" in joined or "-0" in joined:
        texts = [{"NaN": "", "-0": "0"}.get(text, text) for text in texts]
    return texts


def _rounding(quotient: Decimal) -> Context:
    """Return the context that rounds a number of this magnitude."""
    return _ROUNDED[max(SIGNIFICANT_DIGITS, quotient.adjusted() + 1 + DECIMALS)]
