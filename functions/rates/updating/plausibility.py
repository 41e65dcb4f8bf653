"""Decide if a new file of the ECB may replace the stored history.

A publication is touched if it is new or corrected, that is, not stored exactly so. Its neighbors are the
publications directly before and after it in the file. A move is the distance of two rates: 0.1 if one is 10 %
above the other.

The file is judged on its own terms: each touched publication by its neighbors and by the file's past. The
stored history serves only to find lost, late and rewritten data. The size of a correction is never judged.
So the true file passes after any error that was stored, and repairs it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise
from typing import NoReturn

from rates.calendar import is_publication_day, missing_days
from rates.history import FIRST_DATE, NOT_QUOTED, Correction, Publication
from rates.updating.corrections import ALL

# Each limit has the nearest case of the ECB's own history beside it.
MAX_HOLES = 10  # publication days without a publication in the whole file: 0
RECENT = 60  # newest stored publications, in which a rate may come or go
MAX_CHANGES = 60  # stored rates of one currency that change at once
LEAST_RATE, MOST_RATE = Decimal("0.01"), Decimal(10_000_000)  # 0.3883 (MTL), 1,912,400 (TRL)
MAX_DROPPED, MAX_ADDED = 4, 10  # currencies: 2 (2008-01-02), 7 (2005-04-01)
MAX_EQUAL = 0.75  # of the rates of two neighbors: 13 of 27 (1999-04-20)
SPAN = 250  # publications before and after, none of which has the same rates: no case
JUMP, MAX_JUMPS = Decimal("0.05"), 7  # 5 (2008-10-08)
MAX_QUARTILE = Decimal("0.03")  # of the moves: 0.0129 (2015-01-23)
SWAP_MOVE, SWAP_FIT = Decimal("0.03"), Decimal("0.4")  # 0.598 (NZD and TRY, 2008-10-24)
LEAST_BOUND, RECORD_FACTOR = Decimal("0.25"), 5  # of one rate's move: 71 % of the bound (RUB, 2014-12-16)
MAX_MOVE = Decimal(1)  # a factor of two: 0.682 (TRL, 2001-02-22)
YOUNG = 1000  # quotes, before which a currency's record says little: 551 (TRL, 2001-02-22)

SEEDING_HINT = "if this is the first update after a seeding, the seeding may be wrong: force this update"

Rates = Mapping[str, str]
Moves = Mapping[str, Decimal]  # by currency, between two neighbors


class ImplausibleFeedError(Exception):
    """The file breaks a rule of plausibility. Only a forced update publishes it."""

    def __init__(
        self, rule: str, problem: str, date: str, currency: str = "", before: str = "", after: str = ""
    ) -> None:
        """Take the stored rate or a neighbor's and the file's; no currency for a whole publication."""
        values = f": {after or 'no rate'}, compared with {before or 'no rate'}" if currency else ""
        super().__init__(f"{rule}: {problem} ({currency or 'the publication'} of {date}{values})")


def check(
    new: Sequence[Publication], stored: Mapping[str, Rates], corrections: Sequence[Correction]
) -> list[str]:
    """Raise ImplausibleFeedError if the file may not replace the stored history.

    `new` ascends by date; `stored` has the rates by date; `corrections` are all that the file makes. Returns
    the unexpected dates that are accepted, as the ECB may change its calendar: new or corrected publications
    on weekdays when TARGET is closed.
    """
    touched = [i for i, publication in enumerate(new) if stored.get(publication.date) != publication.rates]
    dates = [new[i].date for i in touched]
    _check_dates(dates)
    _check_missing_days([publication.date for publication in new], stored)
    _check_lost_publications(new, stored)
    _check_stored_rates(new, stored, corrections)
    for i in touched:
        _check_publication(new, i)
    # The moves from the publication before, for each pair of neighbors with a touched one.
    places = sorted({*touched, *(i + 1 for i in touched)} - {0, len(new)})
    moves = {i: _moves(new[i - 1].rates, new[i].rates) for i in places}
    for i in places:
        _check_neighbors(new[i - 1], new[i], moves[i])
    for i in touched:
        _check_single_rates(new, i, moves)
    return [day for day in dates if not is_publication_day(day)]


def _check_dates(dates: Iterable[str]) -> None:
    for day in dates:
        if date.fromisoformat(day).weekday() >= 5:
            raise ImplausibleFeedError("date", "it is on a weekend", day)


def _check_missing_days(dates: Sequence[str], stored: Mapping[str, Rates]) -> None:
    if dates[0] != FIRST_DATE:
        raise ImplausibleFeedError("missing days", f"the file does not begin on {FIRST_DATE}", dates[0])
    holes = missing_days(dates)
    if len(holes) > MAX_HOLES and len(holes) > len(missing_days(sorted(stored))):
        raise ImplausibleFeedError("missing days", f"{len(holes)} publications are missing", holes[-1])


def _check_lost_publications(new: Sequence[Publication], stored: Mapping[str, Rates]) -> None:
    """Accept the loss of a publication on a closed day, or of the newest one if the file goes on after it."""
    for day in sorted(stored.keys() - {publication.date for publication in new}):
        if is_publication_day(day) and not max(stored) == day < new[-1].date:
            raise ImplausibleFeedError("lost publication", "it is stored, but not in the file", day)


def _check_stored_rates(
    new: Sequence[Publication], stored: Mapping[str, Rates], corrections: Sequence[Correction]
) -> None:
    """Accept few changed rates. Recent rates may also come, and go if the file confirms it."""
    places = {publication.date: i for i, publication in enumerate(new)}
    recent = set(sorted(stored)[-RECENT:])
    changes: Counter[str] = Counter()
    for day, code, before, after in corrections:
        if code == ALL:  # a lost publication, which was judged before
            continue
        if before and after:
            changes[code] += 1
            if changes[code] > MAX_CHANGES:
                problem = f"over {MAX_CHANGES} stored rates change; {SEEDING_HINT}"
                raise ImplausibleFeedError("rewritten history", problem, day, code, before, after)
        elif day not in recent or (before and not _is_confirmed(new, stored, places[day], code)):
            problem = f"a stored publication {'lost' if before else 'gained'} a rate; {SEEDING_HINT}"
            raise ImplausibleFeedError("lost or late rate", problem, day, code, before, after)


def _is_confirmed(new: Sequence[Publication], stored: Mapping[str, Rates], i: int, code: str) -> bool:
    """Return True if the file confirms that a stored rate goes: it lacks the rate of a day beside it, too.

    A day from which the file removes the rate as well confirms nothing: the day beyond it decides. So a rate
    of the newest stored day goes at once if it had come by mistake, and else when the next day lacks it.
    """
    for side in (range(i - 1, -1, -1), range(i + 1, len(new))):
        for j in side:
            if code in new[j].rates:
                break
            if code not in stored.get(new[j].date, {}):
                return True
    return False


def _check_publication(new: Sequence[Publication], i: int) -> None:
    day, rates = new[i]
    for code, digits in rates.items():
        if not LEAST_RATE <= Decimal(digits) <= MOST_RATE:
            problem = f"under {LEAST_RATE} or over {MOST_RATE:,}"
            raise ImplausibleFeedError("size", problem, day, code, "", digits)
    nearby = [publication.rates for publication in new[max(i - SPAN, 0) : i + SPAN + 1]]
    if nearby.count(rates) > 1:
        raise ImplausibleFeedError("repetition", f"one of {SPAN} publications nearby has the same rates", day)


def _check_neighbors(one: Publication, other: Publication, moves: Moves) -> None:
    def refuse(rule: str, problem: str, code: str) -> NoReturn:
        before, after = one.rates.get(code, NOT_QUOTED), other.rates.get(code, NOT_QUOTED)
        raise ImplausibleFeedError(rule, f"{problem} since {one.date}", other.date, code, before, after)

    dropped, added = one.rates.keys() - other.rates.keys(), other.rates.keys() - one.rates.keys()
    if len(dropped) > MAX_DROPPED or len(added) > MAX_ADDED:
        refuse("currencies", f"{len(dropped)} are dropped and {len(added)} added", min(dropped | added))
    if not moves:
        return
    codes = sorted(moves, key=moves.__getitem__)
    if list(moves.values()).count(Decimal(0)) > MAX_EQUAL * len(moves):
        refuse("repetition", f"over {MAX_EQUAL:.0%} of the rates are the same", codes[0])
    if sum(move > JUMP for move in moves.values()) > MAX_JUMPS:
        refuse("many jumps", f"over {MAX_JUMPS} rates move by more than {JUMP:.0%}", codes[-1])
    if moves[codes[len(codes) // 4]] > MAX_QUARTILE:
        refuse("common move", f"three of four rates move by more than {MAX_QUARTILE:.0%}", codes[-1])
    for first, second in combinations([code for code in codes if moves[code] > SWAP_MOVE], 2):
        crossed = (_move(one.rates[first], other.rates[second]), _move(one.rates[second], other.rates[first]))
        if max(crossed) < SWAP_FIT * moves[second]:  # the larger move, as the codes are sorted
            refuse("swap", f"{first} and {second} look exchanged", first)


def _check_single_rates(new: Sequence[Publication], i: int, moves: Mapping[int, Moves]) -> None:
    """Accept a rate that is near one of its neighbors: the publication after it confirms a lasting change."""
    sides = {i - 1: moves.get(i, {}), i + 1: moves.get(i + 1, {})}
    suspects = {code for side in sides.values() for code, move in side.items() if move > LEAST_BOUND / 2}
    for code in sorted(suspects):  # no bound would refuse the others
        own = {j: side[code] for j, side in sides.items() if code in side}
        bound = _bound(new[:i], code) / len(own)
        if max(own.values()) > MAX_MOVE or min(own.values()) > bound:
            farther = max(own, key=own.__getitem__)
            problem = (
                f"{' and '.join(f'{move:.1%}' for move in own.values())} away from its neighbors; "
                f"the limit is {bound:.1%} for the nearer one and {MAX_MOVE:.0%} for each"
            )
            before, after = new[farther].rates[code], new[i].rates[code]
            raise ImplausibleFeedError("one rate", problem, new[i].date, code, before, after)


def _bound(past: Sequence[Publication], code: str) -> Decimal:
    """Return how far a rate may move, by the largest move of its currency so far."""
    quotes = [publication.rates.get(code) for publication in past]
    if len(quotes) - quotes.count(None) < YOUNG:
        return MAX_MOVE
    record = max(_move(one, other) for one, other in pairwise(quotes) if one and other)
    return min(MAX_MOVE, max(LEAST_BOUND, RECORD_FACTOR * record))


def _moves(one: Rates, other: Rates) -> Moves:
    return {code: _move(digits, other[code]) for code, digits in one.items() if code in other}


def _move(one: str, other: str) -> Decimal:
    if one == other:
        return Decimal(0)
    ratio = Decimal(one) / Decimal(other)
    return max(ratio, 1 / ratio) - 1
