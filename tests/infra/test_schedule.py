"""The schedules of the update, its time limits and its retries."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from infra import schedule
from rates.updating import feed
from tests.infra.capture import arn, captured


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


def test_the_schedules_run_on_the_minute_in_utc() -> None:
    program = captured("dev")
    for scheduled in program.of("scheduler.Schedule"):
        assert {key: value for key, value in scheduled.inputs.items() if key != "scheduleExpression"} == {
            "groupName": "update-schedule-1234567",
            "scheduleExpressionTimezone": "UTC",
            "flexibleTimeWindow": {"mode": "OFF"},
            "target": {
                "arn": arn("lambda.Alias update-rates"),
                "roleArn": arn("iam.Role update-schedule"),
                "input": "{}",
                "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 3},
                "deadLetterConfig": {"arn": arn("sqs.Queue dead-letters")},
            },
        }


def test_the_functions_get_the_time_of_the_schedule() -> None:
    for function in captured("dev", "updateTime=15:45").of("lambda.Function"):
        assert function.inputs["environment"]["variables"]["UPDATE_TIME"] == "15:45"


def test_a_failed_update_is_retried_twice_and_then_a_dead_letter() -> None:
    program = captured("dev")
    assert program["lambda.FunctionEventInvokeConfig update-schedule"].inputs == {
        "functionName": "update-rates-1234567",
        "qualifier": "live",
        "maximumEventAgeInSeconds": 3600,
        "maximumRetryAttempts": 2,
        "destinationConfig": {"onFailure": {"destination": arn("sqs.Queue dead-letters")}},
    }


def test_each_time_limit_exceeds_the_limits_inside_it(handler_module: Callable[[str], ModuleType]) -> None:
    for_the_role = handler_module("update_rates").DENIED_SECONDS
    program = captured("dev")
    timeouts = {function.name: function.inputs["timeout"] for function in program.of("lambda.Function")}
    assert feed.TRY_SECONDS < feed.ALL_TRIES_SECONDS
    assert timeouts["update-rates"] > feed.ALL_TRIES_SECONDS + for_the_role
    assert timeouts["update-rates"] < schedule.MAXIMUM_EVENT_AGE_SECONDS
    assert schedule.MAXIMUM_EVENT_AGE_SECONDS <= 3600  # the next catch-up run is an hour later
    assert timeouts["get-rates"] < 29  # seconds, the timeout of the gateway
