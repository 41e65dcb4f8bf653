"""Requests over HTTP through the local gateway: the get function beside an empty and a scanning function."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import pulumi
import pytest
import requests

from local import archive, config
from local.aws import Aws

PROJECT = Path(__file__).parent.parent
UNTHROTTLED = ("--config", "throttleRate=10000", "--config", "throttleBurst=5000")
REQUESTS = 240  # a round; a multiple of the connections


class Stack:
    """The stack on an embedded AWS of its own. Its state is in a folder."""

    def __init__(self, state: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port = str(probe.getsockname()[1])
        self._environment = os.environ | {"LOCAL_STATE_DIR": str(state)}
        self.aws = Aws(f"http://127.0.0.1:{self._port}", config.load(PROJECT, "local")["aws:region"])

    def run(self, *arguments: str) -> str:
        """Return the output of a command of `python -m local`."""
        command = [sys.executable, "-m", "local", *arguments, "--port", self._port]
        return subprocess.check_output(command, cwd=PROJECT, env=self._environment, text=True)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The deployed stack, with a table for the scanning function: one item for each of 30 currencies."""
    stack = Stack(tmp_path_factory.mktemp("state"))
    stack.run("up", "--offline", "--detach", *UNTHROTTLED)
    client = stack.aws.client("dynamodb")
    client.create_table(
        TableName="scanned",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "currency", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "currency", "AttributeType": "S"}],
    )
    for number in range(30):
        item = {"currency": {"S": f"C{number:02}"}, "date": {"S": "2026-10-30"}, "rate": {"N": "1.1172"}}
        client.put_item(TableName="scanned", Item=item)
    yield stack
    stack.run("down")


@pytest.fixture(scope="module", params=["latest", "empty", "scan"])
def url(request: pytest.FixtureRequest, stack: Stack) -> str:
    """The URL of `/latest`. An alternative replaces the get function's code behind the same gateway."""
    outputs = json.loads(stack.run("outputs"))
    url = f"{outputs['api_url']}/latest"
    if request.param != "latest":
        file = pulumi.FileAsset(str(PROJECT / "benchmarks" / "alternatives" / f"{request.param}.py"))
        code = archive.build(pulumi.AssetArchive({"get_rates.py": file}))
        function = outputs["get_function_name"]
        stack.aws.client("lambda").update_function_code(FunctionName=function, ZipFile=code)
        while requests.get(url, timeout=30).headers.get("Alternative") != request.param:
            pass
    return url


@pytest.mark.benchmark(group=f"{REQUESTS} requests through the local gateway", timer=time.perf_counter)
@pytest.mark.parametrize("connections", [1, 8])
def bench_gateway(
    benchmark: Any, request: pytest.FixtureRequest, stack: Stack, url: str, connections: int
) -> None:
    rounds = int(request.config.getoption("--benchmark-min-rounds"))
    # The warm-up starts as many execution environments as the connections need.
    benchmark.pedantic(load, (url, connections, REQUESTS), rounds=rounds, warmup_rounds=2)
    benchmark.extra_info["per_second"] = REQUESTS / benchmark.stats.stats.median
    if "latest" in request.node.name:
        latencies = re.findall(r'"Latency":([\d.]+)', stack.run("logs", "get"))
        benchmark.extra_info["handler_ms"] = median(map(float, latencies[-REQUESTS:]))


def load(url: str, connections: int, count: int) -> None:
    """Send `count` GET requests over a number of connections. Raises OSError if an answer is not a 200."""
    target = urlsplit(url)

    def ask(count: int) -> None:
        with closing(http.client.HTTPConnection(target.netloc, timeout=30)) as connection:
            for _ in range(count):
                connection.request("GET", target.path)
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    raise OSError(f"{url} is answered with {answer.status} instead of 200")

    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(ask, [count // connections] * connections))
