"""The rules that every policy obeys, and the service or account that it is for."""

from __future__ import annotations

import re
from typing import Any

from tests.engine.changes import EVERYTHING_ON
from tests.infra.capture import ACCOUNT, arn, captured

WRITES = re.compile(r"\w+:(?!Get|BatchGet|List|Describe|Query|Scan)")


def statements(name: str) -> list[dict[str, Any]]:
    """Return the statements of a role with everything on. The snapshots have those of each stack."""
    return captured("prod", *EVERYTHING_ON)[f"iam.RolePolicy {name}"].policy()


def test_each_statement_allows_named_actions_on_one_resource() -> None:
    for policy in captured("prod", *EVERYTHING_ON).of("iam.RolePolicy"):
        for statement in policy.policy():
            assert set(statement) == {"Effect", "Action", "Resource"}
            assert not [action for action in statement["Action"] if "*" in action]
            # X-Ray has no resources. A group's log streams have names that nobody knows before.
            services = {action.partition(":")[0] for action in statement["Action"]}
            assert services == {"xray"} or "*" not in statement["Resource"].removesuffix(":*")


def test_the_get_function_writes_nothing_but_logs_and_traces() -> None:
    actions = [action for statement in statements("get-rates") for action in statement["Action"]]
    assert [action for action in actions if WRITES.match(action)] == [
        *("logs:CreateLogStream", "logs:PutLogEvents"),
        *("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
    ]


def test_the_scheduler_may_start_the_update_and_report_failures_only() -> None:
    assert {(*statement["Action"], statement["Resource"]) for statement in statements("update-schedule")} == {
        ("lambda:InvokeFunction", arn("lambda.Alias update-rates")),
        ("sqs:SendMessage", arn("sqs.Queue dead-letters")),
    }


def test_a_role_has_no_other_policies() -> None:
    for role in captured("prod", "tracing=true").of("iam.Role"):
        assert set(role.inputs) == {"assumeRolePolicy"}


def test_every_role_gets_the_permissions_boundary() -> None:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
    roles = captured("dev", f"permissionsBoundary={boundary}").of("iam.Role")
    assert {role.name for role in roles} == {"update-rates", "get-rates", "update-schedule"}
    for role in roles:
        assert role.inputs["permissionsBoundary"] == boundary


def test_one_service_may_assume_each_role_for_this_account() -> None:
    def trusting(service: str, **source: str) -> list[dict[str, Any]]:
        condition = {"StringEquals": {"aws:SourceAccount": ACCOUNT, **source}}
        return [
            {
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "sts:AssumeRole",
                "Condition": condition,
            }
        ]

    group = {"aws:SourceArn": arn("scheduler.ScheduleGroup update-schedule")}
    assert {role.name: role.policy("assumeRolePolicy") for role in captured("dev").of("iam.Role")} == {
        "update-rates": trusting("lambda.amazonaws.com"),
        "get-rates": trusting("lambda.amazonaws.com"),
        "update-schedule": trusting("scheduler.amazonaws.com", **group),
    }


def test_each_function_and_schedule_has_its_own_role() -> None:
    program = captured("dev")
    roles = {function.name: function.inputs["role"] for function in program.of("lambda.Function")}
    assert roles == {name: arn(f"iam.Role {name}") for name in ("update-rates", "get-rates")}
    for schedule in program.of("scheduler.Schedule"):
        assert schedule.inputs["target"]["roleArn"] == arn("iam.Role update-schedule")


def test_only_the_stages_of_this_api_may_call_the_get_function() -> None:
    permissions = {
        permission.name: permission.inputs for permission in captured("prod").of("lambda.Permission")
    }
    assert permissions == {
        name: {
            "action": "lambda:InvokeFunction",
            "function": "get-rates-1234567",
            "qualifier": "live",
            "principal": "apigateway.amazonaws.com",
            "sourceArn": f"executionArn of api/{version}/*/*",
        }
        for name, version in (("api", "v1"), ("api-v2", "v2"))
    }


def test_only_cloudwatch_of_this_account_may_publish_alarms() -> None:
    program = captured("prod")
    assert program["sns.TopicPolicy alarms"].inputs["arn"] == arn("sns.Topic alarms")
    assert program["sns.TopicPolicy alarms"].policy() == [
        {
            "Effect": "Allow",
            "Action": ["sns:Publish"],
            "Resource": arn("sns.Topic alarms"),
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        }
    ]
