"""IAM policy documents: every statement names its actions and its resources, every trust whom it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

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


def publish_alarms(topic_arn: pulumi.Input[str]) -> dict[str, Any]:
    """That CloudWatch may publish this account's alarms to a topic, and nobody else's."""
    return {
        **allow(("sns:Publish",), topic_arn),
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Condition": _for_this_account(),
    }


def document(*statements: Mapping[str, Any]) -> pulumi.Output[str]:
    """The policy's JSON, once every ARN in it is known."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service: str, source_arn: pulumi.Input[str] | None = None) -> pulumi.Output[str]:
    """Who may assume the role: one AWS service, on behalf of this account and, where it is given, of one
    source."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
            "Condition": _for_this_account(**({"aws:SourceArn": source_arn} if source_arn else {})),
        }
    )


def _for_this_account(**also: pulumi.Input[str]) -> dict[str, Any]:
    """The condition without which a service could be talked into acting for somebody else."""
    return {"StringEquals": {"aws:SourceAccount": aws.get_caller_identity().account_id, **also}}
