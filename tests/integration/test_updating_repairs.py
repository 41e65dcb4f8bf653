"""An update repairs lost and damaged items, rewrites older formats, and loses no publication."""

from __future__ import annotations

from typing import Any

import pytest

from rates.history import Publication
from rates.storage import documents
from rates.storage.documents import UnreadableDocumentError
from rates.storage.store import Store
from rates.updating.plausibility import ImplausibleFeedError
from tests.history_files import HISTORY, NEXT, corrected
from tests.integration.dynamodb import change, delete, items
from tests.integration.publishing import NOW, history_in, key_of, latest_in, publish
from tests.support import ecb_publications

NEXT_DAY = (*HISTORY, NEXT)
WITHOUT_2024 = tuple(one for one in HISTORY if not one.date.startswith("2024"))


@pytest.fixture
def filled(store: Store) -> Store:
    """Return the store with the history, published with a tag."""
    publish(store, HISTORY, tag="tag")
    return store


@pytest.mark.fault("A year document is missing at an update")
@pytest.mark.parametrize("tag", ["tag", ""])
@pytest.mark.parametrize("year", ["2023", "2025"])
def test_a_lost_year_is_written_again(store: Store, table: Any, year: str, tag: str) -> None:
    publish(store, HISTORY, tag=tag)
    delete(table, key_of(store, year))
    assert publish(store, HISTORY, tag=tag).years_written == [year]
    assert history_in(store) == HISTORY


def test_a_current_year_with_an_expiry_is_written_again(filled: Store, table: Any) -> None:
    key = key_of(filled, "2024")
    change(table, key, expires_at={"N": "1"})
    assert publish(filled, HISTORY, tag="tag").years_written == ["2024"]
    assert "expires_at" not in items(table)[key]


@pytest.mark.fault("A year document is damaged at an update")
def test_force_repairs_a_damaged_year(filled: Store, table: Any) -> None:
    change(table, key_of(filled, "2024"), document={"B": b"damaged"})
    assert publish(filled, HISTORY, tag="tag").years_written == []
    summary = publish(filled, HISTORY, tag="tag", force=True)
    assert summary.years_written == ["2024"]
    assert summary.corrections == []
    assert history_in(filled) == HISTORY


def test_a_change_repairs_a_damaged_year(filled: Store, table: Any) -> None:
    change(table, key_of(filled, "2025"), document={"B": b"damaged"})
    publish(filled, NEXT_DAY)
    assert history_in(filled) == NEXT_DAY


def test_corrections_of_the_newest_rates_of_a_damaged_year_are_found(filled: Store, table: Any) -> None:
    change(table, key_of(filled, "2025"), document={"B": b"damaged"})
    summary = publish(filled, corrected(HISTORY, "2025-01-02", USD="1.04"))
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
    filled: Store, table: Any, smaller: str, damage: Any
) -> None:
    key = key_of(filled, "2024")
    change(table, key, document=damage) if damage else delete(table, key)
    problem = "the document of 2024 is lost or damaged; it had 2 publications from 2024-12-30"
    with pytest.raises(ImplausibleFeedError, match=f"^lost publication: {problem}.*2024-12-31"):
        publish(filled, SMALLER[smaller])
    publish(filled, SMALLER[smaller], force=True)
    assert history_in(filled) == SMALLER[smaller]


def test_a_publication_missing_within_a_lost_year_is_found(store: Store, table: Any) -> None:
    """The first and the last date of the year are the same, only the count differs."""
    publish(store, NEXT_DAY)
    delete(table, key_of(store, "2025"))
    with pytest.raises(ImplausibleFeedError, match="2025 is lost or damaged; it had 3 publications"):
        publish(store, [one for one in NEXT_DAY if one.date != "2025-01-03"])


def test_a_larger_year_replaces_a_lost_one(filled: Store, table: Any) -> None:
    delete(table, key_of(filled, "2024"))
    larger = sorted([*HISTORY, Publication("2024-12-27", {"GBP": "0.83", "USD": "1.04"})])
    publish(filled, larger)
    assert history_in(filled) == tuple(larger)


UNREADABLE: dict[str, dict[str, Any]] = {
    "damaged": {"document": {"S": "{"}},
    "another format": {"format": {"N": "3"}},
    "revision is no number": {"revision": {"S": "?"}},
    "no revision": {"revision": None},
}


