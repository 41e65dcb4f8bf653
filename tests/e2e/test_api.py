"""Version 1 of the deployed API over HTTP, through its gateway."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

import pytest
import requests

from tests.support import ecb_publications

TIMEOUT = 10  # seconds


def get(url: str, **kwargs: Any) -> requests.Response:
    return requests.get(url, timeout=TIMEOUT, **kwargs)


def exact(response: requests.Response) -> Any:
    """Return the body with each number as the digits that were sent."""
    return json.loads(response.text, parse_float=str, parse_int=str)


def test_latest_is_the_newest_row_of_the_file_digit_by_digit(api_url: str) -> None:
    answer = get(f"{api_url}/latest")
    newest = ecb_publications()[-1]
    assert exact(answer) == {"amount": "1.0", "base": "EUR", "date": newest.date, "rates": newest.rates}


def test_range_since_1999_has_every_value_of_the_file(api_url: str) -> None:
    answer = exact(get(f"{api_url}/1999-01-04.."))
    assert list(answer["rates"]) == [publication.date for publication in ecb_publications()]
    assert answer["rates"] == {publication.date: publication.rates for publication in ecb_publications()}


def test_sums_of_each_currency_match_the_file(api_url: str) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for publication in ecb_publications():
        for code, digits in publication.rates.items():
            sums[code] += Decimal(digits)
    served: dict[str, Decimal] = defaultdict(Decimal)
    for start, end in (("1999-01-04", "2012-12-31"), ("2013-01-01", "2026-12-31")):
        for day, rates in exact(get(f"{api_url}/{start}..{end}"))["rates"].items():
            if start <= day:  # the second range begins with the publication before it
                for code, digits in rates.items():
                    served[code] += Decimal(digits)
    assert served == sums
    assert len(sums) == 41


def test_status_counts_the_whole_file(api_url: str) -> None:
    status = get(f"{api_url}/status").json()
    assert (status["publications"], status["first_date"]) == (7126, "1999-01-04")
    assert status["date"] == "2026-10-30"


def test_head_request_has_the_headers_of_a_get_and_no_body(api_url: str) -> None:
    head = requests.head(f"{api_url}/latest", timeout=TIMEOUT)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Access-Control-Allow-Origin"):
        assert head.headers[name] == get(f"{api_url}/latest").headers[name]


def test_conditional_request_gets_304_without_a_body(api_url: str) -> None:
    tag = get(f"{api_url}/2024-05-13").headers["ETag"]
    again = get(f"{api_url}/2024-05-13", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_browser_of_another_origin_may_read_every_answer(api_url: str) -> None:
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    preflight = requests.options(f"{api_url}/latest", headers=asked, timeout=TIMEOUT)
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in preflight.headers["Access-Control-Allow-Methods"]
    for path in ("latest", "2024-02-30", "nothing"):
        answer = get(f"{api_url}/{path}", headers={"Origin": "https://app.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Expose-Headers"] == "ETag, Retry-After, Revision"


def test_last_of_repeated_parameters_counts_through_the_gateway(api_url: str) -> None:
    assert get(f"{api_url}/latest?base=USD&base=GBP").json()["base"] == "GBP"


def test_repeated_symbols_are_combined_through_the_gateway(api_url: str) -> None:
    assert list(get(f"{api_url}/latest?symbols=USD&symbols=GBP").json()["rates"]) == ["GBP", "USD"]


@pytest.mark.parametrize("path", ["latest/", "/latest", "Latest", "latest/x", "%00", "..%2Flatest"])
def test_unknown_path_is_404_through_the_gateway(api_url: str, path: str) -> None:
    answer = get(f"{api_url}/{path}")
    assert answer.status_code == 404
    assert answer.json() == {"message": "not found", "detail": "unknown path"}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_methods_are_405_through_the_gateway(api_url: str, method: str) -> None:
    answer = requests.request(method, f"{api_url}/latest", timeout=TIMEOUT)
    assert (answer.status_code, answer.json()) == (405, {"message": "method not allowed"})
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_two_hundred_requests_in_a_row_are_all_answered(api_url: str) -> None:
    with requests.Session() as session:
        assert {session.get(f"{api_url}/latest", timeout=TIMEOUT).status_code for _ in range(200)} == {200}


@pytest.mark.parametrize("slash", ["", "/"])
def test_links_of_the_index_work_with_and_without_a_final_slash(api_url: str, slash: str) -> None:
    index = get(f"{api_url}{slash}")
    assert index.json()["name"] == "exchange-rates"
    for link in index.json()["links"].values():
        assert get(urljoin(index.url, link)).status_code == 200


def test_browser_gets_the_page_with_a_content_security_policy(api_url: str) -> None:
    page = get(api_url, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.text.startswith("<!doctype html>")


def test_csv_is_chosen_by_parameter_and_by_accept(api_url: str) -> None:
    for answer in (
        get(f"{api_url}/latest?symbols=USD&format=csv"),
        get(f"{api_url}/latest?symbols=USD", headers={"Accept": "text/csv"}),
    ):
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert answer.text == "date,base,quote,rate\r\n2026-10-30,EUR,USD,1.1172\r\n"
