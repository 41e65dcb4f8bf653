"""Signals interrupt a wait, and no other step."""

import signal
from collections.abc import Iterator

import pytest

from local import waiting
from local.waiting import defer_signals, until


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in waiting.SIGNALS}
    yield
    waiting._received.clear()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", waiting.SIGNALS)
def test_deferred_signal_ends_the_next_wait_only(number: int) -> None:
    defer_signals()
    signal.raise_signal(number)
    assert until(lambda: True)
    with pytest.raises(KeyboardInterrupt):
        until(lambda: False)


def test_wait_of_a_cleanup_goes_on_after_a_signal() -> None:
    defer_signals()
    signal.raise_signal(signal.SIGINT)
    answers = iter([False, False, True])
    assert until(lambda: next(answers), interruptible=False)
    assert not until(lambda: False, 0.05, interruptible=False)
