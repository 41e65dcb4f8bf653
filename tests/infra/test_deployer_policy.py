"""The policies in docs/, compared with the calls that the AWS provider makes for this program's resources.

tests/data/provider_calls.json is the record: calls by resource type and operation, and the permissions that
AWS requires for each call.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from tests.engine.changes import EVERYTHING_ON
from tests.infra.capture import captured
from tests.infra.stacks import PROJECT

RECORD = json.loads((Path(__file__).parents[1] / "data" / "provider_calls.json").read_text())
LONGEST = {
    "Partition": "aws",
    "Account": "123456789012",
    "Region": "ap-northeast-1",
    "Stack": "a-stack-of-24-characters",
    "Bucket": "b" * 63,
}
IAM_LIMIT = 6144  # characters of a managed policy, not counting white space
BOUNDARY = "arn:aws:iam::123456789012:policy/exchange-rates-boundary"


@dataclass(frozen=True)
class Permission:
    """An action on an ARN; `*` in the ARN stands for a random identifier."""

    action: str
    arn: str


def filled(text: str) -> str:
    """Replace the placeholders by the longest names that they can have."""
    return re.sub(r"\$\{(\w+)\}", lambda match: LONGEST[match[1]], text)


def policy(name: str) -> list[dict[str, Any]]:
    """Return the statements of a policy in docs/, filled in."""
    document = json.loads(filled((PROJECT / "docs" / name).read_text()))
    assert set(document) == {"Version", "Statement"}
    assert document["Version"] == "2012-10-17"
    return list(document["Statement"])


def needed(operations: Iterable[str]) -> set[Permission]:
    """Return the permissions that the operations need, for all types of resources."""
    calls = {
        call for kind in RECORD["resources"].values() for operation in operations for call in kind[operation]
    }
    return {
        Permission(action, filled(arn))
        for call in calls
        for action, arns in RECORD["calls"][call].items()
        for arn in arns
    }


def allows(statement: dict[str, Any], permission: Permission) -> bool:
    """Return True if the statement allows the action on the ARN."""
    on_arn = any(fnmatchcase(permission.arn, pattern) for pattern in statement["Resource"])
    return permission.action in statement["Action"] and on_arn


DEPLOYER = ("deployer-policy.json", ("create", "read", "update", "delete"))
PREVIEW = ("preview-policy.json", ("read",))
BOTH = pytest.mark.parametrize(("name", "operations"), [DEPLOYER, PREVIEW])


@BOTH
def test_policy_allows_each_needed_action_on_its_arn(name: str, operations: tuple[str, ...]) -> None:
    statements = policy(name)
    refused = {
        need for need in needed(operations) if not any(allows(statement, need) for statement in statements)
    }
    assert refused == set()


@BOTH
def test_policy_allows_no_action_that_nothing_needs(name: str, operations: tuple[str, ...]) -> None:
    needs = needed(operations)
    unused = {
        (statement["Sid"], action)
        for statement in policy(name)
        for action in statement["Action"]
        if not any(need.action == action and allows(statement, need) for need in needs)
    }
    assert unused == set()


@BOTH
def test_policy_names_no_resource_that_nothing_needs(name: str, operations: tuple[str, ...]) -> None:
    needs = needed(operations)
    unused = {
        (statement["Sid"], arn)
        for statement in policy(name)
        for arn in statement["Resource"]
        if not any(need.action in statement["Action"] and fnmatchcase(need.arn, arn) for need in needs)
    }
    assert unused == set()


@pytest.mark.parametrize("name", ["deployer-policy.json", "preview-policy.json"])
def test_policy_fits_into_iam_with_the_longest_names(name: str) -> None:
    text = filled((PROJECT / "docs" / name).read_text())
    assert len(re.sub(r"\s", "", text)) < IAM_LIMIT


def test_no_policy_in_docs_names_a_partition() -> None:
    texts = [path.read_text() for path in (PROJECT / "docs").glob("*-policy.json")]
    assert len(texts) == 5
    assert not [text for text in texts if re.search(r"arn:(?!\$\{Partition\}:)", text)]


def test_preview_policy_changes_nothing() -> None:
    actions = [action for statement in policy("preview-policy.json") for action in statement["Action"]]
    writing = [action for action in actions if not re.fullmatch(r"\w+:(Get|List|Describe|GET)\w*", action)]
    assert writing == []


def test_state_policy_is_limited_to_the_state() -> None:
    bucket = f"arn:aws:s3:::{LONGEST['Bucket']}"
    allowed = {s["Sid"]: (s["Action"], s["Resource"]) for s in policy("state-policy.json")}
    assert allowed == {
        "ListState": (["s3:ListBucket"], [bucket]),
        "ReadState": (["s3:GetObject"], [f"{bucket}/.pulumi/*"]),
        "WriteState": (["s3:DeleteObject", "s3:PutObject"], [f"{bucket}/.pulumi/*"]),
    }


def test_roles_are_passed_to_lambda_and_scheduler_only() -> None:
    passing = [s for s in policy("deployer-policy.json") if "iam:PassRole" in s["Action"]]
    services = ["lambda.amazonaws.com", "scheduler.amazonaws.com"]
    assert [s["Condition"] for s in passing] == [{"StringEquals": {"iam:PassedToService": services}}]


def test_a_boundary_can_be_enforced_on_each_permission_of_a_role() -> None:
    # IAM has the condition key iam:PermissionsBoundary for these actions and for no other that is allowed.
    conditional = {"CreateRole", "DeleteRolePolicy", "PutRolePermissionsBoundary", "PutRolePolicy"}
    statements = {s["Sid"]: s for s in policy("deployer-policy.json")}
    assert statements["RolePermissions"]["Action"] == [f"iam:{action}" for action in sorted(conditional)]
    assert statements["RemoveBoundary"]["Action"] == ["iam:DeleteRolePermissionsBoundary"]
    del statements["RemoveBoundary"]
    statements["RolePermissions"]["Condition"] = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
    document = {"Version": "2012-10-17", "Statement": list(statements.values())}
    assert len(re.sub(r"\s", "", json.dumps(document))) < IAM_LIMIT


def test_boundary_allows_what_the_roles_of_a_stack_do_and_no_more() -> None:
    roles = captured("prod", *EVERYTHING_ON).of("iam.RolePolicy")
    used = {action for role in roles for statement in role.policy() for action in statement["Action"]}
    assert {action for s in policy("boundary-policy.json") for action in s["Action"]} == used


def test_record_has_each_type_of_resource_that_the_program_registers() -> None:
    kinds = {resource.kind for resource in captured("prod", *EVERYTHING_ON).resources.values()}
    assert kinds == set(RECORD["resources"])


def test_record_has_the_permissions_of_each_call() -> None:
    called = {
        call for kind in RECORD["resources"].values() for operation in kind.values() for call in operation
    }
    assert called == set(RECORD["calls"])


def test_record_gives_a_reason_for_permissions_that_no_call_shows() -> None:
    def has_its_name(call: str, action: str) -> bool:
        """Return True if the action is the call's own, as far as the names tell."""
        service, _, operation = call.partition(".")
        return service == "APIGateway" or action.partition(":")[2].startswith(operation)

    explained = {(call, entry["action"]) for entry in RECORD["beyond_the_calls"] for call in entry["with"]}
    required = {
        (call, action)
        for call, actions in RECORD["calls"].items()
        for action in actions
        if not has_its_name(call, action)
    }
    assert required <= explained
    assert all(action in RECORD["calls"][call] for call, action in explained)
