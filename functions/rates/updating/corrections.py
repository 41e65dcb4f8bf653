"""Find the corrections that a new file makes to the stored history."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from rates.history import NOT_QUOTED, Correction, Publication

ALL = "*"
PUBLISHED = "published"


class Differences(NamedTuple):
    """The corrections, by date and currency, and the number of rates whose digits alone differ."""

    corrections: list[Correction]
    reformatted: int = 0


def compare(new: Sequence[Publication], stored: Mapping[str, Mapping[str, str]]) -> Differences:
    """Return all differences of stored publications (rates by date).

    A publication that the file removes is one correction, with the currency ALL, from PUBLISHED to "".
    A publication that only the file has is no correction, and neither are other digits of the same value.
    """
    rates_of = {publication.date: publication.rates for publication in new}
    found, reformatted = [], 0
    for day in sorted(stored):
        was, now = stored[day], rates_of.get(day)
        if now is None:
            found.append(Correction(day, ALL, PUBLISHED, NOT_QUOTED))
        elif was != now:
            for code in sorted(was.keys() | now.keys()):
                before, after = was.get(code, NOT_QUOTED), now.get(code, NOT_QUOTED)
                if before and after and Decimal(before) == Decimal(after):
                    reformatted += before != after
                elif before != after:
                    found.append(Correction(day, code, before, after))
    return Differences(found, reformatted)
