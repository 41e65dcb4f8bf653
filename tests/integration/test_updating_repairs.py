"""An update repairs lost and damaged items, and loses no publication and no revision."""

from typing import Any
from unittest.mock import Mock

import pytest

from rates.history import Publication
from rates.source import FeedUnreachableError
from rates.storage.store import Store
from rates.updating.feed import Feed
from rates.updating.plausibility import ImplausibleFeedError
from rates.updating.update import update
from tests.history_files import HISTORY, NEXT, corrected
from tests.integration.dynamodb import change, delete, items
from tests.integration.publishing import (
    NOW,
    URL,
    history_in,
    history_of,
    key_of,
    latest_in,
    publish,
    revision_in,
)
from tests.support import ecb_publications

NEXT_DAY = (*HISTORY, NEXT)
FAILING = Feed(URL, Mock(side_effect=FeedUnreachableError("no answer")))
WITHOUT_2024 = tuple(one for one in HISTORY if not one.date.startswith("2024"))


@pytest.mark.fault("A year document is missing or damaged at an update")
@pytest.mark.parametrize("damage", [None, {"B": b"damaged"}])
@pytest.mark.parametrize("tag", ["tag", ""])
@pytest.mark.parametrize("year", ["2023", "2025"])
def test_a_year_is_repaired(store: Store, table: Any, year: str, tag: str, damage: Any) -> None:
    publish(store, HISTORY, tag=tag)
    before = items(table)
    key = key_of(store, year)
    change(table, key, document=damage) if damage else delete(table, key)
    summary = publish(store, HISTORY, tag=tag)
    assert (summary.years_written, summary.corrections) == ([year], [])
    assert items(table) == before


def test_a_publication_repairs_the_damaged_year_of_the_revision_before(published: Store, table: Any) -> None:
    change(table, key_of(published, "2025"), document={"B": b"damaged"})
    publish(published, NEXT_DAY)
    assert history_in(published) == NEXT_DAY
    assert history_of(published, revision_in(published, 1)) == HISTORY


def test_corrections_of_the_newest_rates_of_a_damaged_year_are_found(published: Store, table: Any) -> None:
    change(table, key_of(published, "2025"), document={"B": b"damaged"})
    summary = publish(published, corrected(HISTORY, "2025-01-02", USD="1.04"))
    assert summary.corrections == [("2025-01-02", "USD", "1.0321", "1.04")]


SMALLER = {
    "without the year": WITHOUT_2024,
    "fewer publications": tuple(one for one in HISTORY if one.date != "2024-12-30"),
    "other first date": tuple(
        one._replace(date="2024-12-31" if one.date == "2024-12-30" else "2025-01-01")
        if one.date in ("2024-12-30", "2024-12-31")
        else one
        for one in HISTORY
    ),
    "earlier last date": tuple(
        one._replace(date="2024-12-29" if one.date == "2024-12-30" else "2024-12-30")
        if one.date in ("2024-12-30", "2024-12-31")
        else one
        for one in HISTORY
    ),
}


@pytest.mark.fault("A year document is lost, and the file lacks publications of that year")
@pytest.mark.parametrize("damage", [None, {"B": b"damaged"}])
@pytest.mark.parametrize("smaller", SMALLER)
def test_a_smaller_history_is_refused_if_a_year_is_lost(
    published: Store, table: Any, smaller: str, damage: Any
) -> None:
    key = key_of(published, "2024")
    change(table, key, document=damage) if damage else delete(table, key)
    problem = "the document of 2024 is lost or damaged; it had 2 publications from 2024-12-30"
    with pytest.raises(ImplausibleFeedError, match=f"^lost publication: {problem}.*2024-12-31"):
        publish(published, SMALLER[smaller])
    publish(published, SMALLER[smaller], force=True)
    assert history_in(published) == SMALLER[smaller]


def test_a_publication_missing_within_a_lost_year_is_found(store: Store, table: Any) -> None:
    """The first and the last date of the year are the same, only the count differs."""
    publish(store, NEXT_DAY)
    delete(table, key_of(store, "2025"))
    problem = "2025 is lost or damaged; it had 3 publications from 2025-01-02, the file has 2"
    with pytest.raises(ImplausibleFeedError, match=problem):
        publish(store, [one for one in NEXT_DAY if one.date != "2025-01-03"])


