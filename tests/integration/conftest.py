"""A feed on loopback, the update function on moto's table, and the get function."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import pytest

from rates.storage.store import Store
from rates.updating import plausibility
from tests.fake_time import FakeTime
from tests.integration.feed_server import FeedServer, feed_server
from tests.integration.get_function import HISTORY, GetFunction, watched
from tests.integration.publishing import publish
from tests.integration.stored_history import fill
from tests.support import NOW

CONTEXT = SimpleNamespace(function_name="rates-update")
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
def clock() -> FakeTime:
    """Return a clock that does not wait."""
    return FakeTime()


@pytest.fixture
def feed() -> Iterator[FeedServer]:
    """Return a feed that answers as planned."""
    with feed_server() as server:
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


@pytest.fixture
def empty_get_function(
    handler_module: Callable[[str], ModuleType], capsys: pytest.CaptureFixture[str]
) -> GetFunction:
    """Return the get function on an empty table."""
    return watched(handler_module("get_rates"), capsys)


@pytest.fixture
def get_function(store: Store, empty_get_function: GetFunction) -> GetFunction:
    """Return the get function on a history of some years, before its first request."""
    publish(store, HISTORY, NOW)
    return empty_get_function
