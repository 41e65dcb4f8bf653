"""Version 2 of the deployed API over HTTP, through its gateway."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from tests.e2e.stack import LocalStack
from tests.support import ecb_publications

TIMEOUT = 10  # seconds


@pytest.fixture(scope="session")
def url(local_stack: LocalStack) -> str:
    """The base URL, which ends in /v2."""
    return local_stack.api_v2_url


def get(url: str, **kwargs: Any) -> requests.Response:
    return requests.get(url, timeout=TIMEOUT, **kwargs)


def test_versions_are_stages_of_one_host(local_stack: LocalStack) -> None:
    assert local_stack.api_v2_url == local_stack.api_url.removesuffix("/v1") + "/v2"


def test_rates_are_the_newest_row_of_the_file_digit_by_digit(url: str) -> None:
    newest = ecb_publications()[-1]
    rows = json.loads(get(f"{url}/rates").text, parse_float=str, parse_int=str)
    rates = {row["quote"]: row["rate"] for row in rows if row["quote"] != "EUR"}
    assert rates == newest.rates
    assert {(row["date"], row["base"]) for row in rows} == {(newest.date, "EUR")}
    assert [row["quote"] for row in rows] == sorted([*newest.rates, "EUR"])


def test_both_versions_give_the_same_rate(local_stack: LocalStack, url: str) -> None:
    row = get(f"{url}/rate/USD/CHF?date=2024-05-13").json()
    other = get(f"{local_stack.api_url}/2024-05-13?base=USD&symbols=CHF").json()
    assert row == {"date": other["date"], "base": "USD", "quote": "CHF", "rate": other["rates"]["CHF"]}


def test_repeated_quotes_are_combined_through_the_gateway(url: str) -> None:
    rows = get(f"{url}/rates?quotes=USD&quotes=GBP").json()
    assert [row["quote"] for row in rows] == ["GBP", "USD"]


@pytest.mark.parametrize(
    ("path", "headers", "kind", "text"),
    [
        ("rates.csv", {}, "text/csv", "date,base,quote,rate\r\n2026-10-30,EUR,USD,1.1172\r\n"),
        (
            "rates",
            {"Accept": "text/csv"},
            "text/csv",
            "date,base,quote,rate\r\n2026-10-30,EUR,USD,1.1172\r\n",
        ),
        (
            "rates",
            {"Accept": "application/x-ndjson"},
            "application/x-ndjson",
            '{"date":"2026-10-30","base":"EUR","quote":"USD","rate":1.1172}\n',
        ),
    ],
)
def test_other_formats_come_by_path_and_by_accept(
    url: str, path: str, headers: dict[str, str], kind: str, text: str
) -> None:
    answer = get(f"{url}/{path}?quotes=USD", headers=headers)
    assert answer.headers["Content-Type"].startswith(kind)
    assert answer.text.replace("\r\n", "\n") == text.replace("\r\n", "\n")


def test_conditional_request_gets_304_without_a_body(url: str) -> None:
    tag = get(f"{url}/rates?date=2024-05-13").headers["ETag"]
    again = get(f"{url}/rates?date=2024-05-13", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("nothing", 404, "not found"),
        ("latest", 404, "not found"),
        ("rates//", 404, "not found"),
        ("rates?symbols=USD", 422, "unknown parameter: symbols"),
        ("rates?quotes=XYZ", 422, "invalid currency: XYZ"),
        ("rates?date=2024-02-30", 422, "invalid date"),
    ],
)
def test_errors_have_status_and_message(url: str, path: str, status: int, message: str) -> None:
    answer = get(f"{url}/{path}")
    assert answer.status_code == status
    assert (answer.json()["status"], answer.json()["message"]) == (status, message)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["currencies", "currency/USD", "providers", "openapi.json", ""])
def test_every_other_path_answers(url: str, path: str) -> None:
    assert get(f"{url}/{path}").status_code == 200
