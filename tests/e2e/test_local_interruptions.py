"""Signals at many moments of a deployment, and several commands at once on one port."""

import signal
import time

import pytest

from tests.e2e.processes import assert_nothing_left, group, until
from tests.e2e.stack import Commands, LocalStack, free_port

pytestmark = pytest.mark.full
MOMENTS = 8


def test_signal_at_any_moment_ends_a_deployment_within_5_s(commands: Commands) -> None:
    began = time.monotonic()
    LocalStack.up(commands).down()
    seconds = time.monotonic() - began
    for moment in range(MOMENTS):
        process = commands.start("up", "--offline", "--port", free_port())
        assert process.stdout
        assert process.stdout.readline().startswith("MiniStack on")
        ministack = group(commands)
        # Any moment will do, so this pause cannot make the test fail.
        time.sleep(seconds * moment / MOMENTS)
        process.send_signal(signal.SIGINT if moment % 2 else signal.SIGTERM)
        _, said = process.communicate(timeout=5)
        assert process.returncode in (0, 130), said  # 0 if it was deployed before
        assert_nothing_left(commands, ministack)


@pytest.mark.fault("Several `up` at once on one port")
@pytest.mark.parametrize("count", [2, 3])
def test_commands_at_once_leave_one_stack_that_down_finds(commands: Commands, count: int) -> None:
    port = free_port()
    ups = [commands.start("up", "--detach", "--offline", "--port", port) for _ in range(count)]
    said = [process.communicate(timeout=120) for process in ups]
    assert [process.returncode for process in ups] == [0] * count, said
    ministack = group(commands)
    assert commands.run("down").stdout == f"The stack on port {port} is down.\n"
    assert_nothing_left(commands, ministack)


def test_down_waits_for_a_deployment(commands: Commands) -> None:
    port = free_port()
    up = commands.start("up", "--detach", "--offline", "--port", port)
    until(lambda: any(commands.state.glob("*/pid")), seconds=30)
    assert commands.run("down", "--port", port).returncode == 0
    assert up.wait(5) == 0
    assert_nothing_left(commands)
