"""A history in which all rates rise slowly, for tests of the plausibility rule."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rates.history import Publication
from rates.updating import plausibility
from rates.updating.corrections import compare
from rates.updating.plausibility import ImplausibleFeedError
from tests.history_files import corrected
from tests.support import ecb_publications

CODES = [f"A{chr(ord('A') + n)}X" for n in range(20)]  # AAX, ABX, ...
Rates = Mapping[str, str]


def rate(code: str, place: int) -> Decimal:
    """Return 100, 200, ... by currency, plus 0.001 % a publication."""
    return (CODES.index(code) + 1) * (100 + Decimal(place) / 1000)


def steady(count: int) -> list[Publication]:
    """Return a history on the first of the ECB's days. None of its rules is near a limit."""
    days = [publication.date for publication in ecb_publications()[:count]]
    return [Publication(day, {code: f"{rate(code, i):.3f}" for code in CODES}) for i, day in enumerate(days)]


def changed(file: Sequence[Publication], place: int, **rates: str) -> list[Publication]:
    """Return the file with other rates in the publication at a place, "" for a rate that is gone."""
    return list(corrected(file, file[place].date, **rates))


def times(file: Sequence[Publication], place: int, factor: str, *codes: str) -> list[Publication]:
    """Return the file with some of the rates at a place multiplied."""
    rates = {code: str(Decimal(file[place].rates[code]) * Decimal(factor)) for code in codes}
    return changed(file, place, **rates)


def by_date(file: Sequence[Publication]) -> dict[str, Rates]:
    return {publication.date: publication.rates for publication in file}


def check(new: Sequence[Publication], stored: Mapping[str, Rates]) -> list[str]:
    """Check a file with the corrections that it makes, as an update does."""
    return plausibility.check(new, stored, compare(new, stored).corrections)


def refusal(new: Sequence[Publication], stored: Sequence[Publication] = ()) -> str:
    """Return the name of the rule that refuses a file, "" if it is accepted."""
    try:
        check(new, by_date(stored))
    except ImplausibleFeedError as error:
        return str(error).partition(":")[0]
    return ""
