"""Every statement of every policy, and the service or account that it is for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infra.capture import ACCOUNT, arn, captured

TABLE, QUEUE = arn("dynamodb.Table rates"), arn("sqs.Queue dead-letters")


def allowed(resource: str, *actions: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def logs_of(name: str) -> dict[str, Any]:
    return allowed(f"arn:cloudwatch.LogGroup:{name}:*", "logs:CreateLogStream", "logs:PutLogEvents")


UPDATE = [
    logs_of("update-rates"),
    allowed(
        TABLE,
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
    ),
    allowed(QUEUE, "sqs:SendMessage"),
]
GET = [logs_of("get-rates"), allowed(TABLE, "dynamodb:BatchGetItem", "dynamodb:GetItem")]
SCHEDULE = [
    allowed(arn("lambda.Alias update-rates"), "lambda:InvokeFunction"),
    allowed(QUEUE, "sqs:SendMessage"),
]
TRACES = allowed("*", "xray:PutTelemetryRecords", "xray:PutTraceSegments")


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_each_role_has_exactly_the_permissions_that_it_needs(stack: str) -> None:
    policies = {policy.name: policy.policy() for policy in captured(stack).of("iam.RolePolicy")}
    assert policies == {"update-rates": UPDATE, "get-rates": GET, "update-schedule": SCHEDULE}


def test_the_functions_may_send_traces_if_tracing_is_on() -> None:
    program = captured("dev", "tracing=true")
    policies = {policy.name: policy.policy() for policy in program.of("iam.RolePolicy")}
    assert policies == {
        "update-rates": [*UPDATE, TRACES],
        "get-rates": [*GET, TRACES],
        "update-schedule": SCHEDULE,
    }


def test_with_events_the_update_may_publish_to_their_topic_only() -> None:
    program = captured("prod", "events=true")
    policies = {policy.name: policy.policy() for policy in program.of("iam.RolePolicy")}
    assert policies == {
        "update-rates": [*UPDATE, allowed(arn("sns.Topic publications"), "sns:Publish")],
        "get-rates": GET,
        "update-schedule": SCHEDULE,
    }


def test_each_policy_belongs_to_the_role_of_its_name() -> None:
    roles = {policy.name: policy.inputs["role"] for policy in captured("dev").of("iam.RolePolicy")}
    assert roles == {name: f"{name}-1234567" for name in ("update-rates", "get-rates", "update-schedule")}


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
            **allowed(arn("sns.Topic alarms"), "sns:Publish"),
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
        }
    ]
