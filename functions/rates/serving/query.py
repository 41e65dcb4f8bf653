"""What a request asks for: its path and parameters, checked in the contract's order."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

from rates.history import BASE
from rates.quotes import GROUPS, Terms
from rates.rounding import ONE, plain
from rates.serving.errors import HttpError, not_found

MAX_AMOUNT_DIGITS = 15
LEAST_AMOUNT, MOST_AMOUNT = Decimal("1e-9"), Decimal("1e12")

_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY = re.compile(rf"/({_DATE})")
_RANGE = re.compile(rf"/({_DATE})\.\.({_DATE})?")
_AMOUNT = re.compile(r"\+?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?0*[0-9]{1,4})?")
_UPPER_CASE = str.maketrans(ascii_lowercase, ascii_uppercase)  # no other letter becomes one of a code
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Dates(NamedTuple):
    """The dates in a path: none (what is latest), one, or a range, whose end None leaves open."""

    start: str | None = None
    end: str | None = None
    is_range: bool = False


class Query(NamedTuple):
    """A valid request for quotes. `group` is None, `week` or `month`."""

    dates: Dates
    terms: Terms
    group: str | None = None
    changes: bool = False


def parse(path: str, parameters: Mapping[str, str]) -> Query:
    """The request for quotes that a path (without `/v1`) and its parameters make.

    Raises HttpError, as the contract says: unknown paths first, then amount, dates, empty codes, the pair,
    the group.
    """
    changes = path == "/changes" or path.startswith("/changes/")
    dates = _dates(path.removeprefix("/changes")) if changes else _dates(path, latest=("/latest", "/current"))
    amount = ONE if changes else _amount(parameters)
    for date in (dates.start, dates.end):
        if date is not None:
            _check_date(date)
    terms = _terms(parameters, amount)
    group = parameters.get("group") if dates.is_range and not changes else None
    if group is not None and group not in GROUPS:
        raise HttpError(422, "invalid group")
    return Query(dates, terms, group, changes)


def amount_text(amount: Decimal) -> str:
    """An amount as it is echoed: plain digits, at least one of them a decimal."""
    text = plain([amount])[0]
    return text if "." in text else text + ".0"


def _dates(path: str, latest: Collection[str] = ("",)) -> Dates:
    """The dates that the rest of a path names, where `latest` are its spellings without one."""
    if path in latest:
        return Dates()
    if match := _DAY.fullmatch(path):
        return Dates(match[1])
    if match := _RANGE.fullmatch(path):
        return Dates(match[1], match[2], is_range=True)
    raise not_found()


def _check_date(date: str) -> None:
    """Whether the proleptic Gregorian calendar, with its year 0, has the date."""
    year, month, day = int(date[:4]), int(date[5:7]), int(date[8:])
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (
        not 1 <= month <= 12
        or not 1 <= day <= _DAYS_IN_MONTH[month - 1]
        or (month == 2 and day == 29 and not is_leap)
    ):
        raise HttpError(422, "invalid date")


def _amount(parameters: Mapping[str, str]) -> Decimal:
    text = parameters.get("amount", "1").strip(" ")
    if _AMOUNT.fullmatch(text):
        amount = Decimal(text)
        digits = "".join(map(str, amount.as_tuple().digits)).strip("0")
        if len(digits) <= MAX_AMOUNT_DIGITS and LEAST_AMOUNT <= amount <= MOST_AMOUNT:
            return amount
    raise HttpError(422, "invalid amount")


def _terms(parameters: Mapping[str, str], amount: Decimal) -> Terms:
    base = _either(parameters, "from", "base")
    symbols = _either(parameters, "to", "symbols")
    if base == "" or symbols == "":
        raise not_found()
    codes = None if symbols is None else [code.strip(" ") for code in symbols.rstrip(",").split(",")]
    if base is not None and codes == [base]:
        raise HttpError(422, "bad currency pair")
    return Terms(base or BASE, None if codes is None else frozenset(codes), amount)


def _either(parameters: Mapping[str, str], preferred: str, other: str) -> str | None:
    """A parameter that has two spellings, in upper case; the preferred one wins where both are given."""
    value = parameters.get(preferred, parameters.get(other))
    return None if value is None else value.strip(" ").translate(_UPPER_CASE)
