"""The get function as Lambda has it, with the calls that it makes and a clock that does not run."""

from __future__ import annotations

from types import ModuleType
from typing import Any, NamedTuple

import pytest

from rates.serving.reader import Reader
from rates.storage.store import Store
from tests.conftest import TABLE, proxy_event
from tests.fake_time import FakeTime
from tests.integration.dynamodb import before_each_call
from tests.support import ecb_publications

SINCE_2023 = [known for known in ecb_publications() if known.date >= "2023-06-01"]
HISTORY = [*SINCE_2023[:-2:10], *SINCE_2023[-2:]]  # some publications of each of four years


class GetFunction(NamedTuple):
    """The function, asked by paths."""

    module: ModuleType
    calls: list[str]
    clock: FakeTime
    capsys: pytest.CaptureFixture[str]

    def __call__(self, url: str, **event: Any) -> dict[str, Any]:
        """Its answer to an event of that path and query, and of those other parts."""
        answer: dict[str, Any] = self.module.handler({**proxy_event(url), **event}, None)
        return answer

    def status(self, url: str) -> int:
        """The status of its answer."""
        return int(self(url)["statusCode"])

    def forget(self) -> None:
        """Be as after a cold start."""
        self.module.READER = Reader(Store(self.module.CLIENT, TABLE), self.clock.now)  # type: ignore[attr-defined]

    def made(self) -> list[str]:
        """The calls to DynamoDB since this was asked last."""
        made = list(self.calls)
        self.calls.clear()
        return made

    def printed(self) -> list[str]:
        """The lines that were printed since this was asked last."""
        return self.capsys.readouterr().out.splitlines()


def watched(module: ModuleType, capsys: pytest.CaptureFixture[str]) -> GetFunction:
    """The function of a module that was just imported."""
    function = GetFunction(module, [], FakeTime(), capsys)

    def note(model: Any, params: Any, **_: Any) -> None:
        is_consistent = b'"ConsistentRead":true' in params["body"].replace(b" ", b"")
        function.calls.append(f"{model.name}, consistent" if is_consistent else model.name)

    before_each_call(module.CLIENT, note)
    function.forget()
    return function
