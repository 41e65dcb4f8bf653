"""How long an answer may be kept, and whether a client has it already."""

from __future__ import annotations

import hashlib
from datetime import datetime, time

from rates import calendar

LONGEST = 3600  # seconds for what the next publication may change
SETTLED = 86_400  # seconds for what lies before the latest publication; not for ever, as the ECB corrects
OVERDUE = 60  # seconds while a publication that is due is not stored


def max_age(newest: str, now: datetime, update_time: time, reader_ttl: int, *, settled: bool) -> int:
    """Seconds for which an answer may be kept. `newest` is the date of the latest publication that is
    stored."""
    if settled:
        return SETTLED
    if calendar.last_due(now, update_time).isoformat() > newest:
        return OVERDUE
    remaining = (calendar.next_due(now, update_time) - now).total_seconds()
    return min(int(remaining) + reader_ttl, LONGEST)


def entity_tag(*parts: str) -> str:
    """A weak validator over everything that decides an answer (weak, as the gateway may compress it)."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return f'W/"{digest.hexdigest()[:20]}"'


def is_known(if_none_match: str, tag: str) -> bool:
    """Whether an If-None-Match header names the tag, by weak comparison."""
    known = [candidate.strip().removeprefix("W/") for candidate in if_none_match.split(",")]
    return "*" in known or tag.removeprefix("W/") in known
