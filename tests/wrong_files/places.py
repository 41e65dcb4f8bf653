"""Places in a true file, and digits as the ECB writes them."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal
from random import Random

from rates.history import Publication

MIN_PUBLICATIONS = 400  # of the true file, so that each place exists
File = Sequence[Publication]
Rates = Mapping[str, str]
Kind = Callable[[Random, File], File]
Place = Callable[[Random, File], int]
SIX_DIGITS = Context(prec=6)


def digits(value: Decimal) -> str:
    """Write a rate as the ECB does: six significant digits, no exponent, no trailing zeros."""
    return format(SIX_DIGITS.plus(value).normalize(), "f")


def times(factor: str, rate: str) -> str:
    return digits(Decimal(rate) * Decimal(factor))


def inverse(rate: str) -> str:
    return digits(1 / Decimal(rate))


def replaced(file: File, place: int, rates: Rates) -> File:
    """Return the file with other rates in the publication at a place."""
    changed = list(file)
    changed[place] = Publication(file[place].date, rates)
    return changed


def newest(_: Random, file: File) -> int:
    return len(file) - 1


def yesterday(_: Random, file: File) -> int:
    return len(file) - 2


def recent(random: Random, file: File) -> int:
    return random.randrange(len(file) - 50, len(file) - 2)


def old(random: Random, file: File) -> int:
    return random.randrange(1, len(file) - 100)


def as_number(text: str, fallback: str) -> str:
    """Return a text as the reader of the file accepts it, or the fallback if it is no positive number."""
    text = text.strip(".")
    whole, _, decimals = text.partition(".")
    text = (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")
    return text if text.strip("0.") else fallback
