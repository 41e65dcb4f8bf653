"""A feed on loopback, the update function that reads it into moto's table, and the get function."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from rates.storage.store import Store
from tests.fake_time import FakeTime
from tests.integration.feed_server import FeedServer, feed_server
from tests.integration.get_function import HISTORY, GetFunction, watched
from tests.integration.publishing import publish
from tests.support import NOW


@pytest.fixture
def feed() -> Iterator[FeedServer]:
    """A feed that behaves as it is told to."""
    with feed_server() as server:
        yield server


class UpdateFunction(NamedTuple):
    """The update function as Lambda has it, with a clock that does not wait."""

    module: ModuleType
    clock: FakeTime
    capsys: pytest.CaptureFixture[str]

    def __call__(self, **event: Any) -> Any:
        """What it answers to an event."""
        return self.module.handler(event, None)

    def printed(self) -> list[dict[str, Any]]:
        """The lines that it printed since this was asked last."""
        return [json.loads(line) for line in self.capsys.readouterr().out.splitlines()]


@pytest.fixture
def update_function(
    feed: FeedServer,
    handler_module: Callable[[str], ModuleType],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> UpdateFunction:
    """The update function, reading that feed."""
    monkeypatch.setenv("FEED_URL", feed.url)
    clock = FakeTime()
    module = handler_module("update_rates")
    monkeypatch.setattr(module, "CLOCK", clock.time)
    return UpdateFunction(module, clock, capsys)


@pytest.fixture
def empty_get_function(
    handler_module: Callable[[str], ModuleType], capsys: pytest.CaptureFixture[str]
) -> GetFunction:
    """The get function on an empty table."""
    return watched(handler_module("get_rates"), capsys)


@pytest.fixture
def get_function(store: Store, empty_get_function: GetFunction) -> GetFunction:
    """The get function on some years' history, before its first request."""
    publish(store, HISTORY, NOW)
    return empty_get_function
