"""The get function while DynamoDB misbehaves: from memory while it can, else a 503, never a stack trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from rates.storage.store import Store
from tests.conftest import proxy_event
from tests.fake_time import FakeTime
from tests.history_files import HISTORY
from tests.integration.dynamodb import before_each_call, change, delete, failing, items, timing_out
from tests.integration.publishing import publish

RANGE = "/2023-12-28..2025-01-03"
LATEST = "/latest"


class GetFunction:
    """The get function as Lambda has it, with a reader that goes by a clock of the test's."""

    def __init__(self, module: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
        self.module = module
        self.clock = FakeTime()
        self.module.READER._clock = self.clock.now
        self._capsys = capsys

    def get(self, path: str) -> tuple[int, Any, dict[str, Any]]:
        """The status, the answer and the line that was printed."""
        response = self.module.handler(proxy_event(path), None)
        (line,) = self._capsys.readouterr().out.splitlines()
        if response["statusCode"] == 503:
            assert response["headers"]["Retry-After"] == "60"
            assert response["headers"]["Cache-Control"] == "no-store"
        assert "Traceback" not in response["body"]
        return response["statusCode"], json.loads(response["body"]), json.loads(line)


@pytest.fixture
def function(
    store: Store,
    handler_module: Callable[[str], ModuleType],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> GetFunction:
    """The function over a table that holds the history, and no pauses."""
    publish(store, HISTORY)
    monkeypatch.setattr("rates.storage.store.time.sleep", lambda _: None)
    return GetFunction(handler_module("get_rates"), capsys)


def year_key(client: Any, year: str) -> str:
    return next(key for key in items(client) if key.startswith(f"year#{year}"))


def leave_unprocessed(client: Any) -> None:
    """Have BatchGetItem hand out nothing."""

    def hook(parsed: dict[str, Any], **_: Any) -> None:
        key = {"pk": {"S": "year#2025#x"}}
        parsed.update({"Responses": {}, "UnprocessedKeys": {"rates-test": {"Keys": [key]}}})

    client.meta.events.register("after-call.dynamodb.BatchGetItem", hook)


CALLS: dict[str, Callable[[Any], None]] = {
    "throttling": lambda client: before_each_call(client, failing("ThrottlingException")),
    "refusing access": lambda client: before_each_call(client, failing("AccessDeniedException")),
    "failing": lambda client: before_each_call(client, failing("InternalServerError")),
    "not answering": lambda client: before_each_call(client, timing_out),
}
ITEMS: dict[str, Callable[[Any], None]] = {
    "without what is current": lambda client: delete(client, "latest"),
    "with a damaged document of what is current": lambda client: change(
        client, "latest", document={"S": "{"}
    ),
    "with what is current in a foreign format": lambda client: change(client, "latest", format={"N": "9"}),
}
YEARS: dict[str, Callable[[Any], None]] = {
    "without a year": lambda client: delete(client, year_key(client, "2024")),
    "with a damaged year": lambda client: change(client, year_key(client, "2024"), document={"B": b"?"}),
    "with a year of another kind": lambda client: change(
        client, year_key(client, "2024"), document={"S": "?"}
    ),
}


@pytest.mark.parametrize("fault", [*CALLS, *ITEMS])
def test_a_warm_function_answers_from_memory_and_logs_that_it_does(
    function: GetFunction, table: Any, fault: str
) -> None:
    good = function.get(RANGE)
    assert (good[0], good[2]["trouble"]) == (200, "")
    function.clock.seconds += 60
    if fault in CALLS:
        CALLS[fault](function.module.CLIENT)
    else:
        ITEMS[fault](table)
    status, answer, line = function.get(RANGE)
    assert (status, answer) == good[:2]
    assert line["trouble"] != ""
    assert (line["ServerErrors"], line["fault"]) == (0, "")


@pytest.mark.parametrize("path", [LATEST, RANGE, "/currencies", "/status", "/changes"])
@pytest.mark.parametrize("fault", [*CALLS, *ITEMS])
def test_a_cold_function_says_that_it_is_unavailable(
    function: GetFunction, table: Any, fault: str, path: str
) -> None:
    if fault in CALLS:
        CALLS[fault](function.module.CLIENT)
    else:
        ITEMS[fault](table)
    status, answer, line = function.get(path)
    message = "no data yet" if fault == "without what is current" else "temporarily unavailable"
    assert (status, answer) == (503, {"message": message})
    assert (line["ServerErrors"], line["fault"]) == (1, "")
    assert (line["trouble"] != "") == (message == "temporarily unavailable")


@pytest.mark.parametrize("fault", YEARS)
def test_a_year_that_cannot_be_read_is_unavailable_and_what_needs_it_not_is_answered(
    function: GetFunction, table: Any, fault: str
) -> None:
    YEARS[fault](table)
    status, answer, line = function.get(RANGE)
    assert (status, answer) == (503, {"message": "temporarily unavailable"})
    assert line["trouble"] != ""
    status, _, line = function.get(LATEST)
    assert (status, line["trouble"]) == (200, "")
    assert function.get("/2023-12-28..2023-12-29")[0] == 200


def test_keys_that_stay_unprocessed_are_unavailable(function: GetFunction) -> None:
    leave_unprocessed(function.module.CLIENT)
    status, answer, line = function.get(RANGE)
    assert (status, answer) == (503, {"message": "temporarily unavailable"})
    assert "left keys unprocessed" in line["trouble"]
    assert function.get(LATEST)[0] == 200


@pytest.mark.parametrize("path", ["/", "/openapi.json"])
def test_what_needs_no_data_is_answered_without_any(function: GetFunction, path: str) -> None:
    CALLS["not answering"](function.module.CLIENT)
    assert function.get(path)[0] == 200


def test_a_fault_of_our_own_is_logged_and_not_shown(
    function: GetFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(function.module.READER, "answer", fail)
    status, answer, line = function.get(LATEST)
    assert (status, answer) == (500, {"message": "internal server error"})
    assert "a secret" in line["fault"]
    assert line["ServerErrors"] == 1
