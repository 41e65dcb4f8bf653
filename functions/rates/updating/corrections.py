"""Find the corrections that a new file makes to the stored history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rates.history import NOT_QUOTED, Correction, Publication

ALL = "*"
PUBLISHED = "published"


def corrections(new: Sequence[Publication], stored: Mapping[str, Mapping[str, str]]) -> list[Correction]:
    """Return all differences of stored publications (rates by date), by date and currency.

    A publication that the file removes is one correction, with the currency ALL, from PUBLISHED to "".
    A publication that only the file has is no correction.
    """
    rates_of = {publication.date: publication.rates for publication in new}
    found = []
    for day in sorted(stored):
        was, now = stored[day], rates_of.get(day)
        if now is None:
            found.append(Correction(day, ALL, PUBLISHED, NOT_QUOTED))
        elif was != now:
            found += [
                Correction(day, code, was.get(code, NOT_QUOTED), now.get(code, NOT_QUOTED))
                for code in sorted(was.keys() | now.keys())
                if was.get(code) != now.get(code)
            ]
    return found
