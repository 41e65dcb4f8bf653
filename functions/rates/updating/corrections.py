"""Find the corrections that a new file makes to the stored history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rates.history import NOT_QUOTED, Correction, Publication

ALL = "*"
PUBLISHED = "published"
LOGGED = 1000  # corrections of one revision: more are only counted

Stored = Mapping[str, Mapping[str, str]]  # rates by date


def corrections(new: Sequence[Publication], stored: Stored) -> list[Correction]:
    """Return the changed values of stored publications, by date and currency.

    A publication that the file removes is one correction, with the currency ALL, from PUBLISHED to "".
    A publication that only the file has is no correction.
    """
    return [found for found in _differences(new, stored) if not _is_rewritten(found)]


def rewritten(new: Sequence[Publication], stored: Stored) -> int:
    """Return the number of stored rates that have other digits in the file but the same value."""
    return sum(map(_is_rewritten, _differences(new, stored)))


def log_lines(found: Sequence[Correction], rewritten_rates: int) -> Iterator[dict[str, Any]]:
    """Yield the fields of the log lines that tell of a revision's changes to stored rates."""
    for correction in found[:LOGGED]:
        yield {"correction": correction._asdict()}
    if len(found) > LOGGED:
        yield {"more_corrections": len(found) - LOGGED}
    if rewritten_rates:
        yield {"rewritten": rewritten_rates}


def _differences(new: Sequence[Publication], stored: Stored) -> Iterator[Correction]:
    rates_of = {publication.date: publication.rates for publication in new}
    for day in sorted(stored):
        was, now = stored[day], rates_of.get(day)
        if now is None:
            yield Correction(day, ALL, PUBLISHED, NOT_QUOTED)
        elif was != now:
            for code in sorted(was.keys() | now.keys()):
                if was.get(code) != now.get(code):
                    yield Correction(day, code, was.get(code, NOT_QUOTED), now.get(code, NOT_QUOTED))


def _is_rewritten(found: Correction) -> bool:
    """Return True if both digits are there and have the same value: `1.1720` for `1.172`."""
    if found.currency == ALL or NOT_QUOTED in (found.was, found.now):
        return False
    return Decimal(found.was) == Decimal(found.now)
