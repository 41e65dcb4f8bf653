"""Killed and concurrent updates: readers see one complete history, and the next update repairs the rest."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import boto3
import pytest

from rates.history import Publication
from rates.serving.reader import TIME_TO_LIVE, HistoryUnavailableError, Reader, Snapshot
from rates.storage.store import Store
from rates.updating.feed import Feed
from rates.updating.update import Summary, update
from tests.conftest import TABLE
from tests.fake_time import FakeTime
from tests.history_files import HISTORY, NEXT, corrected
from tests.integration.dynamodb import Item, after_each_call, before_each_call, items
from tests.integration.publishing import feed_of, history_in
from tests.integration.stepping import Stepped

Publications = tuple[Publication, ...]

NOTHING: Publications = ()
NEXT_DAY = (*HISTORY, NEXT)
CORRECTED = corrected(corrected(HISTORY, "2023-12-29", USD="1.106"), "2025-01-03", USD="1.03")
CORRECTED_NEXT_DAY = corrected(NEXT_DAY, "2025-01-03", USD="1.03")
CORRECTED_FIRST = corrected(HISTORY, "2023-12-29", USD="1.106")
CORRECTED_LAST = corrected(HISTORY, "2025-01-03", USD="1.03")
# The real time, because the store dates documents by it.
NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=2)

CHANGES = {
    "the first update": (NOTHING, HISTORY),
    "a new publication": (HISTORY, NEXT_DAY),
    "a correction of two years": (HISTORY, CORRECTED),
    "nothing new": (HISTORY, HISTORY),
}


class Killed(BaseException):
    """Ends the function as a power cut does: no code catches it."""


@pytest.fixture
def bystander(store: Store) -> Store:  # noqa: ARG001 (the table must be there)
    """Return the store with a client of its own, which the tests do not disturb."""
    return Store(boto3.client("dynamodb"), TABLE)


def whole_history(snapshot: Snapshot) -> Publications:
    publications = tuple(one for year in snapshot.years("", "9999") for one in year.publications())
    assert publications[-1] == snapshot.latest.publication
    return publications


def seen_by(reader: Reader) -> Publications:
    """Return the whole history of a reader, NOTHING before the first publishing."""
    try:
        return reader.read(whole_history)[0]
    except HistoryUnavailableError as error:
        if error.report.trouble:
            raise
        return NOTHING


def restore(client: Any, stored: dict[str, Item]) -> None:
    """Replace everything in the table."""
    for key in items(client):
        client.delete_item(TableName=TABLE, Key={"pk": {"S": key}})
    for item in stored.values():
        client.put_item(TableName=TABLE, Item=item)


def store_first(store: Store, publications: Publications) -> None:
    if publications:
        update(store, feed_of(publications, "old"), NOW)


def current_and_staying(store: Store) -> tuple[set[str], set[str]]:
    """Return the digests of the current documents, and of those that do not expire."""
    latest = store.latest(consistent=True)
    assert latest
    staying = {one.digest for one in store.stored_years() if one.expires_at is None}
    return {entry.digest for entry in latest.years.values()}, staying


def assert_tidy(store: Store) -> None:
    """Assert that exactly the current documents do not expire."""
    current, staying = current_and_staying(store)
    assert staying == current


@pytest.mark.fault("A request in the middle of an update")
@pytest.mark.parametrize("change", CHANGES)
def test_readers_never_see_a_mix_during_an_update(
    store: Store, table: Any, bystander: Store, change: str
) -> None:
    old, new = CHANGES[change]
    store_first(store, old)
    clock = FakeTime()
    warm = Reader(bystander, clock.now)
    seen = [seen_by(warm)]

    def look(**_: Any) -> None:
        clock.seconds += TIME_TO_LIVE
        seen.append(seen_by(Reader(bystander)))
        assert seen_by(warm) == seen[-1]

    before_each_call(table, look)
    after_each_call(table, look)
    update(store, feed_of(new, "new"), NOW)
    look()
    assert len(seen) > 4
    turn = seen.index(new)
    assert seen == [old] * turn + [new] * (len(seen) - turn)


@pytest.mark.fault("An update is killed before or after any of its calls")
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("change", CHANGES)
def test_the_next_update_repairs_what_a_killed_one_left(
    store: Store, table: Any, bystander: Store, change: str, moment: str
) -> None:
    old, new = CHANGES[change]
    store_first(store, old)
    stored = items(table)
    calls_left: list[int] = []

    def count_down(**_: Any) -> None:
        if calls_left:
            calls_left[0] -= 1
            if calls_left[0] < 0:
                calls_left.clear()
                raise Killed

    {"before": before_each_call, "after": after_each_call}[moment](table, count_down)
    for call in range(100):
        restore(table, stored)
        calls_left[:] = [call]
        try:
            update(store, feed_of(new, "new"), NOW)
            break
        except Killed:
            assert seen_by(Reader(bystander)) in (old, new)
        update(bystander, feed_of(new, "new"), NOW)
        assert history_in(bystander) == new
        # The leftovers expire an hour later, although the feed is unchanged.
        update(bystander, feed_of(new, "new"), LATER)
        assert_tidy(bystander)
        assert history_in(bystander) == new
    assert 2 <= call < 20


@dataclasses.dataclass(frozen=True)
class Race:
    """Two concurrent updates: the stored history, and the histories that their feeds serve."""

    old: Publications
    served: tuple[Publications, Publications]

    def feeds(self) -> Sequence[Feed]:
        return [feed_of(publications, f"tag of {number}") for number, publications in enumerate(self.served)]


RACES = {
    "the same new publication": Race(HISTORY, (NEXT_DAY, NEXT_DAY)),
    "corrections of different years": Race(HISTORY, (CORRECTED_FIRST, CORRECTED_LAST)),
    "a new publication, with a correction and without": Race(HISTORY, (CORRECTED_NEXT_DAY, NEXT_DAY)),
    "the same first history": Race(NOTHING, (HISTORY, HISTORY)),
    "a correction and none": Race(HISTORY, (CORRECTED, HISTORY)),
}
QUICK = ("corrections of different years", "a correction and none")


@pytest.mark.fault("Two updates at once")
@pytest.mark.parametrize(
    "race", [pytest.param(race, marks=[] if race in QUICK else [pytest.mark.full]) for race in RACES]
)
def test_two_updates_in_any_order_give_one_result(
    store: Store, table: Any, bystander: Store, race: str
) -> None:
    """One update makes some calls, the other some, then both finish: for each pair of numbers."""
    case = RACES[race]
    store_first(store, case.old)
    stored = items(table)
    clients = [boto3.client("dynamodb") for _ in case.served]
    one, other = (Stepped(client) for client in clients)
    runs: list[Callable[[], Summary]] = [
        lambda client=client, feed=feed: update(Store(client, TABLE), feed, NOW)  # type: ignore[misc]
        for client, feed in zip(clients, case.feeds(), strict=True)
    ]
    possible = (case.old, *case.served)
    for head_start in count(1):
        for interruption in count(1):
            restore(table, stored)
            one.start(runs[0])
            other.start(runs[1])
            for _ in range(head_start):
                one.step()
            for _ in range(interruption):
                other.step()
            were_done = one.is_done, other.is_done
            assert seen_by(Reader(bystander)) in possible
            one.finish()
            assert seen_by(Reader(bystander)) in possible
            other.finish()
            assert history_in(bystander) in case.served
            current, staying = current_and_staying(bystander)
            assert current <= staying
            if were_done[1]:
                break
        update(bystander, case.feeds()[0], LATER)
        assert_tidy(bystander)
        if were_done[0]:
            break
    assert head_start > 3
