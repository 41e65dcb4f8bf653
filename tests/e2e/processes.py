"""The processes of local stacks, and helpers that wait for them."""

import subprocess
import time
from collections.abc import Callable

from tests.e2e.stack import Commands, LocalStack


def group(commands: Commands, stack: LocalStack | None = None) -> int:
    """Return the process group of a stack's MiniStack, or of the only one."""
    return int(next(commands.state.glob(f"{stack.port if stack else '*'}/pid")).read_text())


def is_alive(group: int) -> bool:
    """Return True if a process of the group lives. Zombies do not."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    return any(int(pgid) == group and stat[0] != "Z" for pgid, stat in map(str.split, listed.splitlines()))


def assert_nothing_left(commands: Commands, *groups: int) -> None:
    """Assert that the state directory is gone and the process groups are ended."""
    assert not commands.state.exists()
    for number in groups:
        until(lambda: not is_alive(number))  # noqa: B023 (called at once)


def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until the condition holds, and fail if it does not hold in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
