"""Versions and aliases on the local stack: the calls of the AWS provider, while clients ask all the time."""

from __future__ import annotations

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


@dataclass(frozen=True)
class GetFunction:
    """The get function of a local stack, deployed anew by the calls that the provider makes."""

    stack: LocalStack
    name: str
    directory: Path

    def publish(self, variables: dict[str, str], file: str = "", old: str = "", new: str = "") -> str:
        """Change the environment, then the code. Return the version that both become."""
        client = self.stack.client("lambda")
        shutil.copytree(code.FUNCTIONS, self.directory)
        if file:
            text = (self.directory / file).read_text()
            assert old in text
            (self.directory / file).write_text(text.replace(old, new))
        package = archive.build(code.archive(self.directory))
        shutil.rmtree(self.directory)
        client.update_function_configuration(FunctionName=self.name, Environment={"Variables": variables})
        client.update_function_code(FunctionName=self.name, ZipFile=package)
        return str(client.publish_version(FunctionName=self.name)["Version"])

    def variables(self) -> dict[str, str]:
        """Return the environment of the version that was deployed."""
        configuration = self.stack.client("lambda").get_function_configuration(
            FunctionName=self.name, Qualifier="1"
        )
        return dict(configuration["Environment"]["Variables"])

    def invoke(self, qualifier: str, event: dict[str, Any]) -> dict[str, Any]:
        """Return the answer of a version or an alias, or its error."""
        answer = self.stack.client("lambda").invoke(
            FunctionName=self.name, Qualifier=qualifier, Payload=json.dumps(event)
        )
        return dict(json.loads(answer["Payload"].read()))

    def move(self, version: str) -> None:
        """Let the alias point at a version."""
        self.stack.client("lambda").update_alias(FunctionName=self.name, Name="live", FunctionVersion=version)


@pytest.fixture
def function(faulty_stack: LocalStack, tmp_path: Path) -> Iterator[GetFunction]:
    """The get function of a stack that tests change. It is as deployed before and afterwards."""
    name = str(faulty_stack.outputs["get_function_name"])
    function = GetFunction(faulty_stack, name, tmp_path / "functions")
    yield function
    function.publish(function.variables())
    function.move("1")


@pytest.mark.fault("A change of code and environment under load")
def test_clients_never_meet_a_mix_and_a_rollback_takes_one_call(function: GetFunction) -> None:
    """Neither version of the code can run in the environment of the other one."""
    stack = function.stack
    with Poller([f"{stack.api_url}/latest", f"{stack.api_v2_url}/rates"]) as poller:
        variables = function.variables() | {"TIME_OF_UPDATE": "16:15", "UPDATE_TIME": "never"}
        settings = "rates/settings.py"
        version = function.publish(
            variables, settings, 'required("UPDATE_TIME")', 'required("TIME_OF_UPDATE")'
        )
        assert function.invoke(version, PROBE)["statusCode"] == 200
        function.move(version)
        poller.wait(ENOUGH)
        assert "16:15" in function.invoke("live", {**PROBE, "path": "/status"})["body"]
        function.move("1")
        poller.wait(ENOUGH)
    assert poller.failures == []
