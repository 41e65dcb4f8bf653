"""IAM policy documents, as pure functions from ARNs to JSON: every statement names its actions and its
resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

# What each function does with the table.
READ_ACTIONS = ("dynamodb:BatchGetItem", "dynamodb:GetItem")
UPDATE_ACTIONS = (
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
)


def allow(actions: Sequence[str], resource: pulumi.Input[str]) -> dict[str, Any]:
    """A statement that allows the actions on one resource."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def write_logs(log_group_arn: pulumi.Input[str]) -> dict[str, Any]:
    """Writing to the streams of one existing group; a group is never created by the function itself."""
    return allow(("logs:CreateLogStream", "logs:PutLogEvents"), pulumi.Output.concat(log_group_arn, ":*"))


def send_traces() -> dict[str, Any]:
    """Sending X-Ray segments, which has no resource to name."""
    return allow(("xray:PutTelemetryRecords", "xray:PutTraceSegments"), "*")


def document(*statements: Mapping[str, Any]) -> pulumi.Output[str]:
    """The policy's JSON, once every ARN in it is known."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service: str, condition: Mapping[str, Any] | None = None) -> pulumi.Output[str]:
    """Who may assume the role: one AWS service, under a condition where it is given."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    return document({**statement, "Condition": condition} if condition else statement)
