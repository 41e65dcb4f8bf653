"""An update that stops before each of its calls to AWS: a test decides the order of two updates."""

import threading
from collections.abc import Callable
from typing import Any

from tests.integration.dynamodb import before_each_call

STEP_SECONDS = 30  # for one step: a longer one fails the test


class Stepped:
    """Run a function in a thread, one call of its clients at a time."""

    def __init__(self, *clients: Any) -> None:
        self._go, self._stopped = threading.Semaphore(0), threading.Semaphore(0)
        self._thread: threading.Thread | None = None
        self.is_done = True
        self.error: BaseException | None = None
        for client in clients:
            before_each_call(client, self._stop)

    def start(self, run: Callable[[], object]) -> None:
        """Run the function up to its first call."""
        self.is_done, self.error = False, None
        self._thread = threading.Thread(target=self._run, args=(run,), daemon=True)
        self._thread.start()
        self._wait()

    def step(self) -> None:
        """Make the next call, and run up to the one after it or to the end."""
        if not self.is_done:
            self._go.release()
            self._wait()

    def finish(self) -> None:
        """Make all the remaining calls. Raises the error of the function."""
        while not self.is_done:
            self.step()
        if self.error:
            raise self.error

    def _run(self, run: Callable[[], object]) -> None:
        try:
            run()
        except BaseException as error:
            self.error = error
        self.is_done = True
        self._stopped.release()

    def _stop(self, **_: Any) -> None:
        if threading.current_thread() is self._thread:
            self._stopped.release()
            assert self._go.acquire(timeout=STEP_SECONDS)

    def _wait(self) -> None:
        assert self._stopped.acquire(timeout=STEP_SECONDS)
        if self.is_done and self._thread:
            self._thread.join()
