"""Two updates at once, in any order of their calls, give one result."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count
from typing import Any

import pytest

from rates.serving.reader import Reader
from rates.storage.store import Store
from rates.updating.update import update
from tests.history_files import HISTORY, NEXT, corrected
from tests.integration.dynamodb import items
from tests.integration.publishing import NOW, feed_of, history_in, latest_in
from tests.integration.stepping import Stepped
from tests.integration.whole_updates import (
    CORRECTED,
    NEXT_DAY,
    NOTHING,
    Publications,
    Revisions,
    Updater,
    look,
    record_messages,
    restore,
    seen_by,
)

CORRECTED_NEXT_DAY = corrected(NEXT_DAY, "2025-01-03", USD="1.03")
CORRECTED_FIRST = corrected(HISTORY, "2023-12-29", USD="1.106")
CORRECTED_LAST = corrected(HISTORY, "2025-01-03", USD="1.03")


@dataclasses.dataclass(frozen=True)
class Race:
    """The stored history, and the files that two updates read at once."""

    old: Publications
    files: tuple[Publications, Publications]


RACES = {
    "the same new publication": Race(HISTORY, (NEXT_DAY, NEXT_DAY)),
    "corrections of different years": Race(HISTORY, (CORRECTED_FIRST, CORRECTED_LAST)),
    "a new publication, with a correction and without": Race(HISTORY, (CORRECTED_NEXT_DAY, NEXT_DAY)),
    "the same first history": Race(NOTHING, (HISTORY, HISTORY)),
    "a correction and none": Race(HISTORY, (CORRECTED, HISTORY)),
}
QUICK = ("corrections of different years",)


def in_any_order(
    client: Any, one: Stepped, other: Stepped, runs: Sequence[Callable[[], object]]
) -> Iterator[str]:
    """Run two updates in each order: one makes some calls, the other some, then one ends, then the other.

    Restores the table before each order. Yields when it changes from one update to the other, and at its end.
    """
    stored = items(client)
    for head_start in count(1):
        for interruption in count(1):
            restore(client, stored)
            yield "begin"
            one.start(runs[0])
            other.start(runs[1])
            for _ in range(head_start):
                one.step()
            for _ in range(interruption):
                other.step()
            were_done = one.is_done, other.is_done
            yield "both run"
            one.finish()
            yield "one is done"
            other.finish()
            yield "end"
            if were_done[1]:
                break
        if were_done[0]:
            break
    assert head_start > 2


@pytest.mark.fault("Two updates at once")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.full]) for name in RACES]
)
def test_two_updates_in_any_order_give_one_result(store: Store, table: Any, name: str) -> None:
    race = RACES[name]
    updaters = [Updater(), Updater()]
    feeds = [feed_of(publications, f"tag of {n}") for n, publications in enumerate(race.files)]
    updaters[0].store_first(race.old, NOW)
    runs = [partial(update, updater.store, feed, NOW) for updater, feed in zip(updaters, feeds, strict=True)]
    one, other = (Stepped(updater.table) for updater in updaters)
    for moment in in_any_order(table, one, other, runs):
        if moment == "begin":
            seen: Revisions = {}
        else:
            assert seen_by(Reader(store)) in (race.old, *race.files)
        look(store, seen)
        if moment == "end":
            assert history_in(store) in race.files
            assert max(seen) == len(seen)


@pytest.mark.full
def test_two_updates_in_any_order_announce_the_last_revision(store: Store, table: Any) -> None:
    """Both publish and announce. The item `announced` never goes back."""
    files = (CORRECTED_FIRST, (*CORRECTED_FIRST, NEXT))
    updaters = [Updater(), Updater()]
    updaters[0].store_first(HISTORY, NOW)
    messages: list[int] = []
    for updater in updaters:
        record_messages(updater, messages)
    one, other = (Stepped(updater.table, updater.sns) for updater in updaters)
    runs = [partial(updater, file, NOW) for updater, file in zip(updaters, files, strict=True)]
    for moment in in_any_order(table, one, other, runs):
        if moment == "begin":
            messages.clear()
            announced = 1
        assert announced <= store.announced()
        announced = store.announced()
        if moment == "end":
            revision = latest_in(store).revision
            assert announced == revision == max(messages)
            assert set(range(2, revision + 1)) >= set(messages)
