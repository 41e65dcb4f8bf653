"""Errors of v2: the order of the checks, messages that repeat the request, and their caching."""

import json
from urllib.parse import quote

import pytest

from rates.history import Publication
from rates.serving.reader import Reader
from tests.conftest import Ask, asking
from tests.support import MemoryStore

NAMES = ("date", "from", "to", "group", "value", "on", "expand", "base", "quotes")


def without_detail(body: str) -> dict[str, object]:
    """Return an error without the detail that says what is valid."""
    error: dict[str, object] = json.loads(body)
    error.pop("detail", None)
    return error


INVALID = "&".join(f"{name}=zzz" for name in NAMES)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (f"b=1&{INVALID}&a=2&b=3", "unknown parameter: b, a"),
        ("Base=USD", "unknown parameter: Base"),
        (INVALID, "invalid date"),
        ("date=2024-02-30&from=2024-01-01", "invalid date"),
        ("date=2024-2-3", "invalid date"),
        ("date=%202024-01-01", "invalid date"),
        ("date=monday", "invalid date"),
        ("date=2024-01-01&from=2024-01-01&group=x", "conflicting params"),
        ("date=2024-01-01&to=2024-01-01", "conflicting params"),
        ("group=x&value=x&on=x&to=2024-01-01", "invalid group"),
        ("from=2024-01-01&group=", "invalid group"),
        ("group=week&value=x&on=x", "invalid value"),
        ("value=MEAN", "invalid value"),
        ("group=week&on=x", "invalid on"),
        ("on=next", "invalid on"),
        ("from=2024-01-01&on=next", "invalid on"),
        ("date=2024-01-01&on=NEXT", "invalid on"),
        ("group=week&expand=x", "missing from"),
        ("date=2024-01-01&group=week", "missing from"),
        ("to=2024-01-01&base=x", "missing from"),
        ("expand=X,providers,y&base=x", "invalid expand: x,y"),
        ("base=x&quotes=USD,y,x,EUR", "invalid currency: X,Y,X"),
        ("base=", "invalid currency: "),
        ("base=USD,EUR", "invalid currency: USD,EUR"),
        ("quotes=,USD", "invalid currency: "),
        ("quotes=USD,,GBP", "invalid currency: "),
        ("quotes=%C4%B1dr", "invalid currency: \u0131DR"),
    ],
)
def test_checks_run_in_the_order_of_the_contract(ask: Ask, query: str, message: str) -> None:
    for path in ("/v2/rates", "/v2/rates.csv"):
        answer = ask(f"{path}?{query}", headers={"Accept": "text/csv"})
        assert without_detail(answer.body) == {"status": 422, "message": message}
        assert answer.status == 422
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/rate/EUR/USD?base=USD", "unknown parameter: base"),
        ("/rate/EUR/USD?from=2024-01-01&group=week", "unknown parameter: from, group"),
        ("/rate/ZZZ/YYY?date=x", "invalid date"),
        ("/rate/ZZZ/YYY?on=next", "invalid on"),
        ("/rate/ZZZ/YYY?expand=x", "invalid expand: x"),
        ("/rate/zzz/yyy", "invalid currency: ZZZ,YYY"),
        ("/rate/EUR/%24", "invalid currency: %24"),
        ("/rate/EUR/$", "invalid currency: %24"),  # a gateway may decode the path
    ],
)
def test_rate_has_the_same_checks(ask: Ask, path: str, message: str) -> None:
    answer = ask(f"/v2{path}")
    assert (answer.status, without_detail(answer.body)) == (422, {"status": 422, "message": message})


@pytest.mark.parametrize("path", ["/currencies", "/currency/USD", "/providers", "/", "/openapi.json"])
def test_other_paths_ignore_unknown_parameters(ask: Ask, path: str) -> None:
    answer = ask(f"/v2{path}?nonsense=1&date=x&base=")
    assert (answer.status, answer.body) == (200, ask(f"/v2{path}").body)


HOSTILE = "<script>alert('1')</script>&\u2028\x00\"\\"


@pytest.mark.fault("Names of the request in a message")
def test_messages_escape_the_names_that_they_repeat(ask: Ask) -> None:
    answer = ask(f"/v2/rates?{quote(HOSTILE)}=1")
    assert json.loads(answer.body)["message"] == f"unknown parameter: {HOSTILE}"
    assert answer.body.isascii()
    assert not set("<>&'") & set(answer.body)


@pytest.mark.fault("Names of the request in a message")
def test_messages_and_details_are_cut_at_200_characters(ask: Ask) -> None:
    message = json.loads(ask(f"/v2/rates?quotes={'ZZZ,' * 500}").body)["message"]
    assert message == ("invalid currency: " + "ZZZ," * 50)[:200]
    detail = json.loads(ask(f"/latest?symbols={'ZZZZ' * 500}").body)["detail"]
    assert detail == ("unknown currency: " + "ZZZZ" * 50)[:200]


def test_currency_that_is_newer_than_this_code_is_valid() -> None:
    rates = {"USD": "1.1", "XNU": "2.5"}
    history = [Publication("2026-10-29", rates), Publication("2026-10-30", rates)]
    ask = asking(Reader(MemoryStore(history)))
    assert json.loads(ask("/v2/rates?quotes=XNU").body)[0]["rate"] == 2.5
    assert json.loads(ask("/v2/rate/USD/XNU").body)["quote"] == "XNU"
    assert json.loads(ask("/v2/rates?quotes=XNV").body)["message"] == "invalid currency: XNV"
    assert json.loads(ask("/currencies").body)["XNU"] == "XNU"
