"""A feed on loopback, the update function on moto's table, and the get function."""

import json
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import pytest

from rates.storage.store import Store
from rates.updating import plausibility
from tests import history_files
from tests.fake_time import FakeTime
from tests.integration.dynamodb_server import DynamoDBServer
from tests.integration.feed_server import FeedServer
from tests.integration.get_function import HISTORY, GetFunction
from tests.integration.publishing import publish
from tests.integration.serving import serving
from tests.integration.stored_history import fill
from tests.support import NOW

CONTEXT = SimpleNamespace(invoked_function_arn="arn:rates-update:live")
CHECK = plausibility.check


@pytest.fixture(autouse=True)
def _unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accept every history: the rule of plausibility would refuse the short ones of these tests."""
    monkeypatch.setattr(plausibility, "check", lambda *_: [])


@pytest.fixture
def judged(_unjudged: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Apply the rule of plausibility nevertheless."""
    monkeypatch.setattr(plausibility, "check", CHECK)


@pytest.fixture
def filled(store: Store) -> Store:
    """Return the store with a small history."""
    fill(store)
    return store


@pytest.fixture
def published(store: Store) -> Store:
    """Return the store with a small history, published with a tag."""
    publish(store, history_files.HISTORY, tag="tag")
    return store


@pytest.fixture
def clock() -> FakeTime:
    """Return a clock that does not wait."""
    return FakeTime()


@pytest.fixture
def feed() -> Iterator[FeedServer]:
    """Return a feed that answers as planned."""
    with serving(FeedServer()) as server:
        yield server


class UpdateFunction(NamedTuple):
    """The update function with a clock that does not wait."""

    module: ModuleType
    clock: FakeTime
    capsys: pytest.CaptureFixture[str]

    def __call__(self, **event: Any) -> Any:
        """Return the answer to an event."""
        return self.module.handler(event, CONTEXT)

    def printed(self) -> list[dict[str, Any]]:
        """Return the lines that were printed since the last call."""
        return [json.loads(line) for line in self.capsys.readouterr().out.splitlines()]


@pytest.fixture
def update_function(
    feed: FeedServer,
    handler_module: Callable[[str], ModuleType],
    clock: FakeTime,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> UpdateFunction:
    """Return the update function, which reads that feed."""
    monkeypatch.setenv("FEED_URL", feed.url)
    module = handler_module("update_rates")
    monkeypatch.setattr(module, "CLOCK", clock.time)
    return UpdateFunction(module, clock, capsys)


@pytest.fixture(scope="session")
def moto_server() -> Iterator[DynamoDBServer]:
    """Serve moto's tables over HTTP, for a client that is not boto3's."""
    with serving(DynamoDBServer()) as server:
        yield server


@pytest.fixture
def dynamodb(moto_server: DynamoDBServer, table: Any) -> Iterator[DynamoDBServer]:  # noqa: ARG001 (moto is on)
    """Return the server of the stack's table."""
    moto_server.restart()
    yield moto_server
    moto_server.closing.set()


@pytest.fixture
def empty_get_function(
    dynamodb: DynamoDBServer,
    handler_module: Callable[[str], ModuleType],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> GetFunction:
    """Return the get function on an empty table. It does not wait before it retries."""
    monkeypatch.setenv("DYNAMODB_ENDPOINT", dynamodb.url)
    monkeypatch.setattr("rates.storage.store.time.sleep", lambda _: None)
    function = GetFunction(handler_module("get_rates"), dynamodb, FakeTime(), capsys)
    function.restart()
    return function


@pytest.fixture
def get_function(store: Store, empty_get_function: GetFunction) -> GetFunction:
    """Return the get function on a history of four years, before its first request."""
    publish(store, HISTORY, NOW)
    return empty_get_function
