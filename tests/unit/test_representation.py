"""Which representation an Accept header asks for, and `Vary`."""

from __future__ import annotations

import pytest

from rates.serving.representation import CSV, HTML, prefers
from tests.conftest import Ask

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    "accept",
    [
        "text/csv",
        "TEXT/CSV",
        "text/csv, application/json;q=0.9",
        "application/json;q=0.5, text/csv;q=0.6",
        "text/*",
        "text/csv;charset=utf-8",
        " text/csv ; q=1 ",
        "*/*;q=0.1,text/csv",
        "text/csv, */*",
        "application/json;q=0, */*;q=0.1",
    ],
)
def test_these_prefer_csv(accept: str) -> None:
    assert prefers(accept, CSV)


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/json",
        "application/json, text/plain, */*",
        "application/json, text/csv",
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
def test_these_do_not(accept: str) -> None:
    assert not prefers(accept, CSV)


def test_a_browser_prefers_html_and_a_program_does_not() -> None:
    assert prefers(BROWSER, HTML)
    assert not any(prefers(accept, HTML) for accept in ("*/*", "", "application/json, text/plain, */*"))


@pytest.mark.parametrize("url", ["/latest", "/2024-05-13", "/2024-05-13..2024-05-14", "/changes"])
def test_csv_comes_by_parameter_or_by_accept(ask: Ask, url: str) -> None:
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


def test_format_wins_over_accept(ask: Ask) -> None:
    answer = ask("/latest?format=csv", headers={"Accept": "application/json"})
    assert answer.headers["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("url", ["/latest", "/2024-05-13", "/2024-05-13..2024-05-14", "/changes", "/"])
def test_where_another_accept_would_get_another_answer_caches_are_told(ask: Ask, url: str) -> None:
    for headers in ({}, {"Accept": "text/csv"}, {"If-None-Match": "*"}, {"Accept": BROWSER}):
        assert ask(url, headers=headers).headers["Vary"] == "Accept"
    assert ask(f"{url}?format=csv").headers["Vary"] == "Accept"


@pytest.mark.parametrize("url", ["/currencies", "/status", "/openapi.json"])
def test_the_other_paths_are_json_whatever_is_accepted(ask: Ask, url: str) -> None:
    for accept in ("text/csv", BROWSER, "image/png"):
        answer = ask(f"{url}?format=csv", headers={"Accept": accept})
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert "Vary" not in answer.headers


def test_nobody_is_to_guess_another_type(ask: Ask) -> None:
    for url in ("/latest", "/latest?format=csv", "/", "/openapi.json"):
        assert ask(url).headers["X-Content-Type-Options"] == "nosniff"
