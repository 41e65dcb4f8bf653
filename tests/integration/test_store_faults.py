"""The store reports damaged items and failures of DynamoDB."""

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from rates.storage import store as store_module
from rates.storage.documents import UnreadableDocumentError
from rates.storage.store import Store, UnavailableError
from tests.conftest import TABLE
from tests.integration.dynamodb import before_each_call, change, failing
from tests.integration.stored_history import BY_YEAR, KEYS, LATEST


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the pauses between attempts, without a wait."""
    seen: list[float] = []
    monkeypatch.setattr(time, "sleep", seen.append)
    return seen


UNSUPPORTED = r"a document has format {}, this code reads 2"
DAMAGED: dict[str, tuple[dict[str, Any], str, int | None]] = {
    "truncated": ({"document": {"S": '{"date":"2025'}}, "does not match its digest", 1),
    "document of another type": ({"document": {"B": b"?"}}, "does not match its digest", 1),
    "no document": ({"document": None}, "does not match its digest", 1),
    "no digest": ({"digest": None}, "does not match its digest", 1),
    "unsupported format": ({"format": {"N": "3"}}, UNSUPPORTED.format(3), 1),
    "no format": ({"format": None}, UNSUPPORTED.format(0), 1),
    "no revision": ({"revision": None}, "has no revision", None),
    "revision is no number": ({"revision": {"S": "1"}}, "has no revision", None),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_latest_item_is_reported_and_replaceable(filled: Store, table: Any, damage: str) -> None:
    attributes, problem, revision = DAMAGED[damage]
    change(table, "latest", **attributes)
    with pytest.raises(UnreadableDocumentError, match=problem) as raised:
        filled.latest()
    assert raised.value.revision == revision
    newer = LATEST._replace(revision=2)
    filled.publish(newer, over_revision=revision)
    assert filled.latest() == newer


@pytest.mark.parametrize(
    ("attributes", "problem"),
    [
        ({"document": None}, r"^the item of 2024 has no document$"),
        ({"document": {"S": "text"}}, r"^the item of 2024 has no document$"),
        ({"document": {"B": b"not compressed"}}, "cannot be decompressed"),
        ({"format": {"N": "3"}}, UNSUPPORTED.format(3)),
        ({"format": None}, UNSUPPORTED.format(0)),
    ],
    ids=["no document", "document of another type", "not compressed", "unsupported format", "no format"],
)
def test_a_damaged_year_document_is_reported(
    filled: Store, table: Any, attributes: dict[str, Any], problem: str
) -> None:
    change(table, KEYS["2024"], **attributes)
    with pytest.raises(UnreadableDocumentError, match=problem):
        filled.years(LATEST.years)


@pytest.mark.fault("UnprocessedKeys")
def test_unprocessed_keys_are_requested_again(filled: Store, table: Any, pauses: list[float]) -> None:
    left = {"UnprocessedKeys": {TABLE: {"Keys": [{"pk": {"S": KEYS["2023"]}}], "ConsistentRead": True}}}
    answers = iter([left, left])

    def leave_one(parsed: dict[str, Any], **_: Any) -> None:
        if answer := next(answers, None):
            responses = parsed["Responses"][TABLE]
            parsed["Responses"][TABLE] = [item for item in responses if item["pk"]["S"] != KEYS["2023"]]
            parsed.update(answer)

    requested: list[int] = []
    table.meta.events.register(
        "provide-client-params.dynamodb.BatchGetItem",
        lambda params, **_: requested.append(len(params["RequestItems"][TABLE]["Keys"])),
    )
    table.meta.events.register("after-call.dynamodb.BatchGetItem", leave_one)
    assert filled.years(LATEST.years) == BY_YEAR
    assert requested == [3, 1, 1]
    assert [round(pause, 9) for pause in pauses] == [0, 0.05, 0.15]


def test_keys_that_stay_unprocessed_are_unavailable(filled: Store, table: Any, pauses: list[float]) -> None:
    key = {"pk": {"S": KEYS["2023"]}}

    def leave_all(parsed: dict[str, Any], **_: Any) -> None:
        parsed.update({"Responses": {}, "UnprocessedKeys": {TABLE: {"Keys": [key]}}})

    table.meta.events.register("after-call.dynamodb.BatchGetItem", leave_all)
    with pytest.raises(UnavailableError, match=r"^DynamoDB left keys unprocessed$"):
        filled.years(LATEST.years)
    assert len(pauses) == store_module.BATCH_TRIES == 4


@pytest.mark.fault("An empty answer of BatchGetItem")
def test_an_empty_answer_is_unavailable(filled: Store, table: Any) -> None:
    table.meta.events.register("after-call.dynamodb.BatchGetItem", lambda parsed, **_: parsed.clear())
    with pytest.raises(UnavailableError, match=r"^DynamoDB's answer is empty$"):
        filled.years(LATEST.years)


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "InternalServerError"])
def test_errors_of_dynamodb_are_passed_on(filled: Store, table: Any, code: str) -> None:
    before_each_call(table, failing(code))
    for call in (
        filled.latest,
        lambda: filled.years(LATEST.years),
        lambda: filled.revision(1),
        filled.revisions,
        lambda: filled.put_year("2024", "0", b""),
        lambda: filled.publish(LATEST, over_revision=1),
        lambda: filled.put_back(LATEST, over_revision=1),
        filled.announced,
        lambda: filled.put_announced(1),
    ):
        with pytest.raises(ClientError) as raised:
            call()
        assert raised.value.response["Error"]["Code"] == code


def test_attempts_and_timeouts_are_bounded(
    handler_module: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    config: Any = handler_module("update_rates").client_config(read_timeout=7, attempts=3)
    assert (config.connect_timeout, config.read_timeout) == (2, 7)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    client = boto3.client("dynamodb", config=config, endpoint_url="http://127.0.0.1:9")
    attempts: list[str] = []
    client.meta.events.register("before-send.dynamodb", lambda **_: attempts.append("attempt"))
    with pytest.raises(Exception, match="Could not connect"):
        Store(client, TABLE).latest()
    assert len(attempts) == 3
