"""Versions and aliases on the local stack: the calls of the AWS provider, while clients ask all the time."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra import code
from infra.live import PROBE
from local import archive
from tests.e2e.stack import LocalStack
from tests.engine.poller import Poller

ENOUGH = 10  # answers after a change
UNCHANGED = ("", "")


@dataclass(frozen=True)
class Functions:
    """The functions of a local stack, deployed again by the calls that the provider makes."""

    stack: LocalStack
    directory: Path

    def name(self, function: str) -> str:
        return str(self.stack.outputs[f"{function}_function_name"])

    def publish(self, function: str, variables: dict[str, str], file: str, edit: tuple[str, str]) -> str:
        """Change the environment, then the code. Return the version that both become."""
        client, name = self.stack.client("lambda"), self.name(function)
        shutil.copytree(code.FUNCTIONS, self.directory, dirs_exist_ok=True)
        text = (self.directory / file).read_text()
        assert edit[0] in text
        (self.directory / file).write_text(text.replace(*edit) if edit[0] else text + edit[1])
        was = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        client.update_function_configuration(FunctionName=name, Environment={"Variables": was | variables})
        client.update_function_code(FunctionName=name, ZipFile=archive.build(code.archive(self.directory)))
        return str(client.publish_version(FunctionName=name)["Version"])

    def invoke(self, function: str, qualifier: str, event: dict[str, Any]) -> dict[str, Any]:
        """Return the answer of a version or an alias, or its error."""
        answer = self.stack.client("lambda").invoke(
            FunctionName=self.name(function), Qualifier=qualifier, Payload=json.dumps(event)
        )
        return dict(json.loads(answer["Payload"].read()))

    def move(self, function: str, version: str) -> None:
        """Let the alias point at a version."""
        self.stack.client("lambda").update_alias(
            FunctionName=self.name(function), Name="live", FunctionVersion=version
        )

    def polled(self) -> Poller:
        """Return a client of both versions of the API."""
        return Poller([f"{self.stack.api_url}/latest", f"{self.stack.api_v2_url}/rates"])


@pytest.fixture
def functions(faulty_stack: LocalStack, tmp_path: Path) -> Iterator[Functions]:
    """The functions of a stack that tests change. They are as deployed before and afterwards."""
    functions = Functions(faulty_stack, tmp_path / "functions")
    yield functions
    for function in ("get", "update"):
        variables = faulty_stack.client("lambda").get_function_configuration(
            FunctionName=functions.name(function), Qualifier="1"
        )["Environment"]["Variables"]
        shutil.rmtree(functions.directory)
        functions.publish(function, variables, "get_rates.py", UNCHANGED)
        functions.move(function, "1")


@pytest.mark.fault("A change of code and environment under load")
def test_clients_never_meet_a_mix_and_a_rollback_takes_one_call(functions: Functions) -> None:
    """Neither version of the code can run in the environment of the other one."""
    with functions.polled() as poller:
        renamed = ('required("UPDATE_TIME")', 'required("TIME_OF_UPDATE")')
        variables = {"TIME_OF_UPDATE": "16:15", "UPDATE_TIME": "never"}
        version = functions.publish("get", variables, "rates/settings.py", renamed)
        assert functions.invoke("get", version, PROBE)["statusCode"] == 200
        functions.move("get", version)
        poller.wait(ENOUGH)
        status = functions.invoke("get", "live", {**PROBE, "path": "/status"})
        assert "16:15" in status["body"]
        functions.move("get", "1")
        poller.wait(ENOUGH)
    assert poller.failures == []


@pytest.mark.fault("A build that cannot be imported, or that answers only errors")
@pytest.mark.parametrize(
    ("broken", "answer"),
    [
        ("import no_such_module\n", "no_such_module"),
        ("def handler(event, context):\n    return {'statusCode': 500}\n", "500"),
        ("service.respond = None\n", "500"),
    ],
    ids=["import", "handler", "fault"],
)
def test_broken_build_fails_its_probe_and_reaches_no_client(
    functions: Functions, broken: str, answer: str
) -> None:
    with functions.polled() as poller:
        version = functions.publish("get", {}, "get_rates.py", ("", f"\n{broken}"))
        assert answer in json.dumps(functions.invoke("get", version, PROBE))
        poller.wait(ENOUGH)
    assert poller.failures == []


@pytest.mark.fault("A seeding that fails")
def test_failed_seeding_leaves_the_schedules_the_version_before(functions: Functions) -> None:
    unreachable = {"FEED_URL": "http://127.0.0.1:9/file.zip"}
    version = functions.publish("update", unreachable, "update_rates.py", UNCHANGED)
    assert "feed could not be read" in json.dumps(functions.invoke("update", version, {"seeding": True}))
    client = functions.stack.client("scheduler")
    schedules = client.list_schedules()["Schedules"]
    targets = {
        client.get_schedule(Name=one["Name"], GroupName=one["GroupName"])["Target"]["Arn"]
        for one in schedules
    }
    [target] = targets
    answer = functions.stack.client("lambda").invoke(FunctionName=target, Payload="{}")
    assert json.loads(answer["Payload"].read())["feed_error"] is None
