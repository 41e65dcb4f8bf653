"""The representation that an Accept header chooses, and `Vary`."""

import pytest

from rates.serving.representation import CSV, HTML, JSON, NDJSON, preferred
from tests.conftest import Ask

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    "accept",
    [
        "text/csv",
        "TEXT/CSV",
        "text/csv, application/json;q=0.9",
        "application/json;q=0.5, text/csv;q=0.6",
        "text/csv, application/json",
        "text/csv;charset=utf-8",
        " text/csv ; q=1 ",
        "*/*;q=0.1,text/csv",
        "text/csv, */*",
        "*/*, text/csv",
        "text/html, text/csv;q=0.1",
        "text/*",
        "text/*, text/csv;q=0.9",
        "application/json;q=0.5, text/*",
    ],
)
def test_accept_headers_that_choose_csv(accept: str) -> None:
    assert preferred(accept, [CSV]) == CSV


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/json",
        "application/json, text/plain, */*",
        "application/json, text/csv",
        "application/*, text/csv;q=0.9",
        "application/json;q=0",
        "image/png",
        "text/csv;q=0",
        "text/csv;q=0, */*",
        "text/csv;q=0.4, application/json;q=0.5",
        "text/csv;q=x",
        "text/csv;q=",
        "text/csv;q=nan",
        "text/csvx",
        "csv",
        ",",
        ";",
        "text/csv;q=0.5, */*",
        BROWSER,
        "\x00",
        "q=1;text/csv",
    ],
)
def test_accept_headers_that_choose_json(accept: str) -> None:
    assert preferred(accept, [CSV]) == JSON


def test_a_browser_chooses_html() -> None:
    assert preferred(BROWSER, [HTML]) == HTML
    for accept in ("*/*", "", "application/json, text/plain, */*"):
        assert preferred(accept, [HTML]) == JSON


def test_of_three_types_the_one_with_the_highest_weight_is_chosen() -> None:
    both = [CSV, NDJSON]
    assert preferred("text/csv, application/x-ndjson", both) == CSV
    assert preferred("application/x-ndjson, text/csv", both) == NDJSON
    assert preferred("text/csv;q=0.5, application/x-ndjson;q=0.6, application/json;q=0.4", both) == NDJSON
    assert preferred("text/csv;q=0.5, application/x-ndjson;q=0.6, */*;q=0.7", both) == JSON


@pytest.mark.parametrize("url", ["/latest", "/2024-05-13", "/2024-05-13..2024-05-14", "/changes"])
def test_format_and_accept_choose_csv(ask: Ask, url: str) -> None:
    by_parameter = ask(f"{url}?format=csv")
    by_accept = ask(url, headers={"accept": "text/csv"})
    assert (
        by_parameter.headers["Content-Type"] == by_accept.headers["Content-Type"] == "text/csv; charset=utf-8"
    )
    assert by_parameter.body == by_accept.body != ask(url).body


@pytest.mark.parametrize("value", ["", "CSV", "json", "xml", "csv,json", " csv"])
def test_other_values_of_format_are_ignored(ask: Ask, value: str) -> None:
    assert ask(f"/latest?format={value}").body == ask("/latest").body
    assert ask(f"/latest?format={value}", headers={"Accept": "text/csv"}).body.startswith("date,")


def test_format_takes_precedence_over_accept(ask: Ask) -> None:
    answer = ask("/latest?format=csv", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("url", ["/latest", "/2024-05-13", "/2024-05-13..2024-05-14", "/changes", "/"])
def test_answers_that_accept_can_change_have_vary(ask: Ask, url: str) -> None:
    for headers in ({}, {"Accept": "text/csv"}, {"If-None-Match": "*"}, {"Accept": BROWSER}):
        assert ask(url, headers=headers).headers["Vary"] == "Accept"
    assert ask(f"{url}?format=csv").headers["Vary"] == "Accept"


@pytest.mark.parametrize("url", ["/currencies", "/status", "/openapi.json"])
def test_other_paths_are_json_for_any_accept_header(ask: Ask, url: str) -> None:
    for accept in ("text/csv", BROWSER, "image/png"):
        answer = ask(f"{url}?format=csv", headers={"Accept": accept})
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert "Vary" not in answer.headers


def test_answers_forbid_content_sniffing(ask: Ask) -> None:
    for url in ("/latest", "/latest?format=csv", "/", "/openapi.json"):
        assert ask(url).headers["X-Content-Type-Options"] == "nosniff"
