"""One deployed stack for the engine tests of a process. They need a real `pulumi` command and minutes."""

import shutil
from collections.abc import Iterator

import pytest

from tests.engine.stack import EngineStack, initialized


@pytest.fixture(scope="session", autouse=True)
def a_pulumi_command(pytestconfig: pytest.Config) -> None:
    """Skip the tests if there is no `pulumi` command, or if nobody asked for them."""
    if not shutil.which("pulumi"):
        pytest.skip("there is no `pulumi` command on PATH")
    by_mark = "engine" in pytestconfig.getoption("markexpr")
    by_path = any("tests/engine" in argument for argument in pytestconfig.args)
    if not by_mark and not by_path:
        pytest.skip("takes minutes; run by `make test-engine`")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineStack]:
    """Yield a deployed stack. Each test begins with an `up` of its own configuration."""
    with initialized(tmp_path_factory.mktemp("engine")) as stack:
        stack.up()
        yield stack
