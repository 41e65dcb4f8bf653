"""Deployments and rollbacks by a real `pulumi` command, while a client asks the API all the time."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.poller import Poller
from tests.engine.stack import EngineStack

pytestmark = pytest.mark.engine

ENOUGH = 20  # answers after a change
GET, UPDATE, SETTINGS = "get_rates.py", "update_rates.py", "rates/settings.py"


@pytest.fixture
def project(stack: EngineStack) -> Iterator[EngineStack]:
    """The deployed stack. Changes of its files end with the test."""
    stack.git("restore", ".")
    stack.up()
    yield stack
    stack.git("restore", ".")


def live(stack: EngineStack) -> dict[str, str]:
    """Return the live version of each function."""
    client, outputs = stack.aws.client("lambda"), stack.outputs()
    names = {function: outputs[f"{function}_function_name"] for function in ("get", "update")}
    return {
        function: client.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
        for function, name in names.items()
    }


def append(stack: EngineStack, file: str, text: str) -> Path:
    """Append a line to a file of the functions."""
    path = stack.directory / "functions" / file
    path.write_text(f"{path.read_text()}\n{text}\n")
    return path


def rename_a_variable(stack: EngineStack) -> None:
    """Change code and environment so that neither runs with the other one of before."""
    for path in (stack.directory / "functions" / SETTINGS, stack.directory / "__main__.py"):
        text = path.read_text()
        assert '"TABLE_NAME"' in text
        path.write_text(text.replace('"TABLE_NAME"', '"NAME_OF_THE_TABLE"'))


@pytest.mark.parametrize("change", ["code", "environment", "both"])
def test_change_and_its_rollback_fail_no_request(project: EngineStack, change: str) -> None:
    before = live(project)
    with Poller(project.urls()) as poller:
        if change == "code":
            append(project, GET, "# changed")
        if change == "both":
            rename_a_variable(project)
        project.up(**({"updateTime": "16:30"} if change == "environment" else {}))
        changed = live(project)
        poller.wait(ENOUGH)
        project.git("restore", ".")
        project.up()
        poller.wait(ENOUGH)
    assert poller.failures == []
    for function, version in before.items():
        assert int(version) < int(changed[function]) < int(live(project)[function])


@pytest.mark.fault("A build that cannot be imported, or that answers only errors")
@pytest.mark.parametrize(
    ("file", "broken", "reason"),
    [
        (GET, "import no_such_module", "no_such_module"),
        (GET, "def handler(event, context):\n    return {'statusCode': 500, 'body': 'broken'}", "500 broken"),
        (GET, "service.respond = None", "500"),
        (SETTINGS, "load = None", "NoneType"),
        (UPDATE, "raise ZeroDivisionError('a broken update')", "a broken update"),
    ],
    ids=["import", "handler", "fault", "both functions", "update"],
)
def test_broken_build_ends_the_deployment_and_fails_no_request(
    project: EngineStack, file: str, broken: str, reason: str
) -> None:
    before = live(project)
    append(project, file, broken)
    with Poller(project.urls()) as poller:
        refused = project.pulumi("up", "--yes", "--skip-preview")
        assert refused.returncode != 0
        assert reason in refused.stdout
        assert "Traceback" not in refused.stdout
        assert live(project)["update"] == before["update"]
        assert (live(project)["get"] == before["get"]) == (file != UPDATE)
        poller.wait(ENOUGH)
        project.git("restore", ".")
        project.up()
        poller.wait(ENOUGH)
    assert poller.failures == []


@pytest.mark.fault("A seeding that fails")
def test_wrong_feed_reaches_no_schedule(project: EngineStack) -> None:
    before = live(project)["update"]
    project.configure(feedUrl="http://127.0.0.1:9/file.zip")
    refused = project.pulumi("up", "--yes", "--skip-preview")
    assert refused.returncode != 0
    assert "the feed could not be read" in refused.stdout
    assert live(project)["update"] == before
    client = project.aws.client("scheduler")
    for one in client.list_schedules()["Schedules"]:
        target = client.get_schedule(Name=one["Name"], GroupName=one["GroupName"])["Target"]["Arn"]
        answer = project.aws.client("lambda").invoke(FunctionName=target, Payload="{}")
        assert json.loads(answer["Payload"].read())["feed_error"] is None


def test_rollback_by_the_alias_holds_until_a_refresh(project: EngineStack) -> None:
    before, name = live(project)["get"], project.outputs()["get_function_name"]
    append(project, GET, "# changed")
    project.up()
    changed = live(project)["get"]
    with Poller(project.urls()) as poller:
        project.aws.client("lambda").update_alias(FunctionName=name, Name="live", FunctionVersion=before)
        project.succeed("up", "--yes", "--skip-preview")
        assert live(project)["get"] == before
        project.succeed("up", "--yes", "--skip-preview", "--refresh")
        assert live(project)["get"] == changed
        poller.wait(ENOUGH)
    assert poller.failures == []
