"""The lifetime of answers in caches, and conditional requests."""

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from rates.serving import caching
from tests.conftest import Ask
from tests.support import max_age


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "url",
    [
        *("/2024-05-13", "/2026-10-29", "/1999-01-04..2024-12-31?symbols=USD"),
        *("/2026-10-01..2026-10-29?group=week", "/changes/2026-10-29", "/changes/2024-01-01..2024-12-31"),
        *("/2024-05-13?format=csv", "/v2/rates?date=2024-05-13", "/v2/rates?date=2026-05-31&on=next"),
        "/v2/rates?from=2024-01-01&to=2024-12-31&group=month",
        *("/v2/rates.csv?from=2024-01-01&to=2024-12-31&quotes=USD", "/v2/rate/EUR/USD?date=2026-10-29"),
        "/v2/rates?date=2026-01-15&base=BGN",
    ],
)
def test_answers_before_the_latest_publication_are_cached_for_a_day(ask: Ask, url: str) -> None:
    assert max_age(ask(url)) == 86_400
    assert max_age(ask(url, now=at(3, 9))) == 86_400


@pytest.mark.parametrize(
    "url",
    [
        "/latest",
        "/current",
        "/2026-10-30",
        "/2026-10-31",
        "/2026-10-01..",
        "/2026-10-01..2026-10-30",
        "/changes",
        "/changes/2026-10-30",
        "/changes/2026-10-01..2026-10-30",
        "/changes/2026-10-01..",
        "/currencies",
        "/status",
        "/2026-10-01..2026-12-31?group=month",
        "/v2/rates",
        "/v2/rates?date=2026-10-30",
        "/v2/rates?from=2026-10-01",
        "/v2/rate/EUR/USD",
        "/v2/currencies",
        "/v2/currency/USD",
        "/v2/providers",
        "/v2/rates?date=2026-10-31&on=next",  # no rows: the publication may follow
        "/v2/rates?date=2024-11-03&on=exact",
        "/v2/rates?date=1998-12-31",
        "/v2/rates?from=1990-01-01&to=1998-12-31",
    ],
)
def test_answers_that_may_change_are_cached_for_an_hour_at_most(ask: Ask, url: str) -> None:
    assert max_age(ask(url)) == 3600
    assert max_age(ask(url, now=at(2, 18))) == 60


def test_the_index_and_the_contract_are_cached_for_an_hour(ask: Ask) -> None:
    assert [max_age(ask(url, now=at(2, 18))) for url in ("/", "/openapi.json")] == [3600, 3600]


def test_etag_of_a_200_is_stable_and_covers_query_and_representation(ask: Ask) -> None:
    urls = ["/latest", "/current", "/latest?base=USD", "/latest?foo=1", "/latest?format=csv", "/2026-10-29"]
    urls += ["/2024-01-01..", "/currencies", "/changes", "/status", "/openapi.json", "/", "/v2/"]
    urls += ["/v2/rates", "/v2/rates.json", "/v2/rates?providers=ECB", "/v2/rates?date=2026-10-29"]
    urls += ["/v2/currencies", "/v2/openapi.json"]
    asked = [(url, "*/*") for url in urls]
    asked += [("/", "text/html"), ("/latest", "text/csv"), ("/v2/rates", "text/csv")]
    asked += [("/v2/rates", "application/x-ndjson")]
    tags = [ask(url, headers={"Accept": accept}).headers["ETag"] for url, accept in asked]
    assert tags == [ask(url, headers={"Accept": accept}).headers["ETag"] for url, accept in asked]
    assert all(re.fullmatch(r'W/"[0-9a-f]{20}"', tag) for tag in tags)
    assert len(set(tags)) == len(tags)


def test_the_etag_covers_the_code_version(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ask("/latest").headers["ETag"]
    monkeypatch.setenv("CODE_VERSION", "another")
    assert ask("/latest").headers["ETag"] != before


def test_the_parts_of_an_etag_are_separated() -> None:
    assert caching.entity_tag("ab", "c") != caching.entity_tag("a", "bc")


@pytest.mark.parametrize("sent", ["{tag}", '"{opaque}"', '"x", {tag}', 'W/"x",{tag} , "y"', "*", ' "x" , * '])
def test_a_matching_etag_gives_304_without_a_body(ask: Ask, sent: str) -> None:
    tag = ask("/latest").headers["ETag"]
    value = sent.format(tag=tag, opaque=tag.removeprefix("W/").strip('"'))
    answer = ask("/latest", headers={"If-None-Match": value})
    assert (answer.status, answer.body) == (304, "")
    assert answer.headers["ETag"] == tag
    assert max_age(answer) == 3600
    assert answer.headers["Vary"] == "Accept"
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("sent", ["", '"x"', "W/", '""', "w", '"*"', "{opaque}", "{tag}x"])
def test_another_etag_gives_200(ask: Ask, sent: str) -> None:
    tag = ask("/latest").headers["ETag"]
    value = sent.format(tag=tag, opaque=tag.removeprefix("W/").strip('"'))
    assert ask("/latest", headers={"If-None-Match": value}).status == 200


@pytest.mark.parametrize("name", ["if-none-match", "IF-NONE-MATCH"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path", ["/latest", "/v2/rates", "/v2/rates.csv", "/v2/rate/EUR/USD", "/v2/currencies"]
)
def test_conditional_requests_work_everywhere(ask: Ask, path: str, method: str, name: str) -> None:
    for value in ("*", ask(path).headers["ETag"]):
        answer = ask(path, method, {name: value})
        assert (answer.status, answer.body) == (304, "")


def test_errors_are_never_304(ask: Ask) -> None:
    assert ask("/nowhere", headers={"If-None-Match": "*"}).status == 404


FROM_DATA = ["/latest", "/2026-10-30", "/2026-10-01..", "/changes", "/currencies", "/v2/rates"]
FROM_DATA += ["/v2/currencies", "/v2/rate/EUR/USD", "/v2/currency/USD", "/v2/rates?providers=X"]


@pytest.mark.parametrize("url", FROM_DATA)
def test_answers_from_data_name_their_revision_and_its_time(ask: Ask, url: str) -> None:
    answer = ask(url)
    updated_at = datetime.fromisoformat(json.loads(ask("/status").body)["updated_at"])
    assert answer.headers["Revision"] == str(json.loads(ask("/status").body)["revision"])
    assert parsedate_to_datetime(answer.headers["Last-Modified"]) == updated_at
    again = ask(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304
    assert all(again.headers[name] == answer.headers[name] for name in ("Revision", "Last-Modified"))


@pytest.mark.parametrize("url", ["/status", "/v2/providers"])
def test_answers_that_change_with_the_time_of_day_have_no_last_modified(ask: Ask, url: str) -> None:
    headers = ask(url).headers
    assert "Revision" in headers
    assert "Last-Modified" not in headers


@pytest.mark.parametrize("url", ["/", "/openapi.json", "/v2/", "/1998-01-01", "/v2/rates?x=1"])
def test_pages_and_errors_name_no_revision(ask: Ask, url: str) -> None:
    assert not {"Revision", "Last-Modified"} & set(ask(url).headers)
