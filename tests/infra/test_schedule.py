"""When the update runs, how long each step of it may take, and where its failures go."""

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
        (["updateTime=05:45"], {"daily": "cron(45 5 * * ? *)", "catch-up": "cron(30 6-10 ? * MON-FRI *)"}),
        (["updateTime=23:59", "catchUp=false"], {"daily": "cron(59 23 * * ? *)"}),
    ],
)
def test_the_update_runs_daily_and_again_in_the_hours_after_it(
    overrides: list[str], expected: dict[str, str]
) -> None:
    assert expressions(*overrides) == expected


def test_the_schedules_run_in_utc_at_the_minute_in_a_group_of_the_stacks_own() -> None:
    program = captured("dev")
    for scheduled in program.of("scheduler.Schedule"):
        assert {key: value for key, value in scheduled.inputs.items() if key != "scheduleExpression"} == {
            "groupName": "update-schedule-1234567",
            "scheduleExpressionTimezone": "UTC",
            "flexibleTimeWindow": {"mode": "OFF"},
            "target": {
                "arn": arn("lambda.Function update-rates"),
                "roleArn": arn("iam.Role update-schedule"),
                "input": "{}",
                "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 3},
                "deadLetterConfig": {"arn": arn("sqs.Queue dead-letters")},
            },
        }


def test_the_functions_know_the_time_that_the_schedule_has() -> None:
    for function in captured("dev", "updateTime=05:45").of("lambda.Function"):
        assert function.inputs["environment"]["variables"]["UPDATE_TIME"] == "05:45"


def test_an_update_that_fails_is_tried_twice_more_and_then_ends_among_the_dead_letters() -> None:
    program = captured("dev")
    assert program["lambda.FunctionEventInvokeConfig update-schedule"].inputs == {
        "functionName": "update-rates-1234567",
        "maximumEventAgeInSeconds": 3600,
        "maximumRetryAttempts": 2,
        "destinationConfig": {"onFailure": {"destination": arn("sqs.Queue dead-letters")}},
    }


def test_each_step_has_time_for_the_steps_inside_it(handler_module: Callable[[str], ModuleType]) -> None:
    for_the_role = handler_module("update_rates").ACCESS_DENIED_SECONDS
    program = captured("dev")
    timeouts = {function.name: function.inputs["timeout"] for function in program.of("lambda.Function")}
    assert feed.TRY_SECONDS < feed.ALL_TRIES_SECONDS
    assert timeouts["update-rates"] > feed.ALL_TRIES_SECONDS + for_the_role
    assert timeouts["update-rates"] < schedule.MAXIMUM_EVENT_AGE_SECONDS
    assert schedule.MAXIMUM_EVENT_AGE_SECONDS <= 3600  # by then the next catch-up comes
    assert timeouts["get-rates"] < 29  # what the gateway waits


def test_the_seed_runs_again_for_other_code_another_feed_or_another_table_only() -> None:
    inputs = captured("dev")["lambda.Invocation seed"].inputs
    assert inputs == {
        "functionName": "update-rates-1234567",
        "input": '{"seeding": true}',
        "lifecycleScope": "CREATE_ONLY",
        "triggers": {
            "code": captured("dev")["lambda.Function update-rates"].inputs["environment"]["variables"][
                "CODE_VERSION"
            ],
            "feed": "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip",
            "table": "rates-1234567",
        },
    }
    other = captured("dev", "feedUrl=https://feed.example/file.zip")["lambda.Invocation seed"].inputs
    assert other["triggers"] != inputs["triggers"]
    assert captured("prod")["lambda.Invocation seed"].inputs == inputs
