"""Wait for a condition. Signals interrupt only these waits, so no step of a command is left half done."""

import math
import signal
import time
from collections.abc import Callable

# SIGINT is among them because a shell starts background jobs with SIGINT ignored.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STEP_SECONDS = 0.02

_received: list[int] = []


def defer_signals() -> None:
    """Let each signal raise KeyboardInterrupt in `until` only."""
    for number in SIGNALS:
        signal.signal(number, lambda number, _: _received.append(number))


def until(condition: Callable[[], bool], seconds: float = math.inf, *, interruptible: bool = True) -> bool:
    """Wait until the condition holds and return True, or False if it does not hold in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if interruptible and _received:
            raise KeyboardInterrupt
        if time.monotonic() > deadline:
            return False
        time.sleep(STEP_SECONDS)
    return True
