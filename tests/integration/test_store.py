"""The store reads what it wrote, in few calls, and publishes only over the revision that was read."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from rates.storage import documents
from rates.storage.documents import YearEntry
from rates.storage.store import ConflictError, Store
from tests.conftest import TABLE
from tests.history_files import HISTORY, NEXT
from tests.integration.dynamodb import before_each_call, change, delete, failing, items, only
from tests.integration.stored_history import BY_YEAR, KEYS, LATEST
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
    assert (store.revision(1), store.revisions()) == (None, [])
    assert store.years(LATEST.years) == {}
    assert store.announced() == 0


@pytest.mark.parametrize("options", [{}, {"consistent": False}, {"consistent": True}])
def test_latest_and_all_years_are_read_in_one_call_each(
    filled: Store, calls: Calls, options: dict[str, bool]
) -> None:
    assert filled.latest(**options) == LATEST
    assert filled.years(LATEST.years, **options) == BY_YEAR
    (get, latest), (batch, years) = calls
    assert (get, batch) == ("GetItem", "BatchGetItem")
    consistent = (latest["ConsistentRead"], years["RequestItems"][TABLE]["ConsistentRead"])
    assert consistent == (options.get("consistent", False),) * 2


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
    written = items(table)
    assert set(written) == {"latest", "revision#1", *KEYS.values()}
    text = documents.encode_latest(LATEST)
    assert written["latest"] == {
        "pk": {"S": "latest"},
        "format": {"N": "2"},
        "revision": {"N": "1"},
        "document": {"S": text},
        "digest": {"S": documents.digest(text.encode())},
    }
    assert written["revision#1"] == {**written["latest"], "pk": {"S": "revision#1"}}
    year = written[KEYS["2025"]]
    assert year.keys() == {"pk", "format", "document"}
    assert year["format"] == {"N": "2"}
    assert documents.unpack(year["document"]["B"], LATEST.years["2025"].digest) == BY_YEAR["2025"]


def test_a_revision_is_read_by_one_consistent_call(filled: Store, calls: Calls) -> None:
    assert filled.revision(1) == LATEST
    assert [(name, params["ConsistentRead"]) for name, params in calls] == [("GetItem", True)]


def test_all_revisions_are_listed_by_number(filled: Store, table: Any, calls: Calls) -> None:
    for revision in range(2, 12):
        filled.publish(LATEST._replace(revision=revision), over_revision=revision - 1)
    table.meta.events.register(
        "provide-client-params.dynamodb.Scan", lambda params, **_: params.update(Limit=5)
    )
    calls.clear()
    assert filled.revisions() == list(range(11, 0, -1))
    assert {(name, params["ConsistentRead"]) for name, params in calls} == {("Scan", True)}
    assert len(calls) > 2


def test_publishing_replaces_the_revision_that_was_read(filled: Store) -> None:
    newer, _ = latest_of((*HISTORY, NEXT), revision=2)
    filled.publish(newer, over_revision=1)
    assert filled.latest() == filled.revision(2) == newer
    assert filled.revision(1) == LATEST


@pytest.mark.fault("Another update published in the meantime")
@pytest.mark.parametrize("over_revision", [None, 2])
def test_publishing_over_another_revision_is_a_conflict(filled: Store, over_revision: int | None) -> None:
    newer, _ = latest_of((*HISTORY, NEXT), revision=3)
    with pytest.raises(ConflictError, match=r"^revision 3 cannot be published: .*ConditionalCheckFailed"):
        filled.publish(newer, over_revision=over_revision)
    with pytest.raises(ConflictError, match=f"^revision {over_revision} is no longer the current one$"):
        filled.put_back(newer, over_revision=over_revision)
    assert (filled.latest(), filled.revision(3)) == (LATEST, None)


def test_a_revision_is_never_replaced(filled: Store, table: Any) -> None:
    change(table, "latest", revision={"N": "0"})  # an older latest item was put back
    before = items(table)
    with pytest.raises(ConflictError):
        filled.publish(LATEST, over_revision=0)
    assert items(table) == before


@pytest.mark.parametrize(
    "reason", ["ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "Other"]
)
def test_only_passing_reasons_of_a_canceled_transaction_are_conflicts(
    filled: Store, table: Any, reason: str
) -> None:
    """Moto has no conflicts of transactions."""
    reasons = {"CancellationReasons": [{"Code": "None"}, {"Code": reason}]}
    canceled = failing("TransactionCanceledException", **reasons)
    before_each_call(table, only("TransactWriteItems", canceled))
    with pytest.raises(ClientError if reason == "Other" else ConflictError):
        filled.publish(LATEST._replace(revision=2), over_revision=1)


def test_a_transaction_in_the_way_of_a_repair_is_a_conflict(filled: Store, table: Any) -> None:
    before_each_call(table, only("PutItem", failing("TransactionConflictException")))
    with pytest.raises(ConflictError):
        filled.put_back(LATEST, over_revision=1)


@pytest.mark.parametrize("read", [1, None])
def test_a_revision_can_be_put_back(filled: Store, table: Any, read: int | None) -> None:
    change(table, "latest", document={"S": "damaged"}) if read else delete(table, "latest")
    filled.put_back(LATEST, over_revision=read)
    assert filled.latest() == LATEST


def test_publishing_over_a_deleted_revision_is_a_conflict(store: Store) -> None:
    with pytest.raises(ConflictError):
        store.publish(LATEST, over_revision=1)
    assert store.latest() is None


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