@pytest.mark.fault("The latest item is missing, damaged or of another format at an update")
@pytest.mark.parametrize("damage", UNREADABLE)
def test_an_unreadable_latest_item_is_replaced(filled: Store, table: Any, damage: str) -> None:
    change(table, "latest", **UNREADABLE[damage])
    with pytest.raises(UnreadableDocumentError):
        filled.latest()
    summary = publish(filled, NEXT_DAY, tag="tag")
    assert (summary.restarts, summary.corrections) == (0, [])
    assert history_in(filled) == NEXT_DAY
    assert latest_in(filled).revision == (1 if "revision" in damage else 2)


def test_a_missing_latest_item_is_replaced(filled: Store, table: Any) -> None:
    delete(table, "latest")
    publish(filled, HISTORY, tag="tag")
    assert history_in(filled) == HISTORY


@pytest.mark.usefixtures("judged")
@pytest.mark.parametrize("loss", ["damaged", "missing"])
def test_without_a_latest_item_the_sound_documents_are_compared(store: Store, table: Any, loss: str) -> None:
    publications = [one for one in ecb_publications() if one.date < "2000-03"]
    publish(store, publications)
    change(table, "latest", digest=None) if loss == "damaged" else delete(table, "latest")
    with pytest.raises(ImplausibleFeedError, match=r"^lost publication: .* of 1999-06-10\)$"):
        publish(store, [one for one in publications if one.date != "1999-06-10"])
    publish(store, publications)
    assert history_in(store) == tuple(publications)


def test_without_a_latest_item_the_newest_document_of_each_year_counts(filled: Store, table: Any) -> None:
    publish(filled, corrected(HISTORY, "2025-01-03", USD="1.03"))
    old = next(one for one in filled.stored_years() if one.expires_at)
    change(table, f"year#2025#{old.digest}", written_at={"N": "1"})
    delete(table, "latest")
    summary = publish(filled, HISTORY)
    assert summary.corrections == [("2025-01-03", "USD", "1.03", "1.0299")]


@pytest.mark.fault("Documents of an earlier format")
def test_an_update_rewrites_an_earlier_format(filled: Store, table: Any) -> None:
    """The stack's table as the previous version left it, with a feed that says `not modified`."""
    before = latest_in(filled)
    years = {year: entry._replace(digest=entry.digest[:16]) for year, entry in before.years.items()}
    old = documents.encode_latest(before._replace(years=years))
    digest = documents.digest(old.encode())[:16]
    for year, entry in before.years.items():
        item = items(table)[f"year#{year}#{entry.digest}"]
        key = {"pk": {"S": f"year#{year}#{entry.digest[:16]}"}}
        table.put_item(TableName="rates-test", Item={**item, **key, "format": {"N": "1"}})
        delete(table, f"year#{year}#{entry.digest}")
    change(table, "latest", format={"N": "1"}, document={"S": old}, digest={"S": digest})
    assert history_in(filled) == HISTORY
    summary = publish(filled, HISTORY, tag="tag")
    assert (summary.years_written, summary.corrections) == (["2023", "2024", "2025"], [])
    after = latest_in(filled)
    assert (after.format, after.revision, after.years) == (2, 2, before.years)
    assert after.changes.years == ()  # only the encoding changed
    assert history_in(filled) == HISTORY
    assert sum(one.expires_at is not None for one in filled.stored_years()) == 3
    assert publish(filled, HISTORY, tag="tag").years_written == []


def test_documents_of_an_earlier_format_are_rewritten_in_place(filled: Store, table: Any) -> None:
    """A later format may leave the texts of the years as they are."""
    for key in items(table):
        change(table, key, format={"N": "1"})
    assert publish(filled, HISTORY, tag="tag").years_written == ["2023", "2024", "2025"]
    assert {item["format"]["N"] for item in items(table).values()} == {"2"}
    assert {one.expires_at for one in filled.stored_years()} == {None}


def test_one_document_of_an_earlier_format_is_rewritten(filled: Store, table: Any) -> None:
    change(table, key_of(filled, "2024"), format={"N": "1"})
    assert publish(filled, HISTORY, NOW, tag="tag").years_written == ["2024"]
    assert latest_in(filled).revision == 1
