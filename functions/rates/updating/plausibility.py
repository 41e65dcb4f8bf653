"""Whether a new history may replace the stored one: what a mistake of the ECB's, or on the way here, would
look like."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from rates.history import NOT_QUOTED, Publication

MAX_CORRECTION = Decimal("0.1")  # of a published rate, as a part of it
MAX_MOVE = Decimal(2)  # factor from one quote to the next; the ECB's own history holds +68 %
MOVE_DAYS = timedelta(days=10)  # how old the quote before may be to be compared with


class ImplausibleFeedError(Exception):
    """The new history looks wrong; it is published only by force."""


class Correction(NamedTuple):
    """A rate that the ECB changed after publishing it; `was` is "" where there was none."""

    date: str
    currency: str
    was: str
    now: str


def corrections(
    stored: Sequence[Publication], new: Mapping[str, Publication], *, force: bool
) -> list[Correction]:
    """How the publications that are stored are corrected in the new history, by date.

    Raises ImplausibleFeedError, unless by force, if that removes one of them or a rate, or corrects a rate by
    too much.
    """
    found = []
    for publication in stored:
        replacement = new.get(publication.date)
        if replacement is None:
            if force:
                continue
            raise ImplausibleFeedError(f"the feed no longer has the publication of {publication.date}")
        for currency in sorted({*publication.rates, *replacement.rates}):
            was = publication.rates.get(currency, NOT_QUOTED)
            now = replacement.rates.get(currency, NOT_QUOTED)
            if was == now:
                continue
            correction = Correction(publication.date, currency, was, now)
            if not force:
                _check_correction(correction)
            found.append(correction)
    return found


def check_moves(publications: Sequence[Publication], stored: Collection[str]) -> None:
    """Whether each publication whose date is not a stored one moves every rate by a believable factor;
    ImplausibleFeedError where one does not.

    `publications` ascend by date. A rate is compared with the one before it, if that is at most ten days
    older.
    """
    before: dict[str, Publication] = {}  # by currency, the newest so far that quotes it
    for publication in publications:
        if publication.date not in stored:
            oldest = (date.fromisoformat(publication.date) - MOVE_DAYS).isoformat()
            for currency, rate in publication.rates.items():
                known = before.get(currency)
                if known is None or known.date < oldest:
                    continue
                was, now = Decimal(known.rates[currency]), Decimal(rate)
                if now > was * MAX_MOVE or was > now * MAX_MOVE:
                    raise ImplausibleFeedError(
                        f"{currency} moves from {was} to {now} on {publication.date}, "
                        f"by more than a factor of {MAX_MOVE}"
                    )
        before |= dict.fromkeys(publication.rates, publication)


def _check_correction(correction: Correction) -> None:
    if correction.was == NOT_QUOTED:
        return
    if correction.now == NOT_QUOTED:
        raise ImplausibleFeedError(f"the feed no longer has {correction.currency} of {correction.date}")
    was, now = Decimal(correction.was), Decimal(correction.now)
    if abs(now - was) > was * MAX_CORRECTION:
        raise ImplausibleFeedError(
            f"{correction.currency} of {correction.date} is corrected from {was} to {now}, "
            f"by more than {MAX_CORRECTION:.0%}"
        )
