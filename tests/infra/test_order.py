"""What waits for what while a stack is made."""

from __future__ import annotations

import pytest

from tests.infra.capture import captured


@pytest.mark.parametrize("name", ["update-rates", "get-rates"])
def test_a_function_comes_after_its_log_group_and_its_policy(name: str) -> None:
    before = captured("dev")[f"lambda.Function {name}"].depends_on
    assert {f"cloudwatch.LogGroup {name}", f"iam.RolePolicy {name}"} <= before


def test_the_seed_comes_after_the_functions_policy_and_log_group() -> None:
    before = captured("dev")["lambda.Invocation seed"].depends_on
    assert {
        "lambda.Function update-rates",
        "iam.RolePolicy update-rates",
        "cloudwatch.LogGroup update-rates",
        "dynamodb.Table rates",
    } <= before


def test_every_alarm_comes_after_the_seed() -> None:
    program = captured("prod")
    assert program.of("cloudwatch.MetricAlarm")
    for alarm in program.of("cloudwatch.MetricAlarm"):
        assert "lambda.Invocation seed" in alarm.depends_on


def test_the_deployment_comes_after_every_route_and_every_response() -> None:
    program = captured("dev")
    taken_in = [*program.of("apigateway.Integration"), *program.of("apigateway.Response")]
    taken_in += program.of("apigateway.Method")
    assert {resource.key for resource in taken_in} <= program["apigateway.Deployment api"].depends_on
    assert program.comes_after("apigateway.Stage api", "apigateway.Deployment api")


def test_the_schedules_come_after_their_policy() -> None:
    program = captured("dev")
    for schedule in program.of("scheduler.Schedule"):
        assert "iam.RolePolicy update-schedule" in schedule.depends_on


def test_what_fails_goes_to_the_dead_letters_once_the_function_may_send_there() -> None:
    key = "lambda.FunctionEventInvokeConfig update-schedule"
    assert captured("dev").comes_after(key, "iam.RolePolicy update-rates")
