"""Readers during many updates."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from rates import settings
from rates.serving import proxy, service
from rates.serving.dynamodb import Client
from rates.serving.reader import Reader, Report
from rates.storage.store import Store
from rates.updating.update import update
from tests.conftest import TABLE, asking, proxy_event
from tests.history_files import HISTORY, NEXT, corrected
from tests.integration.dynamodb_server import DynamoDBServer
from tests.integration.publishing import feed_of
from tests.support import MemoryStore

HISTORIES = ((*HISTORY, NEXT), corrected((*HISTORY, NEXT), "2023-12-29", USD="1.106", HRK="7.53"))
PATHS = ("/2023-01-01..2025-01-06", "/latest?base=USD", "/2023-12-29", "/changes/2023-12-28..2025-01-06")
READERS = 3
UPDATES = 50


@pytest.mark.full
@pytest.mark.fault("50 updates in a row under load")
def test_readers_during_50_updates_see_whole_histories_only(
    store: Store, dynamodb: DynamoDBServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rates.serving.reader.TIME_TO_LIVE", 0)
    expected = [
        {path: asking(Reader(MemoryStore(history)))(path).body for path in PATHS} for history in HISTORIES
    ]
    update(store, feed_of(HISTORIES[1]), datetime.now(UTC))
    over = threading.Event()
    seen: list[tuple[str, int, str, str]] = []
    reports: list[Report] = []
    rounds = threading.Semaphore(0)
    now = datetime.now(UTC)

    def read(reader: Reader) -> None:
        while not over.is_set():
            for path in PATHS:
                newest = seen[-1][2] if seen else "1"  # of any reader
                cited = f"{path}{'&' if '?' in path else '?'}revision={newest}"
                for url in (path, cited):
                    request = proxy.request(proxy_event(url))
                    response, report = service.respond(request, reader, settings.load(), now)
                    revision = response.headers["Revision"]
                    assert url == path or revision == newest
                    seen.append((path, response.status, revision, response.body))
                    reports.append(report)
            rounds.release()

    readers = [
        threading.Thread(target=read, args=[Reader(Store(Client(dynamodb.url), TABLE))])
        for _ in range(READERS)
    ]
    for thread in readers:
        thread.start()
    try:
        for number in range(UPDATES):
            hour = now + timedelta(hours=number)
            assert update(store, feed_of(HISTORIES[number % 2]), hour).corrections
            assert rounds.acquire(timeout=60)  # the readers keep up
    finally:
        over.set()
        for thread in readers:
            thread.join()
    revisions = {int(revision) for _, _, revision, _ in seen}
    assert len(revisions) > UPDATES // 2
    assert set(seen) <= {
        (path, 200, str(revision), expected[revision % 2][path]) for revision in revisions for path in PATHS
    }
    assert {report.trouble for report in reports} == {""}
    assert {report.newest_date for report in reports} == {NEXT.date, None}
