"""The get function as Lambda has it, on moto's table."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rates.serving import answers
from rates.serving.reader import TIME_TO_LIVE
from rates.storage.store import Store
from tests.conftest import TABLE
from tests.integration.dynamodb import before_each_call, failing, items, only
from tests.integration.get_function import HISTORY, GetFunction
from tests.integration.publishing import publish
from tests.support import NOW


def test_a_cold_function_answers_for_the_latest_with_one_read(get_function: GetFunction) -> None:
    answer = get_function("/v1/latest?symbols=USD")
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["rates"] == {"USD": 1.1172}
    assert get_function.made() == ["GetItem"]


def test_any_other_request_costs_a_cold_function_one_read_more(get_function: GetFunction) -> None:
    for url in (
        "/2024-05-13",
        "/2024-01-01",
        "/2024-01-01..2024-02-01",
        "/2023-06-01..",
        "/2023-06-01..?group=week",
        "/changes/2025-01-02",
        "/changes/2023-07-01..2026-10-30",
    ):
        get_function.forget()
        assert get_function.status(url) == 200
        assert get_function.made() == ["GetItem", "BatchGetItem"], url


def test_a_warm_function_reads_nothing_for_what_it_has_read(get_function: GetFunction) -> None:
    get_function("/2023-06-01..")
    get_function.made()
    for url in (
        "/2024-05-13",
        "/latest?base=USD",
        "/changes/2025-01-02",
        "/status",
        "/2023-07-01..2024-01-01",
    ):
        assert get_function.status(url) == 200
    assert get_function.made() == []


def test_a_thousand_requests_for_the_latest_cost_one_read_a_time_to_live(get_function: GetFunction) -> None:
    for _ in range(1000):
        get_function("/latest")
    assert get_function.made() == ["GetItem"]
    get_function.clock.seconds += TIME_TO_LIVE
    for _ in range(1000):
        get_function("/latest")
    assert get_function.made() == ["GetItem"]


def test_what_needs_no_data_reads_none(get_function: GetFunction) -> None:
    for url in ("/", "/openapi.json", "/nowhere", "/2024-02-30", "/latest?amount=x"):
        get_function(url)
        assert get_function.made() == [], url


def test_a_missing_year_is_read_again_consistently_then_the_latest_then_it_is_503(
    get_function: GetFunction, table: Any
) -> None:
    (key,) = [key for key in items(table) if key.startswith("year#2024#")]
    table.delete_item(TableName=TABLE, Key={"pk": {"S": key}})
    get_function.made()
    answer = get_function("/2024-05-13")
    assert (answer["statusCode"], answer["body"]) == (503, '{"message":"temporarily unavailable"}')
    assert answer["headers"]["Retry-After"] == "60"
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert get_function.made() == [
        "GetItem",
        "BatchGetItem",
        "BatchGetItem, consistent",
        "GetItem, consistent",
        "BatchGetItem",
        "BatchGetItem, consistent",
    ]
    assert get_function.status("/latest") == get_function.status("/2025-05-13") == 200


def test_an_empty_table_is_503_until_there_are_data(empty_get_function: GetFunction, store: Store) -> None:
    answer = empty_get_function("/latest")
    assert (answer["statusCode"], answer["body"]) == (503, '{"message":"no data yet"}')
    assert empty_get_function.status("/") == 200
    publish(store, HISTORY, NOW)
    empty_get_function.clock.seconds += TIME_TO_LIVE
    assert empty_get_function.status("/latest") == 200


def test_a_dynamodb_that_fails_is_503_without_internals_and_is_logged(get_function: GetFunction) -> None:
    before_each_call(get_function.module.CLIENT, only("GetItem", failing("AccessDeniedException")))
    answer = get_function("/latest")
    assert (answer["statusCode"], answer["body"]) == (503, '{"message":"temporarily unavailable"}')
    (line,) = get_function.printed()
    assert "AccessDeniedException" in json.loads(line)["trouble"]
    assert json.loads(line)["status"] == 503


def test_a_fault_of_our_own_is_500_without_internals_and_is_logged(
    get_function: GetFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(answers, "quotes", break_down)
    answer = get_function("/latest")
    assert (answer["statusCode"], answer["body"]) == (500, '{"message":"internal server error"}')
    assert answer["headers"]["Access-Control-Allow-Origin"] == "*"
    assert answer["headers"]["Cache-Control"] == "no-store"
    (line,) = get_function.printed()
    assert "a secret of ours" in json.loads(line)["fault"]
    assert json.loads(line)["status"] == 500


def test_an_event_with_gaps_is_answered_like_any_other(get_function: GetFunction) -> None:
    gaps: list[dict[str, Any]] = [
        {},
        {"path": None, "headers": None, "requestContext": None},
        {"httpMethod": None, "multiValueQueryStringParameters": None},
        {"path": "/latest", "multiValueQueryStringParameters": {"base": []}, "headers": {}},
    ]
    for event in gaps:
        assert get_function.module.handler(event, None)["statusCode"] == 200, event


def test_the_answer_is_what_a_proxy_integration_takes(get_function: GetFunction) -> None:
    for url in ("/latest", "/nowhere", "/?x", "/latest?format=csv"):
        answer = get_function(url)
        assert set(answer) == {"statusCode", "headers", "body"}
        assert isinstance(answer["statusCode"], int)
        assert isinstance(answer["body"], str)
        assert all(isinstance(value, str) for value in answer["headers"].values())
        json.dumps(answer)
