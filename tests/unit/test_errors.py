"""Errors of v1: unknown paths and the order of the checks. Errors of both versions: methods, no data."""

import json

import pytest

from rates.serving.reader import Reader
from tests.conftest import Ask, asking
from tests.support import MemoryStore, is_not_found

UNKNOWN = ["/Latest", "/latestx", "/latest/", "/latest/USD", "/2024", "/2024-2-3", "/2024-01-02/"]
UNKNOWN += ["/2024-01-02/foo", "/2024-01-02...", "/2024-01-02..2024", "/..2024-01-02", "/currencies/"]
UNKNOWN += ["/2024-01-02..2024-01-03..", "/CURRENCIES", "/status/", "/openapi.json/", "/openapi", "//latest"]
UNKNOWN += ["/v1//latest", "//", "/{date}", "/{start_date}..{end_date}", "/v1latest", "/favicon.ico"]
UNKNOWN += ["/changes/", "/changes/latest", "/changes/2024-1-1", "/changesx", "/changes//"]
UNKNOWN += ["/20240102", "/2024-01-02\n", "/12024-01-02", "/.", "/%2e%2e"]
UNKNOWN += ["/\u0662\u0660\u0662\u0664-\u0660\u0661-\u0660\u0662"]


@pytest.mark.parametrize("path", UNKNOWN)
def test_other_paths_are_unknown(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert is_not_found(answer)


@pytest.mark.parametrize(
    ("url", "status", "message"),
    [
        ("/nowhere?amount=x&base=", 404, "not found"),
        ("/2024-02-30?amount=x&base=&to=", 422, "invalid amount"),
        ("/2024-02-30?base=&to=", 422, "invalid date"),
        ("/2024-01-01..2024-02-30?from=USD&to=USD", 422, "invalid date"),
        ("/1990-01-01?from=USD&to=USD", 422, "bad currency pair"),
        ("/1990-01-01?from=&to=USD", 404, "not found"),
        ("/1990-01-01..1990-02-01?group=x", 422, "invalid group"),
        ("/2030-01-01?amount=x", 422, "invalid amount"),
        ("/latest?amount=x&from=USD&to=USD", 422, "invalid amount"),
        ("/1990-01-01..1990-02-01?from=USD&to=USD&group=x&value=x", 422, "bad currency pair"),
        ("/1990-01-01..1990-02-01?group=x&value=x&on=x", 422, "invalid group"),
        ("/1990-01-01..1990-02-01?group=week&value=x&on=x", 422, "invalid value"),
        ("/1990-01-01?on=x&to=XXX", 422, "invalid on"),
        ("/1990-01-01?on=next&to=XXX", 404, "not found"),
    ],
)
def test_checks_run_in_the_order_of_the_contract(ask: Ask, url: str, status: int, message: str) -> None:
    answer = ask(url)
    assert (answer.status, json.loads(answer.body)["message"]) == (status, message)


@pytest.mark.parametrize(
    "url", ["/nowhere", "/2024-02-30", "/latest?amount=x", "/latest?base=USD&to=USD", "/1990-01-01"]
)
def test_errors_are_json_that_is_not_cached(ask: Ask, url: str) -> None:
    answer = ask(url, headers={"Accept": "text/csv"})
    assert list(json.loads(answer.body)) == ["message", "detail"][: 2 if "detail" in answer.body else 1]
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "get", "BREW"])
@pytest.mark.parametrize("path", ["/latest", "/", "/openapi.json", "/nowhere", "/v2/rates"])
def test_other_methods_are_not_allowed(ask: Ask, method: str, path: str) -> None:
    answer = ask(path, method=method)
    own = {"status": 405} if path.startswith("/v2") else {}
    assert (answer.status, json.loads(answer.body)) == (405, {**own, "message": "method not allowed"})
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "url",
    [
        *("/", "/latest", "/latest?format=csv", "/1999-01-04..1999-02-01", "/status", "/nowhere"),
        *(
            *("/v2/rates", "/v2/rates.csv", "/v2/rate/EUR/USD", "/v2/currencies", "/v2/openapi.json"),
            "/v2/rates?x=1",
        ),
    ],
)
def test_head_answers_like_get_without_a_body(ask: Ask, url: str) -> None:
    got, head = ask(url), ask(url, method="HEAD")
    assert (head.status, head.headers) == (got.status, got.headers)
    assert got.body
    assert head.body == ""


@pytest.mark.fault("A request before there is data")
@pytest.mark.parametrize(
    "url",
    [
        *("/latest", "/2024-05-13", "/1999-01-04..", "/changes", "/currencies", "/status"),
        *("/v2/rates", "/v2/rate/EUR/USD", "/v2/currencies", "/v2/currency/USD", "/v2/providers"),
    ],
)
def test_without_data_answers_are_503_with_retry_after(url: str) -> None:
    answer = asking(Reader(MemoryStore([])))(url)
    own = {"status": 503} if url.startswith("/v2") else {}
    assert (answer.status, json.loads(answer.body)) == (503, {**own, "message": "no data yet"})
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("url", "status"),
    [("/nowhere", 404), ("/2024-02-30", 422), ("/latest?amount=x", 422), ("/", 200), ("/openapi.json", 200)],
)
def test_without_data_other_answers_are_as_usual(url: str, status: int) -> None:
    assert asking(Reader(MemoryStore([])))(url).status == status


def test_nothing_redirects(ask: Ask) -> None:
    for url in ("", "/", "/v1", "/v1/", "/latest/", "/2026-10-31"):
        assert ask(url).status in (200, 404)
        assert "Location" not in ask(url).headers
