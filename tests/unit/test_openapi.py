"""The published contract held against the real answers, and the real answers against it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import settings
from schemathesis import Case, Config, DeserializationContext, HookContext, Response

from rates.serving.answers import file
from rates.serving.reader import Reader
from rates.settings import load
from tests.conftest import ENVIRONMENT, Ask
from tests.support import MemoryStore, ecb_publications
from tests.wsgi import Application, application

DOCUMENT = json.loads(file("openapi.json"))
# What is generated knows no currency and no time: what is formed like a code or a date becomes a real one.
# No base is a symbol too, as a schema cannot say that the two must differ.
REAL_CODES = {
    "base": ("EUR", "usd", "ISK", "HRK", "XXX"),
    "from": ("EUR", "usd", "ISK", "HRK", "XXX"),
    "symbols": ("GBP", "jpy", "TRL", "BGN", "YYY"),
    "to": ("GBP", "jpy", "TRL", "BGN", "YYY"),
}
# A preflight request is answered on every path; and the whole history as CSV is valid, but too large.
PREFLIGHT = {"include-method": "OPTIONS", "checks": {"negative_data_rejection": {"enabled": False}}}
LARGE = {
    "include-path-regex": r"^/\{start_date",
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "422"]}},
}
CONFIG = {"generation": {"deterministic": True, "database": "none"}, "operations": [PREFLIGHT, LARGE]}


@cache
def history() -> Application:
    return application(Reader(MemoryStore(ecb_publications())), load(ENVIRONMENT))  # type: ignore[arg-type]


def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return history()(environ, start_response)


schema = schemathesis.openapi.from_dict(
    {**DOCUMENT, "servers": [{"url": "/v1"}]}, config=Config.from_dict(CONFIG)
)
schema.app = respond


@schemathesis.deserializer("text/csv")
def csv_text(context: DeserializationContext, response: Response) -> str:  # noqa: ARG001
    return response.text


@schema.hook
def map_query(context: HookContext, query: dict[str, Any] | None) -> dict[str, Any] | None:  # noqa: ARG001
    if query is None:
        return None
    for name, codes in REAL_CODES.items():
        if name in query:
            given = query[name]
            query[name] = [real(c, codes) for c in given] if isinstance(given, list) else real(given, codes)
    if isinstance(query.get("amount"), float):
        query["amount"] = float(f"{query['amount']:.15g}")  # a schema cannot count digits either
    return query


@schema.hook
def filter_query(context: HookContext, query: dict[str, Any] | None) -> bool:  # noqa: ARG001
    """Not both spellings: what is wrong in the one that loses is no error."""
    names = set(query or ())
    return not ({"base", "from"} <= names or {"symbols", "to"} <= names)


@schema.hook
def map_path_parameters(
    context: HookContext,  # noqa: ARG001
    path_parameters: dict[str, Any] | None,
) -> dict[str, Any] | None:
    if path_parameters is None:
        return None
    return {name: in_time(value) for name, value in path_parameters.items()}


def real(code: Any, codes: tuple[str, ...]) -> Any:
    is_code = isinstance(code, str) and re.fullmatch(" *[A-Za-z]{3} *", code)
    return codes[sum(code.encode()) % len(codes)] if is_code else code


def in_time(day: Any) -> Any:
    """Three of four dates moved to 1998..2027."""
    is_date = isinstance(day, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day)
    if not is_date or int(day[3]) % 4 == 0:
        return day
    return f"{1998 + int(day[:4]) % 30}{day[4:]}".replace("02-29", "02-28")


@schema.parametrize()
@settings(max_examples=5, deadline=None)
def test_every_answer_is_as_the_document_says(case: Case[Any]) -> None:
    case.call_and_validate()


@pytest.mark.full
@schema.parametrize()
@settings(max_examples=50, deadline=None)
def test_every_answer_is_as_the_document_says_for_many_more_requests(case: Case[Any]) -> None:
    case.call_and_validate()


def test_every_path_of_the_api_is_in_the_document_and_answers(ask: Ask) -> None:
    assert len(DOCUMENT["paths"]) == 13
    for path, item in DOCUMENT["paths"].items():
        url = path.format(date="2024-11-03", start_date="2024-10-01", end_date="2024-11-03")
        assert {"get", "head", "options"} <= set(item)
        assert ask(url).status == 200, path


def test_no_part_of_the_document_is_without_use() -> None:
    text = json.dumps(DOCUMENT)
    for kind, parts in DOCUMENT["components"].items():
        for name in parts:
            assert f'"#/components/{kind}/{name}"' in text, (kind, name)


def test_the_examples_in_the_document_are_real_answers(ask: Ask) -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert ask("/latest?symbols=USD&format=csv").body == schemas["DaysCsv"]["example"]
    assert ask("/changes?symbols=USD&format=csv").body == schemas["ChangesCsv"]["example"]
    assert json.loads(ask("/latest?base=USD&symbols=GBP,JPY").body)["rates"] == schemas["Rates"]["example"]
