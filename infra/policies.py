"""IAM policy documents. Each statement names its actions and one resource; each trust names one service."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

# The actions of each function on the table.
READ_ACTIONS = ("dynamodb:BatchGetItem", "dynamodb:GetItem")
UPDATE_ACTIONS = (*READ_ACTIONS, "dynamodb:PutItem", "dynamodb:Scan")
# The actions of each function on its log group, without the right to create one, and on X-Ray.
LOG_ACTIONS = ("logs:CreateLogStream", "logs:PutLogEvents")
TRACE_ACTIONS = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")


def allow(actions: Sequence[str], resource: pulumi.Input[str]) -> dict[str, Any]:
    """Return a statement that allows the actions on one resource."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def publish_alarms(topic_arn: pulumi.Input[str]) -> dict[str, Any]:
    """Return a topic statement that lets CloudWatch publish the alarms of this account only."""
    return {
        **allow(("sns:Publish",), topic_arn),
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Condition": _for_this_account(),
    }


def document(*statements: Mapping[str, Any]) -> pulumi.Output[str]:
    """Return the policy of these statements as JSON."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service: str, source_arn: pulumi.Input[str] | None = None) -> pulumi.Output[str]:
    """Return a trust policy: one AWS service may assume the role for this account, and only for
    `source_arn` if it is given."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
            "Condition": _for_this_account(**({"aws:SourceArn": source_arn} if source_arn else {})),
        }
    )


def _for_this_account(**also: pulumi.Input[str]) -> dict[str, Any]:
    """Return the condition that prevents the confused deputy problem."""
    return {"StringEquals": {"aws:SourceAccount": aws.get_caller_identity().account_id, **also}}
