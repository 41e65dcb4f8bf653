"""One local stack for all end-to-end tests of a process; each pytest-xdist worker has its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.stack import Commands, LocalStack


@pytest.fixture(scope="session")
def local_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The program as it stands, deployed with the packaged rates. Tests leave it as they found it."""
    stack = LocalStack.up(Commands(tmp_path_factory.mktemp("local")))
    yield stack
    stack.down()


@pytest.fixture(scope="session")
def api_url(local_stack: LocalStack) -> str:
    """The API's base URL, which ends in /v1."""
    return local_stack.api_url
