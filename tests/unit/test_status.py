"""`/status`."""

import json

from rates.history import Publication
from rates.serving.reader import Reader
from tests.conftest import Ask, asking
from tests.support import URL, MemoryStore, ecb_publications


def test_the_status_describes_the_history(ask: Ask) -> None:
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
        "revision": 1,
        "revisions": {"first": 1, "last": 1},
        "source": {"url": URL, "etag": "", "last_modified": ""},
        "years": status["years"],
    }
    assert status["currencies"] == len(json.loads(ask("/currencies").body))


def test_the_status_has_the_digest_and_the_dates_of_each_year(ask: Ask) -> None:
    years = json.loads(ask("/status").body)["years"]
    assert list(years) == [str(year) for year in range(1999, 2027)]
    assert sum(year["publications"] for year in years.values()) == 7126
    in_2025 = [publication for publication in ecb_publications() if publication.date[:4] == "2025"]
    assert years["2025"] == {
        "digest": years["2025"]["digest"],  # test_audit.py computes it
        "publications": len(in_2025),
        "first_date": "2025-01-02",
        "last_date": "2025-12-31",
    }


def test_a_single_publication_has_no_previous_date() -> None:
    ask = asking(Reader(MemoryStore([Publication("2026-10-30", {"USD": "1.1"})])))
    status = json.loads(ask("/status").body)
    assert (status["previous_date"], status["first_date"]) == (None, "2026-10-30")
    assert (status["publications"], status["currencies"]) == (1, 2)
