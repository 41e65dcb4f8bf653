"""Fixtures for tests of several levels. None of them needs a network."""

import functools
import importlib
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from types import ModuleType
from typing import Any
from urllib.parse import unquote_plus

import boto3
import pytest
from botocore import loaders
from moto import mock_aws

from rates import settings
from rates.serving import proxy, service
from rates.serving.proxy import Response
from rates.serving.reader import Reader
from rates.storage.store import Store
from tests.support import NOW, MemoryStore, ecb_columns, ecb_publications

TABLE = "rates-test"
ENVIRONMENT = {
    "TABLE_NAME": TABLE,
    "FEED_URL": "http://127.0.0.1:9/eurofxref-hist.zip",
    "UPDATE_TIME": "17:00",
    "STACK": "test",
    "CODE_VERSION": "0123456789ab",
    "METRICS": "true",
}
Ask = Callable[..., Response]


@pytest.fixture(scope="session", autouse=True)
def shared_models() -> Iterator[None]:
    """Share the models of AWS's services: parsing them for each client takes a third of the tests' time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loaders, "create_loader", functools.cache(loaders.create_loader))
        yield


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the functions' environment, with credentials that are not real."""
    aws = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_CONFIG_FILE")
    # The tests may be run by make, and run make themselves.
    for name in (*aws, "MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        monkeypatch.delenv(name, raising=False)
    account = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_REGION": "eu-central-1",
    }
    for name, value in {**account, **ENVIRONMENT}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def memory_reader() -> Reader:
    """Return a warm reader of the whole real history."""
    return Reader(MemoryStore(ecb_publications(), ecb_columns()))


@pytest.fixture
def ask(memory_reader: Reader) -> Ask:
    """Return a function that asks the service: `ask("/latest?base=USD", method=..., headers=...)`."""
    return asking(memory_reader)


def asking(reader: Reader) -> Ask:
    """Return a function that asks the service with another history."""

    def get(
        url: str, method: str = "GET", headers: dict[str, str] | None = None, now: datetime = NOW
    ) -> Response:
        request = proxy.request(proxy_event(url, method, headers))
        return service.respond(request, reader, settings.load(), now)[0]

    return get


def proxy_event(url: str, method: str = "GET", headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a REST API proxy event for a path with its query.

    The stage is `v2` if the path begins with it, else `v1`. A parameter without `=` has no value.
    """
    path, _, query = url.partition("?")
    parameters: dict[str, list[str]] = {}
    for part in filter(None, query.split("&")):
        name, equals, value = part.partition("=")
        parameters.setdefault(unquote_plus(name), []).extend([unquote_plus(value)] if equals else [])
    return {
        "httpMethod": method,
        "path": path,
        "multiValueQueryStringParameters": parameters or None,
        "headers": headers or {},
        "requestContext": {"requestId": "test-request", "stage": "v2" if path.startswith("/v2") else "v1"},
    }


@pytest.fixture
def table() -> Iterator[Any]:
    """A DynamoDB client of moto, with the stack's table, empty."""
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        )
        yield client


@pytest.fixture
def store(table: Any) -> Store:
    """The store on that table."""
    return Store(table, TABLE)


@pytest.fixture
def handler_module(table: Any) -> Iterator[Callable[[str], ModuleType]]:  # noqa: ARG001 (moto is on)
    """Return a function that imports a handler's module like a cold start, with moto's table."""
    imported: list[str] = []

    def load(name: str) -> ModuleType:
        imported.append(name)
        sys.modules.pop(name, None)
        return importlib.import_module(name)

    yield load
    for name in imported:
        sys.modules.pop(name, None)
