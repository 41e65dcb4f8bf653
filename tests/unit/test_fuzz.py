"""Whatever is sent: never a 5xx, never an echo of it, never more than Lambda can hand out."""

from __future__ import annotations

import json
import re
import string
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rates.serving import gateway, service
from rates.serving.gateway import Response
from rates.serving.reader import Reader
from rates.settings import load
from tests.support import NOW

STATUSES = {200, 204, 304, 404, 405, 422}
CSV_LINES = re.compile(r"[a-z_,]+\r\n(?:[0-9A-Z.,-]+\r\n)+")
MESSAGE = re.compile(
    "not found|invalid (amount|date|group)|bad currency pair|method not allowed|range too large: [a-z ,]+"
)
NAMES = ["base", "from", "symbols", "to", "amount", "group", "format"]
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
    "EUR",
    "USD",
    "usd",
    "IDR",
    "TRL",
    "XXX",
    "USD,GBP",
    "1",
    "1e12",
    "1e-9",
    "-1",
    "week",
    "month",
    "csv",
    "",
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
        "requestContext": st.just({"requestId": "x"}),
    }
)


def check(reader: Reader, event: dict[str, Any]) -> None:
    answer = service.respond(gateway.request(event), reader, load(), NOW)
    assert answer.status in STATUSES
    assert len(json.dumps(answer.payload()).encode()) <= 5_500_000
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert all(re.fullmatch(r"[ -~]+", value) for value in answer.headers.values())
    check_body(event, answer)


def check_body(event: dict[str, Any], answer: Response) -> None:
    """Nothing but what the API itself would write: JSON of its shapes, CSV of its characters, its page."""
    if event["httpMethod"] in ("HEAD", "OPTIONS") or answer.status == 304:
        assert answer.body == ""
        return
    media_type = answer.headers["Content-Type"].split(";")[0]
    if media_type == "text/csv":
        assert CSV_LINES.fullmatch(answer.body)
    elif media_type == "text/html":
        assert answer.body.startswith("<!doctype html>")
        assert "alert(1)" not in answer.body
    elif answer.status == 200:
        body = json.loads(answer.body)
        assert isinstance(body, dict)
        assert re.fullmatch("[A-Z]{3}", body.get("base", "EUR"))
    else:
        message = json.loads(answer.body)["message"]
        assert MESSAGE.fullmatch(message)


QUICK = settings(
    max_examples=400,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@QUICK
@given(event=EVENTS)
def test_no_request_is_answered_with_anything_but_what_the_contract_has(
    memory_reader: Reader, event: dict[str, Any]
) -> None:
    check(memory_reader, event)


@pytest.mark.full
@settings(QUICK, max_examples=6000, derandomize=False)
@given(event=EVENTS)
def test_nor_is_any_of_many_more(memory_reader: Reader, event: dict[str, Any]) -> None:
    check(memory_reader, event)


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", [*NAMES, "unknown", "path", "accept", "if-none-match"])
def test_each_hostile_value_in_each_place(memory_reader: Reader, name: str, hostile: str) -> None:
    for path in ("/latest", "/2024-05-13..2024-05-17", "/changes", "/"):
        event: dict[str, Any] = {"httpMethod": "GET", "path": path, "headers": {"Accept": "text/csv"}}
        if name == "path":
            event["path"] = f"{path}/{hostile}"
        elif name in ("accept", "if-none-match"):
            event["headers"] = {name: hostile}
        else:
            event["multiValueQueryStringParameters"] = {name: ["USD", hostile]}
        check(memory_reader, event)
