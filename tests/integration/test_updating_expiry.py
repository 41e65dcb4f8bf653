"""An update lets superseded and abandoned documents expire, and no others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from rates.history import year_from
from rates.storage.documents import digest, encode_year
from rates.storage.store import Store
from tests.history_files import HISTORY, NEXT, corrected
from tests.integration.dynamodb import change, items
from tests.integration.publishing import NOW, history_in, key_of, publish

NEXT_DAY = (*HISTORY, NEXT)
DAY_SECONDS = 86_400


@pytest.fixture
def filled(store: Store) -> Store:
    """Return the store with the history, published with a tag."""
    publish(store, HISTORY, tag="tag")
    return store


def expiries(table: Any) -> dict[str, int]:
    """Return the times of all items that expire, by key."""
    expiring = ((key, item.get("expires_at")) for key, item in items(table).items())
    return {key: int(expires_at["N"]) for key, expires_at in expiring if expires_at}


def age(table: Any, key: str, seconds: float) -> None:
    """Set the age of a document at NOW."""
    change(table, key, written_at={"N": str(int((NOW.timestamp() - seconds) * 1_000_000))})


@pytest.mark.fault("A reader with the history of a moment ago")
def test_superseded_documents_expire_after_a_day(filled: Store, table: Any) -> None:
    old = key_of(filled, "2025")
    publish(filled, NEXT_DAY)
    assert expiries(table) == {old: NOW.timestamp() + DAY_SECONDS}


@pytest.mark.fault("A correction is reverted")
def test_a_reverted_correction_clears_the_expiry(filled: Store, table: Any) -> None:
    old = key_of(filled, "2025")
    publish(filled, corrected(HISTORY, "2025-01-03", USD="1.03"))
    new = key_of(filled, "2025")
    publish(filled, HISTORY)
    assert key_of(filled, "2025") == old
    assert expiries(table).keys() == {new}


@pytest.mark.fault("A killed update leaves documents")
@pytest.mark.parametrize("tag", ["tag", "another"])
@pytest.mark.parametrize(("seconds", "expires"), [(3601, True), (3600, False), (60, False)])
def test_abandoned_documents_expire_after_an_hour(
    filled: Store, table: Any, tag: str, seconds: int, expires: bool
) -> None:
    """A younger one may belong to an update that runs now."""
    text = encode_year(year_from([*HISTORY[4:], NEXT]))
    filled.put_year("2025", digest(text), text)
    abandoned = f"year#2025#{digest(text)}"
    age(table, abandoned, seconds)
    publish(filled, HISTORY, tag=tag)
    assert expiries(table) == ({abandoned: NOW.timestamp() + DAY_SECONDS} if expires else {})
    assert history_in(filled) == HISTORY


def test_an_expiry_is_not_postponed(filled: Store, table: Any) -> None:
    old = key_of(filled, "2025")
    publish(filled, NEXT_DAY)
    age(table, old, 7200)
    publish(filled, NEXT_DAY, NOW + timedelta(days=1))
    assert expiries(table) == {old: NOW.timestamp() + DAY_SECONDS}


def test_other_items_are_left_alone(filled: Store, table: Any) -> None:
    foreign = {"pk": {"S": "foreign"}, "written_at": {"N": "1"}}
    table.put_item(TableName="rates-test", Item=foreign)
    filled.put_announced(1)
    publish(filled, NEXT_DAY)
    assert items(table)["foreign"] == foreign
    assert expiries(table).keys().isdisjoint({"foreign", "announced"})
