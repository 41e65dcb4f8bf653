"""`python -m local`: deploys, answers, and leaves nothing behind, whatever happens."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from local.aws import ACCOUNT
from tests.e2e.stack import ROOT, Commands, LocalStack, free_port


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[Commands]:
    """The commands with a state directory of their own; what a test leaves running is ended."""
    commands = Commands(tmp_path / "state")
    yield commands
    for directory in commands.state.glob("*"):
        commands.run("down", "--port", directory.name)


@pytest.fixture
def copy(commands: Commands, tmp_path: Path) -> Commands:
    """The commands of a copy of this checkout, whose program may be changed."""
    leave = shutil.ignore_patterns(".*", "__pycache__", "tests", "mutants")
    return replace(commands, checkout=shutil.copytree(ROOT, tmp_path / "checkout", ignore=leave))


def test_outputs_are_json_and_nothing_else(local_stack: LocalStack) -> None:
    done = local_stack.commands.run("outputs")
    assert json.loads(done.stdout) == local_stack.outputs
    assert done.stderr == ""
    assert local_stack.api_url.startswith(f"{local_stack.endpoint}/_aws/execute-api/")
    assert local_stack.api_url.endswith("/v1")


def test_an_update_without_news_writes_nothing_and_answers_in_one_line(local_stack: LocalStack) -> None:
    done = local_stack.commands.run("invoke", "update", "--event", '{"force": true}')
    assert json.loads(done.stdout)["years_written"] == []
    assert (done.stdout.count("\n"), done.stderr, done.returncode) == (1, "", 0)


def test_a_function_s_error_is_the_command_s(local_stack: LocalStack) -> None:
    lambda_ = local_stack.client("lambda")
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("broken.py", "def handler(event, context):\n    raise ValueError('no such luck')\n")
    lambda_.create_function(
        FunctionName="broken",
        Code={"ZipFile": code.getvalue()},
        Handler="broken.handler",
        Runtime="python3.13",
        Role=f"arn:aws:iam::{ACCOUNT}:role/any",
    )
    try:
        done = local_stack.commands.run("invoke", "broken")
    finally:
        lambda_.delete_function(FunctionName="broken")
    assert (done.returncode, done.stdout) == (1, "")
    assert "broken failed" in done.stderr
    assert "no such luck" in done.stderr


def test_logs_show_both_functions_or_one(local_stack: LocalStack) -> None:
    requests.get(f"{local_stack.api_url}/latest", timeout=10)
    update, get = (local_stack.outputs[f"{name}_function_name"] for name in ("update", "get"))
    both, one = (local_stack.commands.run("logs", *words).stdout for words in ([], ["update"]))
    assert update in both
    assert get in both
    assert update in one
    assert get not in one


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["invoke", "nothing"], "Function not found"),
        (["logs", "nothing"], "Function not found"),
        (["invoke", "update", "--event", "{"], "--event is not JSON"),
        (["outputs", "--port", "1"], "no stack of this checkout runs on port 1, but on"),
    ],
)
def test_what_cannot_be_answered_is_said_on_stderr(
    local_stack: LocalStack, words: list[str], said: str
) -> None:
    done = local_stack.commands.run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr


@pytest.mark.parametrize("words", [["down"], ["outputs"], ["logs"], ["invoke", "update"]])
def test_where_nothing_runs_that_is_said(commands: Commands, words: list[str]) -> None:
    done = commands.run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: no stack of this checkout runs; `python -m local up` starts one\n"


def test_the_table_is_as_the_program_asks(local_stack: LocalStack) -> None:
    dynamodb, name = local_stack.client("dynamodb"), local_stack.outputs["table_name"]
    table = dynamodb.describe_table(TableName=name)["Table"]
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    tags = dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert expiry == {"AttributeName": "expires_at", "TimeToLiveStatus": "ENABLED"}
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert {"Key": "application", "Value": "exchange-rates"} in tags


def test_ctrl_c_takes_everything_down(commands: Commands) -> None:
    process = commands.start("up", "--offline", "--port", free_port())
    assert process.stdout
    said = "".join(iter(process.stdout.readline, "It runs until Ctrl-C.\n"))
    curl = next(line for line in said.splitlines() if line.startswith("  curl ")).split()[1]
    assert requests.get(curl, timeout=10).json()["date"] == "2026-10-30"
    group = _group(commands)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    _assert_nothing_left(commands, group)


def test_being_told_to_end_while_deploying_takes_everything_down(commands: Commands) -> None:
    process = commands.start("up", "--offline", "--port", free_port())
    assert process.stdout
    assert process.stdout.readline().startswith("MiniStack on")
    group = _group(commands)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 130
    _assert_nothing_left(commands, group)


def test_two_stacks_stand_side_by_side_and_up_again_replaces_one(commands: Commands) -> None:
    one, two = LocalStack.up(commands), LocalStack.up(commands, "--stack", "prod")
    several = commands.run("outputs")
    assert several.returncode == 1
    assert f"{min(one.port, two.port)}, {max(one.port, two.port)}: choose one with --port" in several.stderr
    assert one.outputs["table_name"] != two.outputs["table_name"]
    alarms = two.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert {alarm["AlarmActions"][0] for alarm in alarms} == {two.outputs["alarm_topic_arn"]}

    first = _group(commands, one)
    again = commands.run("up", "--detach", "--offline", "--port", one.port)
    assert again.returncode == 0, again.stderr
    assert f"Taking down this checkout's stack on port {one.port} first." in again.stdout
    assert requests.get(f"{two.api_url}/latest", timeout=10).ok
    _until(lambda: not _alive(first))

    for stack in (one, two):
        group = _group(commands, stack)
        assert commands.run("down", "--port", stack.port).returncode == 0
        _until(lambda: not _alive(group))  # noqa: B023 (called at once)
    _assert_nothing_left(commands)


def test_a_seeding_that_fails_ends_it_all(commands: Commands) -> None:
    port = free_port()
    no_feed = f"feedUrl=http://127.0.0.1:{port}/nothing/eurofxref-hist.zip"
    done = commands.run("up", "--detach", "--port", port, "--config", no_feed)
    assert done.returncode == 1
    assert "aws:lambda/invocation:Invocation 'seed': the function update-rates-" in done.stderr
    assert "Traceback" not in done.stderr
    _assert_nothing_left(commands)


def test_a_port_in_use_is_said(commands: Commands) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = commands.run("up", "--detach", "--offline", "--port", taken.getsockname()[1])
    assert done.returncode == 1
    assert "address already in use" in done.stderr
    assert "--port" in done.stderr
    _assert_nothing_left(commands)


def test_a_ministack_that_dies_is_said_and_leaves_nothing(commands: Commands) -> None:
    process = commands.start("up", "--offline", "--port", free_port())
    assert process.stdout
    assert process.stdout.readline().startswith("MiniStack on")
    os.kill(_group(commands), signal.SIGKILL)
    assert process.wait(30) == 1
    assert process.stderr
    assert "MiniStack ended; its last words:" in process.stderr.read()
    _assert_nothing_left(commands)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "__main__.py",
            "import pulumi\n",
            "import pulumi\nimport pulumi_aws\npulumi_aws.s3.Bucket('mine')\n",
            "aws:s3/bucket:Bucket 'mine': this type of resource is not known here yet",
        ),
        (
            "infra/dead_letters.py",
            "message_retention_seconds=",
            "delay_seconds=5, message_retention_seconds=",
            "delaySeconds: neither applied nor ignored. Apply it in queue() in local/resources/messaging.py",
        ),
    ],
)
def test_what_it_cannot_make_is_named_with_where_to_add_it(
    copy: Commands, file: str, old: str, new: str, said: str
) -> None:
    program = (copy.checkout / file).read_text()
    assert old in program
    (copy.checkout / file).write_text(program.replace(old, new, 1))
    done = copy.run("up", "--detach", "--offline", "--port", free_port())
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    _assert_nothing_left(copy)


def _group(commands: Commands, stack: LocalStack | None = None) -> int:
    """The process group of a stack's MiniStack, or of the only one there is."""
    return int(next(commands.state.glob(f"{stack.port if stack else '*'}/pid")).read_text())


def _alive(group: int) -> bool:
    """Whether a process of the group lives; zombies do not."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
    return any(int(pgid) == group and stat[0] != "Z" for pgid, stat in map(str.split, listed.splitlines()))


def _assert_nothing_left(commands: Commands, group: int | None = None) -> None:
    assert not commands.state.exists()
    if group:
        _until(lambda: not _alive(group))


def _until(condition: Callable[[], bool], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
