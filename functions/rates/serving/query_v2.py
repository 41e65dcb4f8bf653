"""The requests for rows of v2: their parameters, checked in the contract's order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple
from urllib.parse import quote as percent_encode
from urllib.parse import unquote

from rates import currencies
from rates.history import BASE
from rates.quotes import Terms
from rates.serving.errors import invalid
from rates.serving.query import (
    ON,
    PROVIDER,
    VALUES,
    Dates,
    Parameters,
    Query,
    check_date,
    chosen,
    codes,
    group_of,
    last,
    upper,
)

EXPANSION = "providers"  # the only one
RATE_PARAMETERS = ("date", "on", "providers", "expand")
RATES_PARAMETERS = (*RATE_PARAMETERS, "base", "quotes", "from", "to", "group", "value")


class RowsQuery(NamedTuple):
    """A valid request for rows."""

    query: Query
    from_provider: bool  # False: only other providers are asked for, so there are no rows
    expanded: bool  # True: each row names its provider


def parse_rates(parameters: Parameters) -> RowsQuery:
    """Return the request for the rows of `/rates`. Raises HttpError for the first check that fails."""
    base = last(parameters, "base")
    quotes = parameters.get("quotes")
    return _parse(
        parameters,
        RATES_PARAMETERS,
        None if base is None else upper(base.strip(" ")),
        codes(quotes) if quotes else None,
    )


def parse_rate(parameters: Parameters, base: str, quote_currency: str) -> RowsQuery:
    """Return the request for the row of `/rate/{base}/{quote}`, whose codes may be percent-encoded."""
    return _parse(parameters, RATE_PARAMETERS, path_code(base), [path_code(quote_currency)])


def includes_provider(parameters: Parameters) -> bool:
    """Return True if the parameter `providers` is absent or contains the ECB."""
    providers = last(parameters, "providers")
    return providers is None or PROVIDER in upper(providers).split(",")


def includes_ended(parameters: Parameters) -> bool:
    """Return True if the parameter `scope` is `all`."""
    return last(parameters, "scope") == "all"


def path_code(text: str) -> str:
    """Return the code in a part of a path. An invalid one is percent-encoded, as in the URL."""
    return upper(percent_encode(unquote(text).strip(" "), safe=",;:@!*'()&=+~", errors="replace"))


def _parse(
    parameters: Parameters, allowed: Collection[str], base: str | None, quotes: Sequence[str] | None
) -> RowsQuery:
    unknown = [name for name in parameters if name and name not in allowed]
    if unknown:
        raise invalid(f"unknown parameter: {', '.join(unknown)}")
    dates = _dates(parameters)
    group = group_of(parameters)
    value = chosen(parameters, "value", VALUES)
    on = _on(parameters, dates)
    if not dates.is_range and (group or last(parameters, "to") is not None):
        raise invalid("missing from")
    expanded = _expanded(parameters)
    named = [*([] if base is None else [base]), *(quotes or [])]
    if wrong := [code for code in named if code not in currencies.codes()]:
        raise invalid(f"invalid currency: {','.join(wrong)}")
    symbols = None if quotes is None else frozenset(quotes)
    terms = Terms(BASE if base is None else base, symbols, base_row=True)
    return RowsQuery(Query(dates, terms, on, group, value), includes_provider(parameters), expanded)


def _dates(parameters: Parameters) -> Dates:
    date, start, end = (last(parameters, name) for name in ("date", "from", "to"))
    for text in (date, start, end):
        if text is not None:
            check_date(text)
    if date is not None and (start is not None or end is not None):
        raise invalid("conflicting params")
    return Dates(date) if start is None else Dates(start, end, is_range=True)


def _on(parameters: Parameters, dates: Dates) -> str:
    if last(parameters, "on") is not None and (dates.start is None or dates.is_range):
        raise invalid("invalid on")
    return chosen(parameters, "on", ON)


def _expanded(parameters: Parameters) -> bool:
    text = last(parameters, "expand")
    if text is None:
        return False
    expansions = text.lower().rstrip(",").split(",")
    if wrong := [name for name in expansions if name not in ("", EXPANSION)]:
        raise invalid(f"invalid expand: {','.join(wrong)}")
    return EXPANSION in expansions
