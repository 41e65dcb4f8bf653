"""A client that polls an API continuously in the background, and records each failure."""

import itertools
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import requests

SECONDS = 10  # for one answer
PAUSE_SECONDS = 0.05  # between two requests, which keeps below the throttling of the stages


class Poller:
    """Asks the URLs in turn, from the beginning of the `with` block to its end."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.answers = 0
        self.failures: list[str] = []  # a status other than 200, or the name of an exception
        self._urls = itertools.cycle(urls)
        self._ending = threading.Event()
        self._counted = threading.Condition()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.wait(1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()

    def wait(self, more: int) -> None:
        """Wait for this many more answers."""
        with self._counted:
            wanted = self.answers + more
            assert self._counted.wait_for(lambda: self.answers >= wanted, timeout=more * SECONDS)

    def _ask(self) -> None:
        while not self._ending.wait(PAUSE_SECONDS):
            failure = _failure(next(self._urls))
            with self._counted:
                self.answers += 1
                self.failures += failure
                self._counted.notify_all()


def _failure(url: str) -> list[str]:
    try:
        status = requests.get(url, timeout=SECONDS).status_code
    except requests.RequestException as error:
        return [type(error).__name__]
    return [] if status == requests.codes.ok else [str(status)]
