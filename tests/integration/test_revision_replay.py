"""A history in 60 steps: each revision gives the same answers and digests after all later changes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from rates.history import Publication
from rates.serving.reader import TIME_TO_LIVE, Reader
from rates.storage.store import Store
from tests.auditing import audited
from tests.conftest import TABLE, asking
from tests.fake_time import FakeTime
from tests.history_files import corrected, zipped
from tests.integration.dynamodb import change, delete, items
from tests.integration.publishing import key_of, latest_in, publish
from tests.support import ecb_publications

STEPS = 60
LATER = datetime(2040, 1, 1, tzinfo=UTC)
HISTORY = [publication for publication in ecb_publications() if publication.date >= "2025-12-15"]
PATHS = [
    "/latest?base=USD",
    "/2026-01-01?on=next",
    "/2025-12-15..?symbols=USD,GBP",
    "/2025-12-15..?group=month&base=GBP&amount=7",
    "/2025-12-15..?group=all&base=USD",
    "/2025-12-20..?group=day&on=before",
    "/changes/2025-12-31..2026-06-30",
    "/eurofxref-daily.xml",
    "/eurofxref-hist-90d.xml",
    "/eurofxref-hist.csv",
    "/currencies",
    "/v2/rates?from=2025-12-20&quotes=JPY&base=USD",
    "/v2/rates.csv?date=2026-03-01",
    "/v2/rate/EUR/USD",
    "/v2/currencies?scope=all",
]
ABOUT_THE_PRESENT = ("next_update", "stale", "revisions")


def disturb(
    step: int, table: Any, store: Store, file: list[Publication], random: Random
) -> list[Publication]:
    """Damage the table, or return a file that corrects or removes a publication."""
    chosen, key = random.choice(file[1:-1]), key_of(store, random.choice(["2025", "2026"]))
    match step % 6:
        case 0:
            return list(corrected(file, chosen.date, USD=f"1.{random.randrange(1000, 9999)}"))
        case 1:
            return [one for one in file if one is not chosen]
        case 2:
            delete(table, key)
        case 3:
            change(table, key, document={"B": b"damaged"})
        case 4:
            delete(table, "latest")
        case 5:
            older = items(table)[f"revision#{random.choice(store.revisions())}"]
            table.put_item(TableName=TABLE, Item={**older, "pk": {"S": "latest"}})
    return file


@pytest.mark.full
@pytest.mark.fault("An auditor asks for an old revision")
def test_each_revision_gives_its_answers_and_digests_again(store: Store, table: Any, tmp_path: Path) -> None:
    random, clock = Random(22), FakeTime()
    ask = asking(Reader(store, clock.now))
    file, first = HISTORY[:-STEPS], len(HISTORY) - STEPS
    recorded: dict[int, tuple[dict[str, str], list[Publication]]] = {}
    for step in range(STEPS):
        if step:
            file = disturb(step, table, store, file, random)
        file = [*file, HISTORY[first + step]]
        now = datetime.fromisoformat(file[-1].date).replace(hour=17, tzinfo=UTC)
        publish(store, file, now)
        clock.seconds += TIME_TO_LIVE
        answers = {path: ask(path, now=now + timedelta(hours=step % 24)) for path in [*PATHS, "/status"]}
        revisions = {answer.headers["Revision"] for answer in answers.values()}
        assert revisions == {str(step + 1)} == {str(latest_in(store).revision)}
        recorded[step + 1] = {path: answer.body for path, answer in answers.items()}, file
    again = list(recorded.items())
    random.shuffle(again)
    for revision, (bodies, old_file) in again:
        path = tmp_path / f"{revision}.zip"
        path.write_bytes(zipped(old_file))
        for url in PATHS:
            answer = ask(f"{url}{'&' if '?' in url else '?'}revision={revision}", now=LATER)
            assert (answer.body, answer.headers["Revision"]) == (bodies[url], str(revision))
        status, was = json.loads(ask(f"/status?revision={revision}").body), json.loads(bodies["/status"])
        assert status == {name: value for name, value in was.items() if name not in ABOUT_THE_PRESENT}
        year = random.choice(["2025", "2026"])
        assert audited(path, year) == f"{status['years'][year]['digest']}  -\n"
