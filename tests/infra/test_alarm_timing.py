"""The states of `no-success-in-26-h` over time, by CloudWatch's documented rules.

CloudWatch itself cannot run here. The model below follows the user guide: a range of more than a day is
evaluated once an hour with the data up to the full hour, and more data points are retrieved than evaluated.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from tests.infra.capture import captured

ALARM = captured("prod")["cloudwatch.MetricAlarm no-success-in-26-h"].inputs
PERIODS = ALARM["evaluationPeriods"]
EXTRA = (1, 5, 48)  # the guide does not say how many more data points CloudWatch retrieves


def expression(runs: Mapping[int, int], errors: Mapping[int, int], hours: range) -> list[int | None]:
    """Return the values of the alarm's expression: `IF(TIME_SERIES(MAX(x)) > 0, FILL(x, 0))`."""
    differences = {hour: runs[hour] - errors.get(hour, 0) for hour in hours if hour in runs}
    if max(differences.values(), default=0) <= 0:
        return [None for _ in hours]
    return [differences.get(hour, 0) for hour in hours]


def states(
    successes: Collection[int], failures: Collection[int], created: int, until: int, extra: int
) -> list[str]:
    """Return the state after each hourly evaluation, from the creation of the alarm on."""
    runs = dict.fromkeys([*successes, *failures], 1)
    errors = dict.fromkeys(failures, 1)
    found, state = [], "INSUFFICIENT_DATA"
    for now in range(created, until):
        values = expression(runs, errors, range(now - PERIODS - extra, now))
        real = [value for value in values if value is not None]
        if len(real) >= PERIODS:
            breaching = all(value < ALARM["threshold"] for value in real[-PERIODS:])
            state = "ALARM" if breaching else "OK"
        else:
            assert not real
            assert ALARM["treatMissingData"] == "ignore"  # the state stays
        found.append(state)
    return found


@pytest.mark.parametrize("extra", EXTRA)
def test_the_alarm_does_not_fire_when_it_is_created(extra: int) -> None:
    """The seeding runs in the hour of the creation, so the first evaluation has no data."""
    assert states([0], [], created=0, until=3, extra=extra) == ["INSUFFICIENT_DATA", "OK", "OK"]


@pytest.mark.parametrize("extra", EXTRA)
def test_a_failed_first_deployment_does_not_make_it_fire(extra: int) -> None:
    assert "ALARM" not in states([2], [0, 1], created=2, until=28, extra=extra)


@pytest.mark.parametrize("extra", EXTRA)
def test_the_alarm_fires_26_to_27_hours_after_the_last_success(extra: int) -> None:
    """The success is in the first hour of the data, so the evaluation at hour 27 is the first without it."""
    found = states([0], [24, 26], created=0, until=100, extra=extra)
    assert found.index("ALARM") == 27
    assert set(found[27:]) == {"ALARM"}  # also after the success has left the retrieved data


@pytest.mark.parametrize("extra", EXTRA)
def test_the_alarm_ends_with_the_next_success(extra: int) -> None:
    found = states([0, 90], [], created=0, until=92, extra=extra)
    assert found[-2:] == ["ALARM", "OK"]


@pytest.mark.parametrize("extra", EXTRA)
def test_daily_updates_keep_the_alarm_silent(extra: int) -> None:
    assert "ALARM" not in states([3, *range(17, 240, 24)], [], created=3, until=240, extra=extra)
