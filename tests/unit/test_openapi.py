"""The published contracts of both versions, compared with the real answers."""

import json
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import settings
from schemathesis import Case, Config, DeserializationContext, HookContext, Response
from schemathesis.schemas import BaseSchema

from rates.serving import proxy, service
from rates.serving.contract import file
from rates.serving.query import GROUPS
from rates.serving.reader import Reader
from rates.serving.service import PAGES, ROUTES
from rates.settings import load
from tests.conftest import ENVIRONMENT, Ask, proxy_event
from tests.support import NOW, MemoryStore, ecb_publications
from tests.wsgi import Application, application

ROOT = Path(__file__).parents[2]


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object. Of two equal keys, one would be lost without a word."""
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)


DOCUMENTS = {
    version: json.loads(file(f"openapi_{version}.json"), object_pairs_hook=once) for version in ROUTES
}
# Generated text has the form of a code or a date. It becomes a real one here.
# No base is a symbol too, because a schema cannot say that the two must differ.
BASES = ("EUR", "usd", "ISK", "HRK", "XTS")
QUOTES = ("GBP", "jpy", "TRL", "BGN", "XXX", "XAU")
CODES = {"base": BASES, "from": BASES, "symbols": QUOTES, "to": QUOTES}
CODES_V2 = {"base": BASES, "quotes": QUOTES[:4], "quote": QUOTES[:4], "code": ("EUR", "usd", "BGN")}
DATES = ("date", "from", "to", "start_date", "end_date")
# A preflight request is answered on every path.
PREFLIGHT = {"include-method": "OPTIONS", "checks": {"negative_data_rejection": {"enabled": False}}}
# Valid requests may have nothing to answer with, or too much.
LARGE = {
    "include-path-regex": r"^/(\{start_date|(providers/\{key\}/)?rate)",
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "422"]}},
}
CONFIG = {"generation": {"deterministic": True, "database": "none"}, "operations": [PREFLIGHT, LARGE]}
PARAMETERS = {
    "date": "2024-11-03",
    "start_date": "2024-10-01",
    "end_date": "2024-11-03",
    "base": "USD",
    "quote": "GBP",
    "code": "USD",
    "key": "ecb",
}


@cache
def history() -> Application:
    return application(Reader(MemoryStore(ecb_publications())), load(ENVIRONMENT))


def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return history()(environ, start_response)


def schema_of(version: str) -> BaseSchema:
    """Return the schema of a version, as Schemathesis tests it."""
    schema = schemathesis.openapi.from_dict(
        {**DOCUMENTS[version], "servers": [{"url": f"/{version}"}]}, config=Config.from_dict(CONFIG)
    )
    schema.app = respond
    return schema


V1, V2 = schema_of("v1"), schema_of("v2")


def text(context: DeserializationContext, response: Response) -> str:  # noqa: ARG001
    return response.text


for media_type in ("text/csv", "text/xml", "application/x-ndjson"):
    schemathesis.deserializer(media_type)(text)


def real(name: str, value: Any, codes: dict[str, tuple[str, ...]]) -> Any:
    """Return a generated value with real codes and dates in the place of those that only look so."""
    if name == "revision" and type(value) is int and 1 <= value <= 999_999_999:
        return 1  # the only one
    if isinstance(value, list):
        return [real(name, item, codes) for item in value]
    if not isinstance(value, str):
        return value
    if name in codes and re.fullmatch(" *[A-Za-z]{3} *", value):
        return codes[name][sum(value.encode()) % len(codes[name])]
    is_date = name in DATES and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value)
    if is_date and int(value[3]) % 4:  # three of four dates move to 1998..2027
        return f"{1998 + int(value[:4]) % 30}{value[4:]}".replace("02-29", "02-28")
    return value


def install(schema: BaseSchema, codes: dict[str, tuple[str, ...]], exclusive: list[set[str]]) -> None:
    """Install the hooks that make generated requests meaningful."""

    @schema.hook
    def map_query(context: HookContext, query: dict[str, Any] | None) -> dict[str, Any] | None:  # noqa: ARG001
        if query is None:
            return None
        query = {name: real(name, value, codes) for name, value in query.items()}
        if isinstance(query.get("amount"), float):
            query["amount"] = float(f"{query['amount']:.15g}")  # a schema cannot count digits either
        return query

    @schema.hook
    def filter_query(context: HookContext, query: dict[str, Any] | None) -> bool:  # noqa: ARG001
        """Keep a request unless one of its parameters hides an error in the other."""
        return not any(names <= set(query or ()) for names in exclusive)

    @schema.hook
    def map_path_parameters(
        context: HookContext,  # noqa: ARG001
        path_parameters: dict[str, Any] | None,
    ) -> dict[str, Any] | None:
        return path_parameters and {name: real(name, value, codes) for name, value in path_parameters.items()}


install(V1, CODES, [{"base", "from"}, {"symbols", "to"}])
install(V2, CODES_V2, [])


def follows_the_document(schema: BaseSchema, count: int) -> Any:
    """Return a test that compares answers to generated requests with the document."""

    @schema.parametrize()
    @settings(max_examples=count, deadline=None)
    def test(case: Case[Any]) -> None:
        case.call_and_validate()

    return test


hostile = pytest.mark.fault("A hostile request")
test_answers_of_v1_follow_the_document = hostile(follows_the_document(V1, 5))
test_answers_of_v2_follow_the_document = hostile(follows_the_document(V2, 5))
test_many_more_answers_of_v1_follow_the_document = pytest.mark.full(follows_the_document(V1, 50))
test_many_more_answers_of_v2_follow_the_document = pytest.mark.full(follows_the_document(V2, 50))


@pytest.mark.parametrize("version", ROUTES)
def test_the_document_has_exactly_the_routes(ask: Ask, version: str) -> None:
    assert list(DOCUMENTS[version]["paths"]) == [*ROUTES[version], *PAGES[version]]
    for path, item in DOCUMENTS[version]["paths"].items():
        assert {"get", "head", "options"} <= set(item)
        assert ask(f"/{version}{path.format(**PARAMETERS)}").status == 200, path


class Recorder(dict[str, list[str]]):
    """Parameters that record which of them the code asks for."""

    def __init__(self, sent: dict[str, list[str]]) -> None:
        super().__init__(sent)
        self.read: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.read.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)


@pytest.mark.parametrize(
    ("version", "path"),
    [(version, path) for version in ROUTES for path in {**ROUTES[version], **PAGES[version]}],
)
def test_the_documents_have_the_parameters_that_the_code_reads(
    ask: Ask, memory_reader: Reader, version: str, path: str
) -> None:
    url = f"/{version}{path.format(**PARAMETERS)}"
    read: set[str] = set()
    for sent in ({}, *({"group": [group]} for group in GROUPS)):
        parameters = Recorder(sent)
        request = proxy.request(proxy_event(url))._replace(parameters=parameters)
        service.respond(request, memory_reader, load(ENVIRONMENT), NOW)
        read |= parameters.read
    read = {name for name in read if "unknown parameter" not in ask(f"{url}?{name}=1").body}
    named = DOCUMENTS[version]["components"]["parameters"]
    item = DOCUMENTS[version]["paths"][path]
    references = [*item.get("parameters", []), *item["get"].get("parameters", [])]
    listed = [named[one["$ref"].rpartition("/")[2]] for one in references]
    assert read == {one["name"] for one in listed if one["in"] == "query"}
    reference = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    table = reference.split(f"\n## {version}\n")[1].split("\n| Parameter |")[1].split("\n\n")[0]
    assert read <= set(re.findall(r"`(\w+)`", "".join(re.findall(r"\n\| ([^|]*)", table))))


@pytest.mark.parametrize("version", ROUTES)
def test_every_part_of_the_document_is_used(version: str) -> None:
    text = json.dumps(DOCUMENTS[version])
    for kind, parts in DOCUMENTS[version]["components"].items():
        for name in parts:
            assert f'"#/components/{kind}/{name}"' in text, (kind, name)


def test_examples_of_v1_are_real_answers(ask: Ask) -> None:
    schemas = DOCUMENTS["v1"]["components"]["schemas"]
    assert ask("/latest?symbols=USD&format=csv").body == schemas["DaysCsv"]["example"]
    assert ask("/changes?symbols=USD&format=csv").body == schemas["ChangesCsv"]["example"]
    assert json.loads(ask("/latest?base=USD&symbols=GBP,JPY").body)["rates"] == schemas["Rates"]["example"]


def test_examples_of_v2_are_real_answers(ask: Ask) -> None:
    schemas = DOCUMENTS["v2"]["components"]["schemas"]
    assert ask("/v2/rates.csv?quotes=USD").body == schemas["RowsCsv"]["example"]
    ndjson = ask("/v2/rates?quotes=USD", headers={"Accept": "application/x-ndjson"})
    assert ndjson.body == schemas["RowsNdjson"]["example"]
    dollar = json.loads(ask("/v2/currency/USD").body)
    assert dollar.pop("providers") == ["ECB"]
    assert dollar == schemas["Currency"]["example"]
