"""The order in which the resources of a stack are created."""

import pytest

from tests.infra.capture import captured

FUNCTIONS = ("update-rates", "get-rates")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_waits_for_its_log_group_and_its_policy(name: str) -> None:
    before = captured("dev")[f"lambda.Function {name}"].depends_on
    assert {f"cloudwatch.LogGroup {name}", f"iam.RolePolicy {name}"} <= before


def test_every_alarm_waits_for_the_seeding() -> None:
    alarms = captured("prod").of("cloudwatch.MetricAlarm")
    assert alarms
    for alarm in alarms:
        assert "lambda.Invocation update-rates" in alarm.depends_on


def test_the_deployment_waits_for_its_whole_content_and_the_permissions() -> None:
    program = captured("dev")
    kinds = ("apigateway.Integration", "apigateway.Method", "apigateway.Response", "lambda.Permission")
    waits_for = {resource.key for kind in kinds for resource in program.of(kind)}
    assert waits_for <= program["apigateway.Deployment api"].depends_on


def test_each_stage_waits_for_the_deployment() -> None:
    program = captured("dev")
    for stage in program.of("apigateway.Stage"):
        assert program.comes_after(stage.key, "apigateway.Deployment api")


def test_the_schedules_wait_for_the_policy_of_their_role() -> None:
    for schedule in captured("dev").of("scheduler.Schedule"):
        assert "iam.RolePolicy update-schedule" in schedule.depends_on


def test_failures_have_a_destination_once_the_function_may_use_it() -> None:
    key = "lambda.FunctionEventInvokeConfig update-schedule"
    assert captured("dev").comes_after(key, "iam.RolePolicy update-rates")
