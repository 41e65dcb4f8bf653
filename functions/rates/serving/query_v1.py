"""The requests for quotes of v1: their parameters, checked in the contract's order."""

import re
from decimal import Decimal

from rates.history import BASE
from rates.quotes import Terms
from rates.rounding import ONE, plain
from rates.serving import query
from rates.serving.errors import invalid, not_found
from rates.serving.query import Dates, Parameters, Query

MAX_AMOUNT_DIGITS = 20  # the shortest text of a double has up to 17
LEAST_AMOUNT, MOST_AMOUNT = Decimal("1e-9"), Decimal("1e12")

_AMOUNT = re.compile(r"\+?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?0*[0-9]{1,4})?")


def parse(parameters: Parameters, dates: Dates) -> Query:
    """Return the request for the quotes of these dates.

    Raises HttpError for the first check that fails: amount, dates, empty codes, the pair, `group`, `value`,
    `on`.
    """
    amount = _amount(query.last(parameters, "amount"))
    _check(dates)
    terms = _terms(parameters, amount)
    if dates.is_range:
        group, value = query.group_of(parameters), query.chosen(parameters, "value", query.VALUES)
        on = query.chosen(parameters, "on", query.ON) if group == query.EACH_DAY else query.ON[0]
        return Query(dates, terms, on, group, value)
    on = query.chosen(parameters, "on", query.ON) if dates.start else query.ON[0]
    return Query(dates, terms, on)


def parse_changes(parameters: Parameters, dates: Dates) -> Query:
    """Return the request for the changes of these dates. `amount`, `group`, `value` and `on` are ignored."""
    _check(dates)
    return Query(dates, _terms(parameters, ONE))


def amount_text(amount: Decimal) -> str:
    """Return an amount as answers show it: plain digits, with at least one decimal."""
    text = plain([amount])[0]
    return text if "." in text else text + ".0"


def _check(dates: Dates) -> None:
    for date in (dates.start, dates.end):
        if date is not None:
            query.check_date(date)


def _amount(text: str | None) -> Decimal:
    if text is None:
        return ONE
    text = text.strip(" ")
    if _AMOUNT.fullmatch(text):
        amount = Decimal(text)
        digits = "".join(map(str, amount.as_tuple().digits)).strip("0")
        if len(digits) <= MAX_AMOUNT_DIGITS and LEAST_AMOUNT <= amount <= MOST_AMOUNT:
            return amount
    raise invalid(
        "invalid amount",
        "an amount is written 1234.56: from 0.000000001 to 1000000000000, "
        f"with at most {MAX_AMOUNT_DIGITS} significant digits",
    )


def _terms(parameters: Parameters, amount: Decimal) -> Terms:
    base = _codes(parameters, "from", "base", repeatable=False)
    symbols = _codes(parameters, "to", "symbols", repeatable=True)
    if base == "":
        raise not_found("the base is empty")
    if symbols == "":
        raise not_found("the symbols are empty")
    codes = None if symbols is None else [code.strip(" ") for code in symbols.rstrip(",").split(",")]
    if base is not None and codes == [base]:
        raise invalid("bad currency pair")
    return Terms(base or BASE, None if codes is None else frozenset(codes), amount)


def _codes(parameters: Parameters, preferred: str, other: str, *, repeatable: bool) -> str | None:
    """Return the value of a parameter with two names, in upper case; the preferred name wins.

    If it is repeatable, its values are combined, else the last one counts.
    """
    values = parameters.get(preferred) or parameters.get(other)
    if not values:
        return None
    return query.upper((",".join(values) if repeatable else values[-1]).strip(" "))
