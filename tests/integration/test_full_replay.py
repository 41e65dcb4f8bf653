"""Real histories by full updates: an accepted wrong file never locks the table."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from benchmarks.memory_table import MemoryTable
from rates.source import FeedContentError
from rates.storage.store import Store
from rates.updating.plausibility import ImplausibleFeedError
from tests.integration.publishing import history_in, publish
from tests.support import ecb_publications
from tests.wrong_files import KINDS, MIN_PUBLICATIONS, File

pytestmark = [pytest.mark.full, pytest.mark.usefixtures("judged")]
MAX_PUBLICATIONS = 1500  # of a spoiled file: a small one is read faster


def update_to(store: Store, publications: File, date: str = "") -> None:
    """Update from a file in the evening of a date, by default the date of its newest publication."""
    day = datetime.fromisoformat(date or publications[-1].date).replace(tzinfo=UTC)
    publish(store, publications, day + timedelta(hours=17))


@pytest.mark.parametrize("kind", KINDS)
def test_true_files_repair_an_accepted_wrong_file(kind: str) -> None:
    """The next true file comes on the same day or on the next one."""
    random, history = Random(kind), ecb_publications()
    count = random.randrange(MIN_PUBLICATIONS, MAX_PUBLICATIONS)
    true = history[:count]
    wrong = KINDS[kind](random, true)
    table = MemoryTable()
    store = Store(table, "table")
    update_to(store, true[:-1])
    before = dict(table.items)
    try:
        update_to(store, wrong, true[-1].date)
    except (ImplausibleFeedError, FeedContentError):
        assert table.items == before
        return
    accepted = dict(table.items)
    for repaired in (true, history[: count + 1]):
        table.reset(accepted)
        update_to(store, repaired)
        assert history_in(store) == repaired
