"""The requests for rows of v2: their parameters, checked in the contract's order."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple
from urllib.parse import quote as percent_encode
from urllib.parse import unquote

from rates import currencies
from rates.history import BASE
from rates.quotes import Terms
from rates.serving import query
from rates.serving.errors import invalid, not_found
from rates.serving.query import Dates, Parameters, Query

_IGNORED = re.compile("_?|[0-9]+")  # `?_=1670000000` of jQuery, `?8491` of spreadsheets
_MIDNIGHT = re.compile(r"T00:00:00(?:\.000)?Z$")  # how JavaScript's toISOString ends a date
EXPANSION = "providers"  # the only one
RATE_PARAMETERS = ("date", "on", "providers", "expand", "revision")
RATES_PARAMETERS = (*RATE_PARAMETERS, "base", "quotes", "from", "to", "group", "value")


class RowsQuery(NamedTuple):
    """A valid request for rows."""

    query: Query
    from_provider: bool  # False: only other providers are asked for, so there are no rows
    expanded: bool  # True: each row names its provider
    unlisted: Sequence[str]  # the codes of the request that only the stored data can make valid

    def check_codes(self, stored: Collection[str]) -> None:
        """Raise a 422 if a code of the request is neither listed nor stored.

        A currency that the ECB adds is stored before a release of this code lists it.
        """
        if wrong := [code for code in self.unlisted if code not in stored]:
            raise invalid(f"invalid currency: {','.join(wrong)}")


def parse_rates(parameters: Parameters) -> RowsQuery:
    """Return the request for the rows of `/rates`. Raises HttpError for the first check that fails."""
    base = query.last(parameters, "base")
    quotes = parameters.get("quotes")
    return _parse(
        parameters,
        RATES_PARAMETERS,
        None if base is None else query.upper(base.strip(" ")),
        query.codes(quotes) if quotes else None,
    )


def parse_rate(parameters: Parameters, base: str, quote_currency: str) -> RowsQuery:
    """Return the request for the row of `/rate/{base}/{quote}`, whose codes may be percent-encoded."""
    return _parse(parameters, RATE_PARAMETERS, path_code(base), [path_code(quote_currency)])


def includes_provider(parameters: Parameters) -> bool:
    """Return True if the parameter `providers` is absent or contains the ECB."""
    providers = query.last(parameters, "providers")
    return providers is None or query.PROVIDER in query.upper(providers).split(",")


def includes_ended(parameters: Parameters) -> bool:
    """Return True if the parameter `scope` is `all`."""
    return query.last(parameters, "scope") == "all"


def check_provider(key: str) -> None:
    """Raise a 404 if the key in a path is not that of the ECB, in any case."""
    if query.upper(unquote(key)) != query.PROVIDER:
        raise not_found(f"unknown provider: {key}")


def refuse_others(parameters: Parameters, allowed: Collection[str]) -> None:
    """Raise a 422 if a parameter is not allowed. Those that clients add to bypass a cache are ignored."""
    unknown = [name for name in parameters if name not in allowed and not _IGNORED.fullmatch(name)]
    if unknown:
        raise invalid(f"unknown parameter: {', '.join(unknown)}")


def path_code(text: str) -> str:
    """Return the code in a part of a path. An invalid one is percent-encoded, as in the URL."""
    return query.upper(percent_encode(unquote(text).strip(" "), safe=",;:@!*'()&=+~", errors="replace"))


def _parse(
    parameters: Parameters, allowed: Collection[str], base: str | None, quotes: Sequence[str] | None
) -> RowsQuery:
    refuse_others(parameters, allowed)
    dates = _dates(parameters)
    group = query.group_of(parameters)
    value = query.chosen(parameters, "value", query.VALUES)
    on = _on(parameters, dates, group)
    if not dates.is_range and (group or query.last(parameters, "to") is not None):
        raise invalid("missing from")
    expanded = _expanded(parameters)
    named = [*([] if base is None else [base]), *(quotes or [])]
    unlisted = [code for code in named if code not in currencies.codes()]
    symbols = None if quotes is None else frozenset(quotes)
    terms = Terms(BASE if base is None else base, symbols, base_row=True)
    return RowsQuery(Query(dates, terms, on, group, value), includes_provider(parameters), expanded, unlisted)


def _dates(parameters: Parameters) -> Dates:
    texts = (query.last(parameters, name) for name in ("date", "from", "to"))
    date, start, end = (text and _MIDNIGHT.sub("", text) for text in texts)
    for text in (date, start, end):
        if text is not None:
            query.check_date(text)
    if date is not None and (start is not None or end is not None):
        raise invalid("conflicting params")
    return Dates(date) if start is None else Dates(start, end, is_range=True)


def _on(parameters: Parameters, dates: Dates, group: str | None) -> str:
    is_choice = group == query.EACH_DAY if dates.is_range else dates.start is not None
    if query.last(parameters, "on") is not None and not is_choice:
        raise invalid("invalid on")
    return query.chosen(parameters, "on", query.ON)


def _expanded(parameters: Parameters) -> bool:
    text = query.last(parameters, "expand")
    if text is None:
        return False
    expansions = text.lower().rstrip(",").split(",")
    if wrong := [name for name in expansions if name not in ("", EXPANSION)]:
        raise invalid(f"invalid expand: {','.join(wrong)}")
    return EXPANSION in expansions
