"""Check a wrong file against the true stored history, and then the next true files against the wrong one."""

from enum import StrEnum
from random import Random

from rates.history import Publication
from rates.updating.plausibility import ImplausibleFeedError
from tests.steady_history import check
from tests.support import ecb_publications
from tests.wrong_files import COUNTS, KINDS, MIN_PUBLICATIONS, STORED_DAYS, File


class Outcome(StrEnum):
    """The end of a trial. A locked history refuses a true file until an operator forces it."""

    REFUSED = "refused"
    HEALED = "healed"  # by the true file of the next day at the latest
    UNCHANGED = "unchanged"
    LOCKED = "locked"


def is_accepted(new: File, stored: File) -> bool:
    try:
        check(new, {p.date: p.rates for p in stored})
    except ImplausibleFeedError:
        return False
    return True


def trial(kind: str, number: int, missed: int = 1) -> Outcome:
    """Try one wrong file. The number selects the random place; the update misses some publications."""
    random = Random(f"{kind} {number}")
    history: tuple[Publication, ...] = ecb_publications()
    count = random.choice(COUNTS[kind](history)) if kind in COUNTS else 0
    count = count or random.randrange(MIN_PUBLICATIONS, len(history))
    true = history[:count]
    wrong = tuple(KINDS[kind](random, true))
    if wrong == true:
        return Outcome.UNCHANGED
    stored = true if kind in STORED_DAYS else true[:-missed]
    if not is_accepted(wrong, stored):
        return Outcome.REFUSED
    return Outcome.HEALED if is_accepted(history[: count + 1], wrong) else Outcome.LOCKED
