"""With IAM enforced, the functions work with their roles, and fail without any single action on the table."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from infra import code
from local import archive
from local.feed import stale
from rates.source import Source
from rates.storage.store import Store
from rates.updating.feed import Download, Feed
from rates.updating.update import update
from tests.e2e.stack import Commands, LocalStack
from tests.support import ecb_file, ecb_publications

pytestmark = pytest.mark.full


@dataclass(frozen=True)
class Role:
    """The deployed role of a function."""

    function: str
    statements: list[dict[str, Any]]

    @property
    def table_actions(self) -> list[str]:
        """The allowed actions on the table. (MiniStack does not check those on the topic.)"""
        actions = [action for statement in self.statements for action in statement["Action"]]
        return [action for action in actions if action.startswith("dynamodb:")]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """The program with IAM enforced, and with events. The deployment has filled the table."""
    stack = LocalStack.up(Commands(tmp_path_factory.mktemp("auth")), "--auth", "--config", "events=true")
    yield stack
    stack.down()


def role_of(stack: LocalStack, function: str) -> Role:
    """Return the role of a function."""
    arn = stack.client("lambda").get_function_configuration(FunctionName=function)["Role"]
    name = arn.rpartition("/")[2]
    iam = stack.client("iam")
    [policy] = iam.list_role_policies(RoleName=name)["PolicyNames"]
    document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
    return Role(function, document["Statement"])


def copy(stack: LocalStack, role: Role, without: str | None) -> str:
    """Copy a function, with its own role and table. The table lacks the newest publications."""
    name = f"{role.function}-without-{(without or 'nothing').replace(':', '-')}"[:64]
    dynamodb, iam, lambda_ = (stack.client(service) for service in ("dynamodb", "iam", "lambda"))
    table = dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )["TableDescription"]
    older = Download(stale(ecb_file()), Source("a copy"))
    update(Store(dynamodb, name), Feed("a copy", lambda _: older), datetime.now(UTC))
    if "dynamodb:Scan" in role.table_actions:  # without the latest item, an update scans the table
        dynamodb.delete_item(TableName=name, Key={"pk": {"S": "latest"}})
    statements = [
        {
            **statement,
            "Action": [action for action in statement["Action"] if action != without],
            "Resource": table["TableArn"] if ":dynamodb:" in statement["Resource"] else statement["Resource"],
        }
        for statement in role.statements
    ]
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=document(*statements))
    original = lambda_.get_function_configuration(FunctionName=role.function)
    variables = {**original["Environment"]["Variables"], "TABLE_NAME": name}
    lambda_.create_function(
        FunctionName=name,
        Role=arn,
        Code={"ZipFile": archive.build(code.archive())},
        Environment={"Variables": variables},
        **{key: original[key] for key in ("Runtime", "Handler", "Timeout", "MemorySize")},
    )
    return name


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def invoke(stack: LocalStack, function: str, event: dict[str, Any]) -> dict[str, Any]:
    """Return the answer or the error of a function."""
    answer = stack.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    return dict(json.loads(answer["Payload"].read()))


def outcomes(stack: LocalStack, role: Role, event: dict[str, Any]) -> dict[str | None, Any]:
    """Return the answers of copies of the function, by the action that each lacks.

    They run in parallel, because an update retries for a minute if it lacks a permission.
    """
    lacking = [None, *role.table_actions]
    names = [copy(stack, role, without) for without in lacking]
    with ThreadPoolExecutor(len(names)) as threads:
        return dict(zip(lacking, threads.map(lambda name: invoke(stack, name, event), names), strict=True))


def test_update_fails_without_any_single_action(stack: LocalStack) -> None:
    role = role_of(stack, stack.outputs["update_function_name"])
    assert len(role.table_actions) == 4
    # The feed has more publications than the table. So the update uses all of its actions.
    found = outcomes(stack, role, {})
    done = found.pop(None)
    assert (done.get("date"), done.get("years_written")) == ("2026-10-30", ["2026"])
    for action, failed in found.items():
        assert "AccessDeniedException" in failed.get("errorMessage", ""), action
        assert str(action) in failed["errorMessage"]


def test_request_fails_without_any_single_action(stack: LocalStack) -> None:
    role = role_of(stack, stack.outputs["get_function_name"])
    assert len(role.table_actions) == 2
    request = {"httpMethod": "GET", "path": "/2026-01-01..2026-12-31", "headers": {}}
    found = outcomes(stack, role, {**request, "requestContext": {"requestId": "test"}})
    assert found.pop(None)["statusCode"] == 200
    assert {action: answer["statusCode"] // 100 for action, answer in found.items()} == dict.fromkeys(
        found, 5
    )


def test_deployed_stack_answers_with_iam_enforced(stack: LocalStack) -> None:
    answer = requests.get(f"{stack.api_url}/1999-01-04..?symbols=USD", timeout=10)
    assert len(answer.json()["rates"]) == len(ecb_publications())