def test_a_lost_year_with_a_single_publication_may_grow(store: Store, table: Any) -> None:
    publish(store, HISTORY[:-1])
    delete(table, key_of(store, "2025"))
    publish(store, HISTORY)
    assert history_in(store) == HISTORY


def test_a_larger_year_replaces_a_lost_one(published: Store, table: Any) -> None:
    delete(table, key_of(published, "2024"))
    larger = sorted([*HISTORY, Publication("2024-12-27", {"GBP": "0.83", "USD": "1.04"})])
    publish(published, larger)
    assert history_in(published) == tuple(larger)


UNREADABLE: dict[str, dict[str, Any]] = {
    "lost": {},
    "damaged": {"document": {"S": "{"}},
    "another format": {"format": {"N": "3"}},
    "revision is no number": {"revision": {"S": "?"}},
    "no revision": {"revision": None},
}


def spoil(table: Any, key: str, damage: str) -> None:
    """Delete an item, or damage it."""
    change(table, key, **UNREADABLE[damage]) if UNREADABLE[damage] else delete(table, key)


@pytest.mark.fault("The latest item is missing, damaged or of another format at an update")
@pytest.mark.parametrize("damage", UNREADABLE)
def test_an_unreadable_latest_item_is_repaired_without_the_feed(
    published: Store, table: Any, damage: str
) -> None:
    publish(published, NEXT_DAY)
    before = items(table)
    spoil(table, "latest", damage)
    scans: list[str] = []
    table.meta.events.register("before-call.dynamodb.Scan", lambda **_: scans.append("scan"))
    with pytest.raises(FeedUnreachableError):
        update(published, FAILING, NOW)
    assert len(scans) == ("format" not in damage and damage != "damaged")  # the number is enough
    assert items(table) == before


@pytest.mark.fault("An older latest item was put back")
def test_an_older_latest_item_moves_forward_without_the_feed(published: Store, table: Any) -> None:
    older = items(table)["latest"]
    for history in (NEXT_DAY, HISTORY, NEXT_DAY):
        publish(published, history)
    before = items(table)
    table.put_item(TableName="rates-test", Item=older)
    with pytest.raises(FeedUnreachableError):
        update(published, FAILING, NOW)
    assert items(table) == before


@pytest.mark.parametrize("latest", UNREADABLE)
@pytest.mark.parametrize("revision", ["lost", "damaged"])
def test_without_the_newest_revision_the_one_before_is_compared(
    published: Store, table: Any, latest: str, revision: str
) -> None:
    """No revision is replaced, and no number is used again."""
    publish(published, corrected(HISTORY, "2025-01-03", USD="1.03"))
    spoil(table, "latest", latest)
    spoil(table, "revision#2", revision)
    before = items(table)
    summary = publish(published, corrected(HISTORY, "2025-01-03", USD="1.04"))
    assert (summary.restarts, summary.corrections) == (0, [("2025-01-03", "USD", "1.0299", "1.04")])
    is_number_lost = revision == "lost" and latest in ("lost", "revision is no number", "no revision")
    assert latest_in(published).revision == (2 if is_number_lost else 3)
    kept = {key: item for key, item in before.items() if key != "latest"}
    assert items(table) | kept == items(table)


@pytest.mark.usefixtures("judged")
@pytest.mark.parametrize("loss", ["damaged", "lost"])
def test_without_a_latest_item_the_newest_revision_is_compared(store: Store, table: Any, loss: str) -> None:
    publications = [one for one in ecb_publications() if one.date < "2000-03"]
    publish(store, publications)
    spoil(table, "latest", loss)
    with pytest.raises(ImplausibleFeedError, match=r"^lost publication: .* of 1999-06-10\)$"):
        publish(store, [one for one in publications if one.date != "1999-06-10"])
    publish(store, publications)
    assert history_in(store) == tuple(publications)
