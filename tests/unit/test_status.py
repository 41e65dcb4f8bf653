"""`/status`."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from rates.history import Publication
from rates.serving.reader import Reader
from tests.conftest import Ask, asking
from tests.support import MemoryStore


def test_the_status_tells_how_much_there_is_and_how_fresh_it_is(ask: Ask) -> None:
    status = json.loads(ask("/status").body)
    assert status == {
        "date": "2026-10-30",
        "previous_date": "2026-10-29",
        "first_date": "1999-01-04",
        "publications": 7126,
        "currencies": 30,
        "updated_at": "2026-10-30T17:00:04Z",
        "next_update": "2026-11-02T17:00:00Z",
        "stale": False,
    }
    assert status["currencies"] == len(json.loads(ask("/currencies").body))


def test_it_is_stale_when_a_publication_was_due_an_hour_ago_and_is_not_stored(ask: Ask) -> None:
    def stale(hour: int, minute: int) -> bool:
        answer = ask("/status", now=datetime(2026, 11, 2, hour, minute, tzinfo=UTC))
        return json.loads(answer.body)["stale"] is True

    assert [stale(16, 59), stale(17, 59), stale(18, 0), stale(23, 0)] == [False, False, True, True]


def test_a_single_publication_has_none_before_it() -> None:
    ask = asking(Reader(MemoryStore([Publication("2026-10-30", {"USD": "1.1"})])))  # type: ignore[arg-type]
    status = json.loads(ask("/status").body)
    assert (status["previous_date"], status["first_date"]) == (None, "2026-10-30")
    assert (status["publications"], status["currencies"]) == (1, 2)
