"""A clock that moves when it is told to, and notes the pauses."""

from __future__ import annotations

from rates.updating.feed import Clock


class FakeTime:
    """Seconds that pass only by sleeping and by `seconds += ...`."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.pauses: list[float] = []

    def now(self) -> float:
        """The seconds so far."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Passes at once."""
        self.pauses.append(seconds)
        self.seconds += seconds

    @property
    def time(self) -> Clock:
        """What the functions take for the clock."""
        return Clock(self.now, self.sleep)
