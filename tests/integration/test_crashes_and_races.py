"""Updates that are killed anywhere, and two at once: readers see one history whole, and the next update ends
where it should."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import boto3
import pytest

from rates.history import Publication
from rates.serving.errors import HttpError
from rates.serving.reader import TIME_TO_LIVE, Reader, Snapshot
from rates.storage.store import Store, year_key
from rates.updating.update import Fetch, Summary, update
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
# Real time, as documents are dated by it.
NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=2)

CHANGES = {
    "the first update": (NOTHING, HISTORY),
    "a new publication": (HISTORY, NEXT_DAY),
    "a correction of two years": (HISTORY, CORRECTED),
    "nothing new": (HISTORY, HISTORY),
}


class Killed(BaseException):
    """The function's end, as if its power were cut: nothing can catch it."""


@pytest.fixture
def bystander(store: Store) -> Store:  # noqa: ARG001 (the table must be there)
    """The same table through a client of its own."""
    return Store(boto3.client("dynamodb"), TABLE)


def whole_history(history: Snapshot) -> Publications:
    years = history.years("", "9999")
    publications = tuple(known for year in years for known in year.publications())
    assert publications[-1] == history.latest.publication
    return publications


def seen_by(reader: Reader) -> Publications:
    """What a reader answers with: a whole history, or nothing before there is any."""
    try:
        return reader.answer(whole_history)
    except HttpError as refusal:
        if refusal.message != "no data yet":
            raise AssertionError(reader.trouble) from refusal
        return NOTHING


def restore(client: Any, stored: dict[str, Item]) -> None:
    """Have the table hold that and nothing else."""
    for key in items(client):
        client.delete_item(TableName=TABLE, Key={"pk": {"S": key}})
    for item in stored.values():
        client.put_item(TableName=TABLE, Item=item)


def store_first(store: Store, publications: Publications) -> None:
    if publications:
        update(store, feed_of(publications, "old"), NOW)


def current_and_staying(store: Store) -> tuple[set[str], set[str]]:
    """The keys of the documents that are current, and of those that are there to stay."""
    latest = store.latest(consistent=True)
    assert latest
    current = {year_key(year, entry.digest) for year, entry in latest.years.items()}
    return current, {key for key, known in store.stored_years().items() if known.expires_at is None}


def assert_tidy(store: Store) -> None:
    """Just the documents that are current are there to stay."""
    current, staying = current_and_staying(store)
    assert staying == current


@pytest.mark.parametrize("change", CHANGES)
def test_readers_see_the_old_history_or_the_new_at_every_moment_of_an_update(
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


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("change", CHANGES)
def test_an_update_that_is_killed_at_any_call_is_made_good_by_the_next(
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
        # Whatever the killed one left goes an hour later, though the feed says that nothing changed.
        update(bystander, feed_of(new, "new"), LATER)
        assert_tidy(bystander)
        assert history_in(bystander) == new
    assert 2 <= call < 20


@dataclasses.dataclass(frozen=True)
class Race:
    """What two updates that run at once find at the feed, and what may be stored in the end."""

    old: Publications
    feeds: tuple[Publications, Publications]

    def fetches(self) -> Sequence[Fetch]:
        """Their feeds."""
        return [feed_of(publications, f"tag of {number}") for number, publications in enumerate(self.feeds)]


RACES = {
    "the same new publication": Race(HISTORY, (NEXT_DAY, NEXT_DAY)),
    "corrections of different years": Race(HISTORY, (CORRECTED_FIRST, CORRECTED_LAST)),
    "a new publication, with a correction and without": Race(HISTORY, (CORRECTED_NEXT_DAY, NEXT_DAY)),
    "the same first history": Race(NOTHING, (HISTORY, HISTORY)),
    "a correction and none": Race(HISTORY, (CORRECTED, HISTORY)),
}
QUICK = ("corrections of different years", "a correction and none")


@pytest.mark.parametrize(
    "race", [pytest.param(race, marks=[] if race in QUICK else [pytest.mark.full]) for race in RACES]
)
def test_two_updates_at_once_in_any_order_give_one_result(
    store: Store, table: Any, bystander: Store, race: str
) -> None:
    """One runs some calls, the other some, and both run on, for every number of calls."""
    known = RACES[race]
    store_first(store, known.old)
    stored = items(table)
    clients = [boto3.client("dynamodb") for _ in known.feeds]
    one, other = (Stepped(client) for client in clients)
    runs: list[Callable[[], Summary]] = [
        lambda client=client, fetch=fetch: update(Store(client, TABLE), fetch, NOW)  # type: ignore[misc]
        for client, fetch in zip(clients, known.fetches(), strict=True)
    ]
    possible = (known.old, *known.feeds)
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
            assert history_in(bystander) in known.feeds
            current, staying = current_and_staying(bystander)
            assert current <= staying
            if were_done[1]:
                break
        update(bystander, known.fetches()[0], LATER)
        assert_tidy(bystander)
        if were_done[0]:
            break
    assert head_start > 3
