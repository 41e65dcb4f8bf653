"""The table: what is written can be read, in as few calls as may be, and what is damaged is said to be."""

from __future__ import annotations

import time
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from rates.storage import documents
from rates.storage import store as store_module
from rates.storage.documents import UnreadableDocumentError
from rates.storage.store import ConflictError, Store, StoredYear, UnavailableError, client_config, year_key
from tests.conftest import TABLE
from tests.history_files import HISTORY, NEXT
from tests.integration.dynamodb import before_each_call, change, delete, failing, items
from tests.support import latest_of

LATEST, YEARS = latest_of(HISTORY)
KEYS = {year: year_key(year, entry.digest) for year, entry in LATEST.years.items()}
BY_YEAR = {year: YEARS[entry.digest] for year, entry in LATEST.years.items()}


@pytest.fixture
def calls(table: Any) -> list[tuple[str, dict[str, Any]]]:
    """Every call to DynamoDB from here on, with its parameters."""
    seen: list[tuple[str, dict[str, Any]]] = []
    table.meta.events.register(
        "provide-client-params.dynamodb", lambda params, model, **_: seen.append((model.name, params))
    )
    return seen


@pytest.fixture
def filled(store: Store) -> Store:
    for year, key in KEYS.items():
        store.put_year(key, documents.encode_year(BY_YEAR[year]))
    store.publish(LATEST, over_revision=None)
    return store


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, none of which is waited for."""
    seen: list[float] = []
    monkeypatch.setattr(time, "sleep", seen.append)
    return seen


def test_an_empty_table_has_nothing_that_is_current(store: Store) -> None:
    assert store.latest() is None
    assert store.stored_years() == {}
    assert store.years(LATEST.years) == {}


@pytest.mark.parametrize("consistent", [True, False])
def test_what_was_published_is_current(
    filled: Store, calls: list[tuple[str, dict[str, Any]]], consistent: bool
) -> None:
    assert filled.latest(consistent=consistent) == LATEST
    assert [(name, params["ConsistentRead"]) for name, params in calls] == [("GetItem", consistent)]


@pytest.mark.parametrize("consistent", [True, False])
def test_all_years_are_read_in_one_call(
    filled: Store, calls: list[tuple[str, dict[str, Any]]], consistent: bool
) -> None:
    assert filled.years(LATEST.years, consistent=consistent) == BY_YEAR
    ((name, params),) = calls
    assert name == "BatchGetItem"
    assert params["RequestItems"][TABLE]["ConsistentRead"] is consistent


def test_reads_are_not_consistent_unless_that_is_asked_for(
    filled: Store, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    filled.latest()
    filled.years(LATEST.years)
    assert calls[0][1]["ConsistentRead"] is False
    assert calls[1][1]["RequestItems"][TABLE]["ConsistentRead"] is False


def test_no_years_are_read_without_a_call(filled: Store, calls: list[tuple[str, dict[str, Any]]]) -> None:
    assert filled.years({}) == {}
    assert calls == []


def test_a_year_that_is_not_there_is_left_out(filled: Store, table: Any) -> None:
    delete(table, KEYS["2024"])
    assert filled.years(LATEST.years) == {year: BY_YEAR[year] for year in ("2023", "2025")}


@pytest.mark.usefixtures("filled")
def test_the_items_are_as_they_are_described(table: Any) -> None:
    before = time.time_ns() // 1000 - 60_000_000
    written = items(table)
    assert set(written) == {"latest", *KEYS.values()}
    text = documents.encode_latest(LATEST)
    assert written["latest"] == {
        "pk": {"S": "latest"},
        "format": {"N": "1"},
        "revision": {"N": "1"},
        "document": {"S": text},
        "digest": {"S": documents.digest(text.encode())},
    }
    year = written[KEYS["2025"]]
    assert year.keys() == {"pk", "format", "written_at", "document"}
    assert year["format"] == {"N": "1"}
    assert before < int(year["written_at"]["N"]) <= time.time_ns() // 1000
    assert documents.unpack(year["document"]["B"], LATEST.years["2025"].digest) == BY_YEAR["2025"]


def test_the_documents_are_listed_without_their_content(
    filled: Store, table: Any, calls: list[tuple[str, dict[str, Any]]]
) -> None:
    change(table, KEYS["2024"], written_at={"N": "5"}, expires_at={"N": "99"})
    calls.clear()
    found = filled.stored_years()
    ((name, params),) = calls
    assert name == "Scan"
    assert params["ConsistentRead"] is True
    assert params["ProjectionExpression"] == "pk, written_at, expires_at"
    assert found.keys() == set(KEYS.values())
    assert found[KEYS["2024"]] == StoredYear(KEYS["2024"], 5, 99)
    assert found[KEYS["2025"]].expires_at is None


def test_the_documents_of_a_table_of_many_pages_are_all_listed(filled: Store, table: Any) -> None:
    seen: list[str] = []

    def one_at_a_time(params: dict[str, Any], **_: Any) -> None:
        params["Limit"] = 1
        seen.append("page")

    table.meta.events.register("provide-client-params.dynamodb.Scan", one_at_a_time)
    assert filled.stored_years().keys() == set(KEYS.values())
    assert len(seen) >= 4


@pytest.mark.parametrize("written_at", [None, {"S": "yesterday"}, {"N": "1.5"}])
def test_a_document_without_a_sound_time_is_listed_as_the_oldest(
    filled: Store, table: Any, written_at: Any
) -> None:
    change(table, KEYS["2024"], written_at=written_at)
    assert filled.stored_years()[KEYS["2024"]] == StoredYear(KEYS["2024"], 0, None)


def test_publishing_moves_on_from_the_revision_that_was_read(filled: Store) -> None:
    newer, _ = latest_of((*HISTORY, NEXT), revision=2)
    filled.publish(newer, over_revision=1)
    assert filled.latest() == newer


@pytest.mark.parametrize("over_revision", [None, 2])
def test_publishing_over_another_revision_is_a_conflict(filled: Store, over_revision: int | None) -> None:
    newer, _ = latest_of((*HISTORY, NEXT), revision=3)
    with pytest.raises(ConflictError, match=f"^revision {over_revision} is no longer the current one$"):
        filled.publish(newer, over_revision=over_revision)
    assert filled.latest() == LATEST


def test_publishing_over_a_revision_that_is_gone_is_a_conflict(store: Store) -> None:
    with pytest.raises(ConflictError):
        store.publish(LATEST, over_revision=1)
    assert store.latest() is None


DAMAGED: dict[str, tuple[dict[str, Any], str, int | None]] = {
    "cut": ({"document": {"S": '{"date":"2025'}}, "is not what its digest says", 1),
    "of another kind": ({"document": {"B": b"?"}}, "is not what its digest says", 1),
    "without a document": ({"document": None}, "is not what its digest says", 1),
    "without a digest": ({"digest": None}, "is not what its digest says", 1),
    "of another format": ({"format": {"N": "2"}}, "stored in format 2, this code knows 1", 1),
    "without a format": ({"format": None}, "stored in format 0, this code knows 1", 1),
    "without a revision": ({"revision": None}, "has no revision", None),
    "with a revision that is no number": ({"revision": {"S": "1"}}, "has no revision", None),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_what_is_current_and_damaged_is_said_to_be_and_can_be_replaced(
    filled: Store, table: Any, damage: str
) -> None:
    attributes, problem, revision = DAMAGED[damage]
    change(table, "latest", **attributes)
    with pytest.raises(UnreadableDocumentError, match=problem) as raised:
        filled.latest()
    assert raised.value.revision == revision
    filled.publish(LATEST, over_revision=revision)
    assert filled.latest() == LATEST


@pytest.mark.parametrize("document", [None, {"S": "text"}, {"B": b"not compressed"}])
def test_a_year_that_is_damaged_is_said_to_be(filled: Store, table: Any, document: Any) -> None:
    change(table, KEYS["2024"], document=document)
    with pytest.raises(UnreadableDocumentError):
        filled.years(LATEST.years)


def test_an_item_of_a_year_without_a_document_is_named(filled: Store, table: Any) -> None:
    change(table, KEYS["2024"], document=None)
    with pytest.raises(UnreadableDocumentError, match=r"^the item of 2024 has no document$"):
        filled.years(LATEST.years)


def test_a_document_expires_when_it_is_told_to(filled: Store) -> None:
    stored = filled.stored_years()[KEYS["2024"]]
    filled.expire(stored, 1234)
    assert filled.stored_years()[KEYS["2024"]] == StoredYear(KEYS["2024"], stored.written_at, 1234)


def test_a_document_that_was_written_anew_since_does_not_expire(filled: Store, table: Any) -> None:
    seen = filled.stored_years()[KEYS["2024"]]
    change(table, KEYS["2024"], written_at={"N": "1"})
    filled.expire(seen, 1234)
    assert filled.stored_years()[KEYS["2024"]].expires_at is None


def test_a_document_that_is_put_again_does_not_expire_any_more(filled: Store) -> None:
    filled.expire(filled.stored_years()[KEYS["2024"]], 1234)
    filled.put_year(KEYS["2024"], documents.encode_year(BY_YEAR["2024"]))
    assert filled.stored_years()[KEYS["2024"]].expires_at is None


def test_keys_that_were_left_unprocessed_are_asked_for_again(
    filled: Store, table: Any, pauses: list[float]
) -> None:
    left = {"UnprocessedKeys": {TABLE: {"Keys": [{"pk": {"S": KEYS["2023"]}}], "ConsistentRead": True}}}
    answers = iter([left, left])

    def first_all_but_one(parsed: dict[str, Any], **_: Any) -> None:
        if answer := next(answers, None):
            responses = parsed["Responses"][TABLE]
            parsed["Responses"][TABLE] = [item for item in responses if item["pk"]["S"] != KEYS["2023"]]
            parsed.update(answer)

    asked: list[int] = []
    table.meta.events.register(
        "provide-client-params.dynamodb.BatchGetItem",
        lambda params, **_: asked.append(len(params["RequestItems"][TABLE]["Keys"])),
    )
    table.meta.events.register("after-call.dynamodb.BatchGetItem", first_all_but_one)
    assert filled.years(LATEST.years) == BY_YEAR
    assert asked == [3, 1, 1]
    assert [round(pause, 9) for pause in pauses] == [0, 0.05, 0.15]


def test_keys_that_stay_unprocessed_are_given_up(filled: Store, table: Any, pauses: list[float]) -> None:
    key = {"pk": {"S": KEYS["2023"]}}

    def all_of_them(parsed: dict[str, Any], **_: Any) -> None:
        parsed.update({"Responses": {}, "UnprocessedKeys": {TABLE: {"Keys": [key]}}})

    table.meta.events.register("after-call.dynamodb.BatchGetItem", all_of_them)
    with pytest.raises(UnavailableError, match=r"^DynamoDB left keys unprocessed$"):
        filled.years(LATEST.years)
    assert len(pauses) == store_module.BATCH_TRIES == 4


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "InternalServerError"])
def test_errors_of_dynamodb_come_out_as_they_are(filled: Store, table: Any, code: str) -> None:
    before_each_call(table, failing(code))
    stored = StoredYear(KEYS["2024"], 1, None)
    for call in (
        filled.latest,
        lambda: filled.years(LATEST.years),
        filled.stored_years,
        lambda: filled.put_year(KEYS["2024"], b""),
        lambda: filled.publish(LATEST, over_revision=1),
        lambda: filled.expire(stored, 1),
    ):
        with pytest.raises(ClientError) as raised:
            call()
        assert raised.value.response["Error"]["Code"] == code


def test_patience_with_dynamodb_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many tries as were asked for, then the error; the waits between them are botocore's."""
    config: Any = client_config(read_timeout=7, attempts=3)
    assert (config.connect_timeout, config.read_timeout) == (2, 7)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    client = boto3.client("dynamodb", config=config, endpoint_url="http://127.0.0.1:9")
    tries: list[str] = []
    client.meta.events.register("before-send.dynamodb", lambda **_: tries.append("try"))
    with pytest.raises(Exception, match="Could not connect"):
        Store(client, TABLE).latest()
    assert len(tries) == 3


def test_a_year_key_is_the_year_and_its_content() -> None:
    assert year_key("2026", "abc") == "year#2026#abc"
