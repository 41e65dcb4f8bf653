"""The lifetime of answers in caches, and conditional requests."""

import hashlib
from datetime import datetime, time

from rates import calendar

LONGEST = 3600  # seconds for an answer that the next publication may change
SETTLED = 86_400  # seconds for dates before the latest publication; not longer: the ECB corrects old rates
NAMED = "max-age=86400"  # of an answer of a given revision whose names and fields come from the code
FOREVER = "max-age=31536000, immutable"  # of another answer of a given revision
OVERDUE = 60  # seconds while a publication is due but not stored


def max_age(newest: str, now: datetime, update_time: time, reader_ttl: int, *, settled: bool) -> int:
    """Return the seconds for which an answer may be cached.

    `newest` is the date of the latest stored publication. `settled` means that the answer is about dates
    before it.
    """
    if settled:
        return SETTLED
    if calendar.last_due(now, update_time).isoformat() > newest:
        return OVERDUE
    remaining = (calendar.next_due(now, update_time) - now).total_seconds()
    return min(int(remaining) + reader_ttl, LONGEST)


def until_midnight(now: datetime) -> int:
    """Return the seconds until the next day begins, in UTC."""
    return 86_400 - (now.hour * 60 + now.minute) * 60 - now.second


def entity_tag(*parts: str) -> str:
    """Return a weak validator over everything that decides an answer (weak: the gateway may compress it)."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return f'W/"{digest.hexdigest()[:20]}"'


def matches(if_none_match: str, tag: str) -> bool:
    """Return True if an If-None-Match header names the tag, by weak comparison."""
    tags = [candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")]
    return "*" in tags or tag.removeprefix("W/") in tags
