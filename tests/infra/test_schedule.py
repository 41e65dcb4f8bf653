"""The schedules of the update, its time limits and its retries."""

from collections.abc import Callable
from types import ModuleType

import pytest

from infra import schedule
from rates.updating import feed
from tests.infra.capture import captured


def expressions(*overrides: str) -> dict[str, str]:
    schedules = captured("dev", *overrides).of("scheduler.Schedule")
    return {schedule.name: schedule.inputs["scheduleExpression"] for schedule in schedules}


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ([], {"daily": "cron(0 17 * * ? *)", "catch-up": "cron(30 18-22 ? * MON-FRI *)"}),
        (["updateTime=15:45"], {"daily": "cron(45 15 * * ? *)", "catch-up": "cron(30 16-20 ? * MON-FRI *)"}),
        (["updateTime=23:59", "catchUp=false"], {"daily": "cron(59 23 * * ? *)"}),
    ],
)
def test_the_update_runs_daily_and_in_the_five_hours_after_it(
    overrides: list[str], expected: dict[str, str]
) -> None:
    assert expressions(*overrides) == expected


def test_each_time_limit_exceeds_the_limits_inside_it(handler_module: Callable[[str], ModuleType]) -> None:
    for_the_role = handler_module("update_rates").DENIED_SECONDS
    program = captured("dev")
    timeouts = {function.name: function.inputs["timeout"] for function in program.of("lambda.Function")}
    assert feed.TRY_SECONDS < feed.ALL_TRIES_SECONDS
    assert timeouts["update-rates"] > feed.ALL_TRIES_SECONDS + for_the_role
    assert timeouts["update-rates"] < schedule.MAXIMUM_EVENT_AGE_SECONDS
    assert schedule.MAXIMUM_EVENT_AGE_SECONDS <= 3600  # the next catch-up run is an hour later
    assert timeouts["get-rates"] < 29  # seconds, the timeout of the gateway
