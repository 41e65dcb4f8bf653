"""A valid request for quotes, and the checks that both versions of the API share."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from rates.quotes import Terms
from rates.serving.errors import invalid

DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
DATE_FORM = "dates are written YYYY-MM-DD"
PROVIDER = "ECB"
ON = ("previous", "before", "next", "exact")
VALUES = ("mean", "last")
EACH_DAY = "day"
GROUPS = ("week", "month", "quarter", "year", "all", EACH_DAY)

_DATE = re.compile(DATE)
# Other letters than those of ASCII stay as they are: none of them becomes a letter of a code.
_LOWER, _UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TO_UPPER, _TO_LOWER = str.maketrans(_LOWER, _UPPER), str.maketrans(_UPPER, _LOWER)


Parameters = Mapping[str, Sequence[str]]  # all values of each parameter; none if it was sent without a value


class Dates(NamedTuple):
    """The dates of a request: none (the latest publication), one, or a range; `end` None: open."""

    start: str | None = None
    end: str | None = None
    is_range: bool = False


class Query(NamedTuple):
    """A valid request for quotes."""

    dates: Dates
    terms: Terms
    on: str = "previous"  # one of ON, for a single date or for each day of a range
    group: str | None = None  # one of GROUPS, for a range
    value: str = "mean"  # one of VALUES, for a group


def last(parameters: Parameters, name: str) -> str | None:
    """Return the last value of a parameter; None if it is absent."""
    values = parameters.get(name)
    return values[-1] if values else None


def check_date(text: str) -> None:
    """Raise a 422 if the text is not an ISO date of the proleptic Gregorian calendar with its year 0."""
    if not _DATE.fullmatch(text):
        raise invalid("invalid date", DATE_FORM)
    try:
        # `date` lacks the year 0, whose days are those of 2000.
        date.fromisoformat(text.replace("0000-", "2000-", 1))
    except ValueError as error:
        raise invalid("invalid date", f"the calendar has no {text}") from error


def chosen(parameters: Parameters, name: str, allowed: Sequence[str]) -> str:
    """Return the value of a parameter; the first allowed one if it is absent. Raises a 422 for any other."""
    text = last(parameters, name)
    if text is None:
        return allowed[0]
    if text not in allowed:
        raise invalid(f"invalid {name}", f"allowed are {', '.join(allowed)}")
    return text


def group_of(parameters: Parameters) -> str | None:
    """Return the group that is asked for, in any case; None if there is none. Raises a 422 for any other."""
    text = last(parameters, "group")
    if text is None:
        return None
    group = text.translate(_TO_LOWER)
    if group not in GROUPS:
        raise invalid("invalid group", f"allowed are {', '.join(GROUPS)}")
    return group


def revision_of(parameters: Parameters) -> int | None:
    """Return the revision that is asked for; None if the newest one is. Raises a 422 if it is malformed."""
    if "revision" not in parameters:
        return None
    text = last(parameters, "revision") or ""
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and text[0] != "0"):
        raise invalid("invalid revision", "a revision is a number from 1 to 999999999")
    return int(text)


def codes(values: Sequence[str]) -> list[str]:
    """Return the codes of comma-separated lists, combined, without empty ones at the end."""
    found = [upper(code.strip(" ")) for code in ",".join(values).split(",")]
    while found and not found[-1]:
        found.pop()
    return found


def upper(text: str) -> str:
    """Return a text with its ASCII letters in upper case."""
    return text.translate(_TO_UPPER)
