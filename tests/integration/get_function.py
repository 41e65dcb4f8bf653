"""The get function as Lambda runs it, with a clock of the test, on moto's table."""

import json
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from rates.serving.reader import Reader
from rates.storage.store import Store
from tests.conftest import TABLE, proxy_event
from tests.fake_time import FakeTime
from tests.integration.dynamodb_server import DynamoDBServer
from tests.support import ecb_publications

SINCE_2023 = [publication for publication in ecb_publications() if publication.date >= "2023-06-01"]
HISTORY = [*SINCE_2023[:-2:10], *SINCE_2023[-2:]]  # some publications of each of four years


class GetFunction(NamedTuple):
    """The function of a module that was just imported."""

    module: ModuleType
    dynamodb: DynamoDBServer
    clock: FakeTime
    capsys: pytest.CaptureFixture[str]

    def __call__(self, url: str, **event: Any) -> dict[str, Any]:
        """Return the payload for a path with its query; `event` replaces parts of the proxy event."""
        payload: dict[str, Any] = self.module.handler({**proxy_event(url), **event}, None)
        return payload

    def status(self, url: str) -> int:
        """Return the status of the answer."""
        return int(self(url)["statusCode"])

    def get(self, url: str) -> tuple[int, Any, dict[str, Any]]:
        """Return the status, the answer and the line that was printed."""
        self.capsys.readouterr()
        payload = self(url)
        (line,) = self.lines()
        return payload["statusCode"], json.loads(payload["body"]), line

    def restart(self) -> None:
        """Reset the function to its state after a cold start."""
        self.module.READER = Reader(Store(self.module.CLIENT, TABLE), self.clock.now)  # type: ignore[attr-defined]

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines that were printed since the last time."""
        return [json.loads(line) for line in self.capsys.readouterr().out.splitlines()]
