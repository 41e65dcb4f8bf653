"""The get function while DynamoDB fails: answers from memory, else 503; internals are in the log only."""

from collections.abc import Callable
from typing import Any

import pytest

from rates.serving.reader import TIME_TO_LIVE
from tests.conftest import proxy_event
from tests.integration.dynamodb import change, delete, items
from tests.integration.dynamodb_server import refusal, silence
from tests.integration.feed_server import Reply
from tests.integration.get_function import GetFunction

EVERYTHING = "/2023-06-01.."
IN_2023 = "/2023-07-01..2023-10-01"
LATEST = "/latest"
PATHS = [LATEST, EVERYTHING, "/currencies", "/status", "/changes"]
UNAVAILABLE = {"message": "temporarily unavailable"}


CALLS: dict[str, Reply] = {
    "throttled": refusal("ThrottlingException"),
    "access denied": refusal("AccessDeniedException"),
    "internal error": refusal("InternalServerError", 500),
    "timeout": silence,
}
ITEMS: dict[str, Callable[[Any], None]] = {
    "latest missing": lambda client: delete(client, "latest"),
    "latest damaged": lambda client: change(client, "latest", document={"S": "{"}),
    "latest of a foreign format": lambda client: change(client, "latest", format={"N": "9"}),
}
YEARS: dict[str, Callable[[Any], None]] = {
    "year missing": lambda client: delete(client, key_of_2024(client)),
    "year damaged": lambda client: change(client, key_of_2024(client), document={"B": b"?"}),
    "year without bytes": lambda client: change(client, key_of_2024(client), document={"S": "?"}),
    "year of a foreign format": lambda client: change(client, key_of_2024(client), format={"N": "9"}),
}


def key_of_2024(client: Any) -> str:
    return next(key for key in items(client) if key.startswith("year#2024"))


def introduce(fault: str, function: GetFunction, table: Any) -> None:
    """Make calls fail, or spoil an item of the table."""
    if fault in CALLS:
        function.module.CLIENT._connection.close()  # the next one has the short timeout
        function.module.CLIENT._connection.timeout = 0.1
        function.dynamodb.plan(CALLS[fault])
    else:
        ITEMS[fault](table)


@pytest.mark.fault("Throttling, internal errors, timeouts or AccessDenied while reading")
@pytest.mark.parametrize("fault", [*CALLS, *ITEMS])
def test_warm_function_answers_from_memory(get_function: GetFunction, table: Any, fault: str) -> None:
    before = get_function.get(EVERYTHING)
    assert (before[0], before[2]["trouble"]) == (200, "")
    get_function.clock.seconds += TIME_TO_LIVE
    introduce(fault, get_function, table)
    status, body, line = get_function.get(EVERYTHING)
    assert (status, body) == before[:2]
    assert line["trouble"] != ""
    assert line["fault"] == ""


@pytest.mark.fault("Throttling, internal errors, timeouts or AccessDenied while reading")
@pytest.mark.parametrize("fault", [*CALLS, *ITEMS])
def test_cold_function_is_unavailable(get_function: GetFunction, table: Any, fault: str) -> None:
    introduce(fault, get_function, table)
    for path in PATHS:
        get_function.restart()
        payload = get_function(path)
        (line,) = get_function.lines()
        message = "no data yet" if fault == "latest missing" else "temporarily unavailable"
        assert (payload["statusCode"], payload["body"]) == (503, f'{{"message":"{message}"}}'), path
        assert payload["headers"]["Retry-After"] == "60"
        assert payload["headers"]["Cache-Control"] == "no-store"
        assert (line["trouble"] != "") == (message == "temporarily unavailable")
        assert (line["status"], line["fault"]) == (503, "")


@pytest.mark.fault("A year document is missing or damaged while reading")
@pytest.mark.parametrize("fault", YEARS)
def test_unreadable_year_fails_only_what_needs_it(get_function: GetFunction, table: Any, fault: str) -> None:
    YEARS[fault](table)
    status, body, line = get_function.get(EVERYTHING)
    assert (status, body) == (503, UNAVAILABLE)
    assert line["trouble"] != ""
    status, _, line = get_function.get(LATEST)
    assert (status, line["trouble"]) == (200, "")
    assert get_function.status(IN_2023) == 200


@pytest.fixture
def broken_get_function(get_function: GetFunction, monkeypatch: pytest.MonkeyPatch) -> GetFunction:
    """Return a get function with a fault of ours."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("a secret")

    monkeypatch.setattr(get_function.module.READER, "read", fail)
    return get_function


@pytest.mark.fault("Any fault of our own")
def test_fault_of_ours_is_logged_and_not_shown(broken_get_function: GetFunction) -> None:
    payload = broken_get_function(LATEST)
    (line,) = broken_get_function.lines()
    assert (payload["statusCode"], payload["body"]) == (500, '{"message":"internal server error"}')
    assert payload["headers"]["Access-Control-Allow-Origin"] == "*"
    assert payload["headers"]["Cache-Control"] == "no-store"
    assert "a secret" in line["fault"]
    assert line["status"] == 500


def test_head_request_gets_no_body_after_a_fault_of_ours(broken_get_function: GetFunction) -> None:
    payload = broken_get_function.module.handler(proxy_event(LATEST, "HEAD"), None)
    assert (payload["statusCode"], payload["body"]) == (500, "")
