"""The stack on an embedded AWS of the benchmark's own, with the alternatives beside it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pulumi

from benchmarks.figures import progress
from infra.function import MEMORY_MB, RUNTIME
from local import archive, config
from local.aws import ACCOUNT, Aws

PROJECT = Path(__file__).parent.parent
ALTERNATIVES = Path(__file__).parent / "alternatives"
UNTHROTTLED = ("--config", "throttleRate=10000", "--config", "throttleBurst=5000")
STAGE = "v1"
SCANNED = "scanned"  # the table of the scanning design


@contextmanager
def deployed() -> Iterator[dict[str, str]]:
    """Deploys it all and takes it down again; gives the URLs of `empty`, `latest` and `scan`."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as state:
        variables = {**os.environ, "LOCAL_STATE_DIR": state}

        def local(*arguments: str) -> str:
            command = [sys.executable, "-m", "local", *arguments, "--port", str(port)]
            done = subprocess.run(
                command, cwd=PROJECT, env=variables, stdout=subprocess.PIPE, text=True, check=True
            )
            return done.stdout

        progress(f"gateway: deploying on port {port}")
        local("up", "--offline", "--detach", *UNTHROTTLED)
        try:
            latest = json.loads(local("outputs"))["api_url"] + "/latest"
            region = config.load(PROJECT, "local")["aws:region"]
            aws = Aws(f"http://127.0.0.1:{port}", region)
            _fill(aws, latest)
            yield {
                "empty": _serve(aws, "empty", {}),
                "latest": latest,
                "scan": _serve(aws, "scan_per_request", {"TABLE_NAME": SCANNED}),
            }
        finally:
            local("down")


def _fill(aws: Aws, latest: str) -> None:
    """The scanning design's table: the latest rates, an item a currency."""
    with urllib.request.urlopen(latest) as response:
        publication = json.load(response)
    client = aws.client("dynamodb")
    client.create_table(
        TableName=SCANNED,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "currency", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "currency", "AttributeType": "S"}],
    )
    for currency, rate in publication["rates"].items():
        item = {
            "currency": {"S": currency},
            "date": {"S": publication["date"]},
            "rate": {"N": str(rate)},
        }
        client.put_item(TableName=SCANNED, Item=item)


def _serve(aws: Aws, name: str, environment: dict[str, str]) -> str:
    """An alternative as a function behind a REST API of its own; the URL of its `/latest`."""
    code = pulumi.AssetArchive({f"{name}.py": pulumi.FileAsset(str(ALTERNATIVES / f"{name}.py"))})
    function = aws.client("lambda").create_function(
        FunctionName=name,
        Code={"ZipFile": archive.build(code)},
        Runtime=RUNTIME,
        Handler=f"{name}.handler",
        Role=f"arn:aws:iam::{ACCOUNT}:role/{name}",
        MemorySize=MEMORY_MB,
        Timeout=10,
        Environment={"Variables": environment},
    )
    client = aws.client("apigateway")
    api = client.create_rest_api(name=name)["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    resource = client.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"]
    client.put_method(restApiId=api, resourceId=resource, httpMethod="ANY", authorizationType="NONE")
    invocations = f"path/2015-03-31/functions/{function['FunctionArn']}/invocations"
    client.put_integration(
        restApiId=api,
        resourceId=resource,
        httpMethod="ANY",
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=aws.arn("apigateway", invocations, account="lambda"),
    )
    client.create_deployment(restApiId=api, stageName=STAGE)
    return f"{aws.endpoint}/_aws/execute-api/{api}/{STAGE}/latest"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
