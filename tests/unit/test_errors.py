"""Errors: unknown paths, other methods, the order of the checks, no data."""

from __future__ import annotations

import json

import pytest

from rates.serving.reader import Reader
from tests.conftest import Ask, asking
from tests.support import MemoryStore

UNKNOWN = [
    "/Latest",
    "/latestx",
    "/latest/",
    "/latest/USD",
    "/2024",
    "/2024-2-3",
    "/2024-01-02/",
    "/2024-01-02/foo",
]
UNKNOWN += [
    "/2024-01-02...",
    "/2024-01-02..2024",
    "/..2024-01-02",
    "/2024-01-02..2024-01-03..",
    "/currencies/",
]
UNKNOWN += [
    "/CURRENCIES",
    "/status/",
    "/openapi.json/",
    "/openapi",
    "/v1//latest",
    "//latest",
    "//",
    "/v2/latest",
]
UNKNOWN += [
    "/v1latest",
    "/favicon.ico",
    "/20240102",
    "/2024-01-02\n",
    "/\u0662\u0660\u0662\u0664-\u0660\u0661-\u0660\u0662",
    "/12024-01-02",
    "/.",
    "/%2e%2e",
]


@pytest.mark.parametrize("path", UNKNOWN)
def test_other_paths_are_unknown(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert (answer.status, answer.body) == (404, '{"message":"not found"}')


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
    ],
)
def test_checks_come_in_the_order_path_amount_date_empty_codes_pair_data(
    ask: Ask, url: str, status: int, message: str
) -> None:
    answer = ask(url)
    assert (answer.status, json.loads(answer.body)) == (status, {"message": message})


@pytest.mark.parametrize(
    "url", ["/nowhere", "/2024-02-30", "/latest?amount=x", "/latest?base=USD&to=USD", "/1990-01-01"]
)
def test_errors_are_json_that_nobody_keeps(ask: Ask, url: str) -> None:
    answer = ask(url, headers={"Accept": "text/csv"})
    assert list(json.loads(answer.body)) == ["message"]
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "get", "BREW"])
@pytest.mark.parametrize("path", ["/latest", "/", "/openapi.json", "/nowhere"])
def test_other_methods_are_not_allowed(ask: Ask, method: str, path: str) -> None:
    answer = ask(path, method=method)
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_method_that_is_not_allowed_is_told_so(ask: Ask) -> None:
    assert ask("/latest", method="POST").body == '{"message":"method not allowed"}'


@pytest.mark.parametrize(
    "url", ["/", "/latest", "/latest?format=csv", "/1999-01-04..1999-02-01", "/status", "/nowhere"]
)
def test_head_answers_as_get_without_a_body(ask: Ask, url: str) -> None:
    got, head = ask(url), ask(url, method="HEAD")
    assert (head.status, head.headers) == (got.status, got.headers)
    assert got.body
    assert head.body == ""


@pytest.mark.parametrize(
    "url", ["/latest", "/2024-05-13", "/1999-01-04..", "/changes", "/currencies", "/status"]
)
def test_without_data_every_answer_that_needs_them_is_503_for_a_minute(url: str) -> None:
    answer = asking(Reader(MemoryStore([])))(url)  # type: ignore[arg-type]
    assert (answer.status, answer.body) == (503, '{"message":"no data yet"}')
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["Cache-Control"] == "no-store"


def test_without_data_a_wrong_request_is_still_told_what_is_wrong() -> None:
    ask = asking(Reader(MemoryStore([])))  # type: ignore[arg-type]
    assert [ask(url).status for url in ("/nowhere", "/2024-02-30", "/", "/openapi.json")] == [
        404,
        422,
        200,
        200,
    ]


def test_nothing_redirects(ask: Ask) -> None:
    for url in ("", "/", "/v1", "/v1/", "/latest/", "/2026-10-31"):
        assert ask(url).status in (200, 404)
        assert "Location" not in ask(url).headers
