"""The rules that every policy obeys. The snapshots have each statement, and who may assume each role."""

import re
from typing import Any

from tests.engine.changes import EVERYTHING_ON
from tests.infra.capture import arn, captured

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
