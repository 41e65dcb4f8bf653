"""Local stacks for the end-to-end tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.stack import Commands, LocalStack


@pytest.fixture(scope="session")
def local_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The program with the packaged rates, deployed once a process. Tests leave it as they found it."""
    stack = LocalStack.up(Commands(tmp_path_factory.mktemp("local")))
    yield stack
    stack.down()


@pytest.fixture(scope="session")
def api_url(local_stack: LocalStack) -> str:
    """The API's base URL, which ends in /v1."""
    return local_stack.api_url


@pytest.fixture(scope="session")
def faulty_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack with events, whose feed has a fault. Tests change it."""
    commands = Commands(tmp_path_factory.mktemp("faults"))
    stack = LocalStack.up(commands, "--feed-fault", "stale", "--config", "events=true")
    yield stack
    stack.down()


@pytest.fixture
def stale_stack(faulty_stack: LocalStack) -> LocalStack:
    """The stack whose history and feed lack the newest publications, also after other tests."""
    faulty_stack.feed_fault.write_text("stale")
    faulty_stack.commands.run("invoke", "update", "--event", '{"force": true}')
    return faulty_stack


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[Commands]:
    """The commands with a state directory of their own. Stacks that a test leaves running are ended."""
    commands = Commands(tmp_path / "state")
    yield commands
    for directory in commands.state.glob("[0-9]*[0-9]"):
        commands.run("down", "--port", directory.name)
