"""Readers while update after update goes on."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from rates.serving.reader import Reader
from rates.storage.store import Store
from rates.updating.update import update
from tests.conftest import TABLE, asking
from tests.history_files import HISTORY, NEXT, corrected
from tests.integration.publishing import feed_of
from tests.support import MemoryStore

HISTORIES = ((*HISTORY, NEXT), corrected((*HISTORY, NEXT), "2023-12-29", USD="1.106", HRK="7.53"))
PATHS = ("/2023-01-01..2025-01-06", "/latest?base=USD", "/2023-12-29", "/changes/2023-12-28..2025-01-06")
READERS = 3
UPDATES = 50


@pytest.mark.full
def test_readers_during_50_updates_never_see_a_mix_a_5xx_or_a_missing_year(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rates.serving.reader.TIME_TO_LIVE", 0)
    expected = [
        {path: asking(Reader(MemoryStore(known)))(path).body for path in PATHS}  # type: ignore[arg-type]
        for known in HISTORIES
    ]
    update(store, feed_of(HISTORIES[1]), datetime.now(UTC))
    over = threading.Event()
    seen: list[tuple[str, int, str, str]] = []
    rounds = threading.Semaphore(0)

    def read(reader: Reader) -> None:
        ask = asking(reader)
        while not over.is_set():
            for path in PATHS:
                answer = ask(path)
                seen.append((path, answer.status, answer.body, reader.trouble))
            rounds.release()

    readers = [
        threading.Thread(target=read, args=[Reader(Store(boto3.client("dynamodb"), TABLE))])
        for _ in range(READERS)
    ]
    for thread in readers:
        thread.start()
    try:
        now = datetime.now(UTC)
        for number in range(UPDATES):
            assert update(store, feed_of(HISTORIES[number % 2]), now).corrections
            assert rounds.acquire(timeout=60)  # the readers keep up
            now += timedelta(hours=1)
    finally:
        over.set()
        for thread in readers:
            thread.join()
    assert {(path, status, body) for path, status, body, _ in seen} == {
        (path, 200, known[path]) for known in expected for path in PATHS
    }
    assert {trouble for *_, trouble in seen} == {""}
