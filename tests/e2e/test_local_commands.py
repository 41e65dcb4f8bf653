"""The commands that ask a running stack: `outputs`, `invoke` and `logs`."""

import io
import json
import signal
import zipfile

import pytest
import requests

from local.aws import ACCOUNT, Aws
from tests.e2e.stack import Commands, LocalStack, free_port

# A name as a real Pulumi CLI gives it.
UPDATE = "exchange-rates-local-update-rates-1a2b3c4"


def create_function(aws: Aws, name: str, body: str) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as packed:
        packed.writestr("code.py", f"def handler(event, context):\n    {body}\n")
    aws.client("logs").create_log_group(logGroupName=f"group-of-{name}")
    aws.client("lambda").create_function(
        FunctionName=name,
        Code={"ZipFile": code.getvalue()},
        Handler="code.handler",
        Runtime="python3.13",
        Role=f"arn:aws:iam::{ACCOUNT}:role/any",
        LoggingConfig={"LogGroup": f"group-of-{name}"},
    )
    aws.client("lambda").create_alias(FunctionName=name, Name="live", FunctionVersion="$LATEST")


def test_outputs_are_json_and_nothing_else(local_stack: LocalStack) -> None:
    done = local_stack.commands.run("outputs")
    assert json.loads(done.stdout) == local_stack.outputs
    assert done.stderr == ""
    assert local_stack.outputs["api_host"] == local_stack.endpoint
    assert local_stack.api_url == f"{local_stack.endpoint}/v1"
    assert local_stack.api_v2_url == f"{local_stack.endpoint}/v2"
    assert local_stack.commands.run("outputs", "api_url").stdout == f"{local_stack.api_url}\n"


def test_update_without_news_answers_in_one_line(local_stack: LocalStack) -> None:
    done = local_stack.commands.run("invoke", "update", "--event", '{"force": true}')
    assert json.loads(done.stdout)["years_written"] == []
    assert (done.stdout.count("\n"), done.stderr, done.returncode) == (1, "", 0)


def test_error_of_a_function_is_the_error_of_invoke(local_stack: LocalStack) -> None:
    create_function(local_stack.aws, "broken", "raise ValueError('no such luck')")
    try:
        done = local_stack.commands.run("invoke", "broken")
    finally:
        local_stack.client("lambda").delete_function(FunctionName="broken")
        local_stack.client("logs").delete_log_group(logGroupName="group-of-broken")
    assert (done.returncode, done.stdout) == (1, "")
    assert "broken failed" in done.stderr
    assert "no such luck" in done.stderr


def test_logs_are_those_of_both_functions_or_of_one(local_stack: LocalStack) -> None:
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
        (["invoke", "nothing"], "no function is called 'nothing'; there are "),
        (["logs", "nothing"], "no function is called 'nothing'; there are "),
        (["invoke", "update", "--event", "{"], "--event is not JSON"),
        (["outputs", "api"], "there is no output 'api'; there are api_host, "),
        (["outputs", "--port", "1"], "no stack of this checkout runs on port 1, but on"),
    ],
)
def test_question_without_an_answer_is_an_error(local_stack: LocalStack, words: list[str], said: str) -> None:
    done = local_stack.commands.run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr


@pytest.mark.parametrize("words", [["outputs"], ["logs"], ["invoke", "update"]])
def test_question_without_a_stack_names_the_command_that_starts_one(
    commands: Commands, words: list[str]
) -> None:
    done = commands.run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: no stack of this checkout runs; `python -m local up` starts one\n"


def test_down_without_a_stack_succeeds(commands: Commands) -> None:
    done = commands.run("down", "--port", 4999)
    assert (done.returncode, done.stdout) == (0, "No stack of this checkout runs on port 4999.\n")
    assert not commands.state.exists()


@pytest.mark.full
def test_functions_of_a_real_pulumi_cli_are_found(commands: Commands) -> None:
    port = free_port()
    process = commands.start("emulator", "--offline", "--port", port)
    assert process.stdout
    recipe = "".join(iter(process.stdout.readline, "It runs until Ctrl-C.\n"))
    assert f"sed 's/:4566/:{port}/' Pulumi.local.yaml > Pulumi.local-{port}.yaml" in recipe
    assert "pulumi up --refresh" in recipe
    assert "config set" not in recipe
    feed = requests.get(f"http://127.0.0.1:{port}/feed/eurofxref-hist.zip", timeout=10)
    assert feed.content.startswith(b"PK")

    assert "nothing is deployed yet" in commands.run("invoke", "update").stderr
    aws = Aws(f"http://127.0.0.1:{port}", "eu-central-1")
    create_function(aws, UPDATE, "print('hello'); return {'done': True}")
    assert commands.run("invoke", "update").stdout == '{"done": true}\n'
    logged = commands.run("logs").stdout
    assert f"{UPDATE} hello" in logged
    assert "`pulumi stack output` prints" in commands.run("outputs").stderr

    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
