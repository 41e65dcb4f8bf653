"""A clock that only the test moves. It records the pauses."""

from rates.updating.feed import Clock


class FakeTime:
    """Seconds that pass only by `sleep` and by `seconds += ...`."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.pauses: list[float] = []

    def now(self) -> float:
        """Return the seconds so far."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Move the clock without a wait."""
        self.pauses.append(seconds)
        self.seconds += seconds

    @property
    def time(self) -> Clock:
        """The clock, as the functions take it."""
        return Clock(self.now, self.sleep)
