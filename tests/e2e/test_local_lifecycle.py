"""`up` and `down`: a stack is deployed, answers, and leaves nothing behind, also after a failure."""

import os
import signal

import pytest
import requests

from tests.e2e.processes import assert_nothing_left, group, is_alive, until
from tests.e2e.stack import Commands, LocalStack, free_port


def test_table_is_created_as_the_program_describes_it(local_stack: LocalStack) -> None:
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
    number = group(commands)
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert_nothing_left(commands, number)


@pytest.mark.fault("A signal during a local deployment")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_during_the_deployment_takes_everything_down(commands: Commands, number: int) -> None:
    process = commands.start("up", "--offline", "--port", free_port())
    assert process.stdout
    assert process.stdout.readline().startswith("MiniStack on")
    ministack = group(commands)
    process.send_signal(number)
    assert process.wait(5) == 130
    assert_nothing_left(commands, ministack)


@pytest.mark.full
def test_two_stacks_run_side_by_side_and_up_replaces_one(commands: Commands) -> None:
    stack, other = LocalStack.up(commands, "--config", "alarms=true"), free_port()
    alarms = stack.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert {alarm["AlarmActions"][0] for alarm in alarms} == {stack.outputs["alarm_topic_arn"]}
    emulator = commands.start("emulator", "--offline", "--port", other)
    assert emulator.stdout
    "".join(iter(emulator.stdout.readline, "It runs until Ctrl-C.\n"))
    for words in (["outputs"], ["down"]):
        several = commands.run(*words)
        assert several.returncode == 1
        assert f"{min(stack.port, other)}, {max(stack.port, other)}" in several.stderr
        assert "--port" in several.stderr

    first = group(commands, stack)
    again = commands.run("up", "--detach", "--offline", "--port", stack.port)
    assert again.returncode == 0, again.stderr
    assert f"Taking down this checkout's stack on port {stack.port} first." in again.stdout
    assert requests.get(f"http://127.0.0.1:{other}/_ministack/health", timeout=10).ok
    until(lambda: not is_alive(first))

    second = group(commands, stack)
    for port in (stack.port, other):
        assert commands.run("down", "--port", port).returncode == 0
    assert emulator.communicate(timeout=10)[0] == "Taken down by another command.\n"
    assert_nothing_left(commands, second)


def test_failing_seeding_takes_everything_down(commands: Commands) -> None:
    port = free_port()
    no_feed = f"feedUrl=http://127.0.0.1:{port}/nothing/eurofxref-hist.zip"
    done = commands.run("up", "--detach", "--port", port, "--config", no_feed)
    assert done.returncode == 1
    assert "aws:lambda/invocation:Invocation 'update-rates': the function update-rates-" in done.stderr
    assert "Traceback" not in done.stderr
    assert_nothing_left(commands)


@pytest.mark.fault("MiniStack dies during a deployment")
def test_ministack_that_dies_is_an_error_and_leaves_nothing(commands: Commands) -> None:
    process = commands.start("up", "--offline", "--port", free_port())
    assert process.stdout
    assert process.stdout.readline().startswith("MiniStack on")
    os.kill(group(commands), signal.SIGKILL)
    assert process.wait(30) == 1
    assert process.stderr
    assert "MiniStack ended; the end of its log:" in process.stderr.read()
    assert_nothing_left(commands)
