"""The lifetime of v2's answers in caches, their ETags, CORS, and the index."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest

from tests.conftest import Ask
from tests.support import max_age

AFTER_THE_UPDATE = datetime(2026, 11, 2, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "path",
    [
        "/rates?date=2024-05-13",
        "/rates?date=2026-05-31&on=next",
        "/rates?from=2024-01-01&to=2024-12-31&group=month",
        "/rates.csv?from=2024-01-01&to=2024-12-31&quotes=USD",
        "/rate/EUR/USD?date=2026-10-29",
        "/rates?date=2026-01-15&base=BGN",
    ],
)
def test_answers_before_the_latest_publication_are_cached_for_a_day(ask: Ask, path: str) -> None:
    assert max_age(ask(f"/v2{path}", now=AFTER_THE_UPDATE)) == 86_400


@pytest.mark.parametrize(
    "path",
    [
        "/rates",
        "/rates?date=2026-10-30",
        "/rates?from=2026-10-01",
        "/rate/EUR/USD",
        "/currencies",
        "/currency/USD",
        "/providers",
        "/rates?date=2026-10-31&on=next",  # no rows: the publication may follow
        "/rates?date=2024-11-03&on=exact",
        "/rates?date=1998-12-31",
        "/rates?from=1990-01-01&to=1998-12-31",
    ],
)
def test_answers_that_may_change_are_cached_for_an_hour_at_most(ask: Ask, path: str) -> None:
    assert max_age(ask(f"/v2{path}")) == 3600
    assert max_age(ask(f"/v2{path}", now=AFTER_THE_UPDATE)) == 60


def test_the_etag_covers_representation_query_and_content(ask: Ask) -> None:
    answers = [
        ask("/"),
        ask("/v2/"),
        ask("/v2/rates"),
        ask("/v2/rates", headers={"Accept": "text/csv"}),
        ask("/v2/rates", headers={"Accept": "application/x-ndjson"}),
        ask("/v2/rates.json"),
        ask("/v2/rates?providers=ECB"),
        ask("/v2/rates?date=2026-10-29"),
        ask("/currencies"),
        ask("/v2/currencies"),
    ]
    assert len({answer.headers["ETag"] for answer in answers}) == len(answers)


@pytest.mark.parametrize("path", ["/rates", "/rates.csv", "/rate/EUR/USD", "/currencies", "/openapi.json"])
def test_conditional_and_head_requests(ask: Ask, path: str) -> None:
    answer = ask(f"/v2{path}")
    same = ask(f"/v2{path}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (same.status, same.body) == (304, "")
    head = ask(f"/v2{path}", method="HEAD")
    assert (head.status, head.headers, head.body) == (200, answer.headers, "")


@pytest.mark.parametrize(("path", "status"), [("/rates", 200), ("/nowhere", 404), ("/rates?x=1", 422)])
def test_cors_is_open_to_every_origin(ask: Ask, path: str, status: int) -> None:
    answer = ask(f"/v2{path}")
    assert answer.status == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == "ETag, Retry-After, Revision"


@pytest.mark.parametrize("base", ["https://api.example/v2", "https://api.example/v2/"])
def test_the_index_of_v2_links_to_its_contract(ask: Ask, base: str) -> None:
    index = json.loads(ask("/v2").body)
    assert (index["version"], index["status"]) == ("v2", "current")
    assert set(index) == {"version", "status", "openapi", "docs"}
    contract = ask("/v2" + urljoin(base, index["openapi"]).split("/v2", 1)[1])
    assert json.loads(contract.body)["info"]["title"] == "Exchange rates, version 2"
    assert ask("/v2/", headers={"Accept": "text/html"}).body == ask("/v2").body
