"""The store reads what it wrote, in few calls, and publishes only over the revision that was read."""

from __future__ import annotations

import time
from typing import Any

import pytest

from rates.storage import documents
from rates.storage.documents import YearEntry
from rates.storage.store import ConflictError, Store
from tests.conftest import TABLE
from tests.history_files import HISTORY, NEXT
from tests.integration.dynamodb import change, delete, items
from tests.integration.stored_history import BY_YEAR, KEYS, LATEST, stored_year
from tests.support import latest_of

Calls = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def calls(table: Any) -> Calls:
    """Record the calls to DynamoDB with their parameters."""
    seen: Calls = []
    table.meta.events.register(
        "provide-client-params.dynamodb", lambda params, model, **_: seen.append((model.name, params))
    )
    return seen


def test_an_empty_table_has_no_history(store: Store) -> None:
    assert store.latest() is None
    assert store.stored_years() == []
    assert store.years(LATEST.years) == {}
    assert store.announced() == 0


@pytest.mark.parametrize("consistent", [True, False])
def test_latest_is_read_in_one_call(filled: Store, calls: Calls, consistent: bool) -> None:
    assert filled.latest(consistent=consistent) == LATEST
    assert [(name, params["ConsistentRead"]) for name, params in calls] == [("GetItem", consistent)]


@pytest.mark.parametrize("consistent", [True, False])
def test_all_years_are_read_in_one_call(filled: Store, calls: Calls, consistent: bool) -> None:
    assert filled.years(LATEST.years, consistent=consistent) == BY_YEAR
    ((name, params),) = calls
    assert name == "BatchGetItem"
    assert params["RequestItems"][TABLE]["ConsistentRead"] is consistent


def test_reads_are_eventually_consistent_by_default(filled: Store, calls: Calls) -> None:
    filled.latest()
    filled.years(LATEST.years)
    assert calls[0][1]["ConsistentRead"] is False
    assert calls[1][1]["RequestItems"][TABLE]["ConsistentRead"] is False


def test_no_years_need_no_call(filled: Store, calls: Calls) -> None:
    assert filled.years({}) == {}
    assert calls == []


def test_a_missing_year_is_left_out(filled: Store, table: Any) -> None:
    delete(table, KEYS["2024"])
    assert filled.years(LATEST.years) == {year: BY_YEAR[year] for year in ("2023", "2025")}


@pytest.mark.fault("More than 100 years (from 2099 on)")
@pytest.mark.parametrize(("count", "batches"), [(100, [100]), (101, [100, 1]), (201, [100, 100, 1])])
def test_years_are_read_in_batches_of_100(store: Store, calls: Calls, count: int, batches: list[int]) -> None:
    text = documents.encode_year(BY_YEAR["2025"])
    digest = documents.digest(text)
    names = [str(1999 + number) for number in range(count)]
    for name in (names[0], names[-1]):
        store.put_year(name, digest, text)
    calls.clear()
    entries = {name: YearEntry(digest, "", "", 2) for name in names}
    assert store.years(entries).keys() == {names[0], names[-1]}
    assert [len(params["RequestItems"][TABLE]["Keys"]) for _, params in calls] == batches


@pytest.mark.usefixtures("filled")
def test_items_have_the_documented_attributes(table: Any) -> None:
    before = time.time_ns() // 1000 - 60_000_000
    written = items(table)
    assert set(written) == {"latest", *KEYS.values()}
    text = documents.encode_latest(LATEST)
    assert written["latest"] == {
        "pk": {"S": "latest"},
        "format": {"N": "2"},
        "revision": {"N": "1"},
        "document": {"S": text},
        "digest": {"S": documents.digest(text.encode())},
    }
    year = written[KEYS["2025"]]
    assert year.keys() == {"pk", "format", "written_at", "document"}
    assert year["format"] == {"N": "2"}
    assert before < int(year["written_at"]["N"]) <= time.time_ns() // 1000
    assert documents.unpack(year["document"]["B"], LATEST.years["2025"].digest) == BY_YEAR["2025"]


