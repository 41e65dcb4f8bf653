"""A feed on loopback, and the update function that reads it into moto's table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from tests.fake_time import FakeTime
from tests.integration.feed_server import FeedServer, feed_server


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
