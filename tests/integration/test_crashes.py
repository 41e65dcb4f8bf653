"""A killed update leaves one of two whole histories and all revisions, and the next update completes it."""

from typing import Any

import pytest

from rates.serving.reader import TIME_TO_LIVE, Reader
from rates.storage.store import Store
from tests.fake_time import FakeTime
from tests.history_files import HISTORY
from tests.integration.dynamodb import Killed, after_each_call, before_each_call, items
from tests.integration.publishing import NOW, history_in, latest_in
from tests.integration.whole_updates import (
    CORRECTED,
    NEXT_DAY,
    NOTHING,
    Revisions,
    Updater,
    look,
    record_messages,
    restore,
    seen_by,
)

CHANGES = {
    "the first update": (NOTHING, HISTORY),
    "a new publication": (HISTORY, NEXT_DAY),
    "a correction of two years": (HISTORY, CORRECTED),
    "nothing new": (HISTORY, HISTORY),
}


@pytest.mark.fault("A request in the middle of an update")
@pytest.mark.parametrize("change", CHANGES)
def test_readers_see_the_old_or_the_new_history(store: Store, change: str) -> None:
    """A warm and a cold reader are asked before and after each call of the update."""
    old, new = CHANGES[change]
    updater = Updater()
    updater.store_first(old, NOW)
    clock = FakeTime()
    warm = Reader(store, clock.now)
    seen = [seen_by(warm)]

    def ask(**_: Any) -> None:
        clock.seconds += TIME_TO_LIVE
        seen.append(seen_by(Reader(store)))
        assert seen_by(warm) == seen[-1]

    for client in (updater.table, updater.sns):
        before_each_call(client, ask)
        after_each_call(client, ask)
    updater(new, NOW)
    ask()
    assert len(seen) > 10
    turn = seen.index(new)
    assert seen == [old] * turn + [new] * (len(seen) - turn)


@pytest.mark.fault("An update is killed before or after any of its calls")
@pytest.mark.parametrize("moment", [before_each_call, after_each_call], ids=["before", "after"])
@pytest.mark.parametrize("change", CHANGES)
def test_the_next_update_completes_a_killed_one(store: Store, change: str, moment: Any) -> None:
    """No revision that was ever seen changes or loses a document."""
    old, new = CHANGES[change]
    killed, healthy = Updater(), Updater()
    healthy.store_first(old, NOW)
    stored = items(killed.table)
    calls_left: list[int] = []

    def count_down(**_: Any) -> None:
        if calls_left:
            calls_left[0] -= 1
            if calls_left[0] < 0:
                calls_left.clear()
                raise Killed

    moment(killed.table, count_down)
    moment(killed.sns, count_down)
    messages: list[int] = []
    record_messages(killed, messages)
    record_messages(healthy, messages)
    is_killed = True
    call = 0
    while is_killed:
        restore(killed.table, stored)
        seen: Revisions = {}
        look(store, seen)
        messages.clear()
        calls_left[:] = [call]
        try:
            killed(new, NOW)
            is_killed = False
        except Killed:
            assert seen_by(Reader(store)) in (old, new)
        look(store, seen)
        healthy(new, NOW)
        assert history_in(store) == new
        revision = latest_in(store).revision
        assert store.announced() == revision
        assert set(messages) == ({revision} if old != new else set())
        assert len(messages) <= 2  # two if it was killed between the message and the item `announced`
        look(store, seen)
        assert revision == len(seen) == (1 if old in (new, NOTHING) else 2)
        call += 1
    assert 4 < call < 25