def test_stored_years_are_listed_without_their_content(filled: Store, table: Any, calls: Calls) -> None:
    change(table, KEYS["2024"], written_at={"N": "5"}, expires_at={"N": "99"}, format={"N": "1"})
    calls.clear()
    found = filled.stored_years()
    ((name, params),) = calls
    assert name == "Scan"
    assert params["ConsistentRead"] is True
    assert params["ProjectionExpression"] == "pk, #format, written_at, expires_at"
    assert len(found) == len(KEYS)
    changed = stored_year(filled, "2024")
    assert changed == ("2024", LATEST.years["2024"].digest, 1, 5, 99)
    assert stored_year(filled, "2025").expires_at is None
    assert stored_year(filled, "2025").format == 2


def test_stored_years_of_several_pages_are_all_listed(filled: Store, table: Any) -> None:
    pages: list[str] = []

    def limit(params: dict[str, Any], **_: Any) -> None:
        params["Limit"] = 1
        pages.append("page")

    table.meta.events.register("provide-client-params.dynamodb.Scan", limit)
    assert {one.year for one in filled.stored_years()} == KEYS.keys()
    assert len(pages) >= 4


@pytest.mark.parametrize("written_at", [None, {"S": "yesterday"}, {"N": "1.5"}])
def test_a_year_without_a_valid_time_is_the_oldest(filled: Store, table: Any, written_at: Any) -> None:
    change(table, KEYS["2024"], written_at=written_at)
    assert stored_year(filled, "2024").written_at == 0


def test_publishing_replaces_the_revision_that_was_read(filled: Store) -> None:
    newer, _ = latest_of((*HISTORY, NEXT), revision=2)
    filled.publish(newer, over_revision=1)
    assert filled.latest() == newer


@pytest.mark.fault("Another update published in the meantime")
@pytest.mark.parametrize("over_revision", [None, 2])
def test_publishing_over_another_revision_is_a_conflict(filled: Store, over_revision: int | None) -> None:
    newer, _ = latest_of((*HISTORY, NEXT), revision=3)
    with pytest.raises(ConflictError, match=f"^revision {over_revision} is no longer the current one$"):
        filled.publish(newer, over_revision=over_revision)
    assert filled.latest() == LATEST


def test_publishing_over_a_deleted_revision_is_a_conflict(store: Store) -> None:
    with pytest.raises(ConflictError):
        store.publish(LATEST, over_revision=1)
    assert store.latest() is None


def test_a_document_expires_at_the_given_time(filled: Store) -> None:
    stored = stored_year(filled, "2024")
    filled.expire(stored, 1234)
    assert stored_year(filled, "2024") == stored._replace(expires_at=1234)


def test_a_document_rewritten_since_does_not_expire(filled: Store, table: Any) -> None:
    seen = stored_year(filled, "2024")
    change(table, KEYS["2024"], written_at={"N": "1"})
    filled.expire(seen, 1234)
    assert stored_year(filled, "2024").expires_at is None


def test_rewriting_a_document_clears_its_expiry(filled: Store) -> None:
    stored = stored_year(filled, "2024")
    filled.expire(stored, 1234)
    filled.put_year("2024", stored.digest, documents.encode_year(BY_YEAR["2024"]))
    assert stored_year(filled, "2024").expires_at is None


def test_the_announced_revision_only_rises(store: Store) -> None:
    for revision, announced in ((7, 7), (6, 7), (7, 7), (8, 8)):
        store.put_announced(revision)
        assert store.announced() == announced


@pytest.mark.parametrize("damage", [None, {"S": "7"}])
def test_a_damaged_announced_revision_is_replaced(store: Store, table: Any, damage: Any) -> None:
    store.put_announced(7)
    change(table, "announced", revision=damage)
    assert store.announced() == 0
    store.put_announced(2)
    assert store.announced() == 2
