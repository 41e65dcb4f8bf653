"""Requests over HTTP through the local gateway: the get function beside an empty and a scanning function."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pulumi
import pytest
import requests
from pytest_benchmark.fixture import BenchmarkFixture

from local import archive, config
from local.aws import Aws

PROJECT = Path(__file__).parent.parent
UNTHROTTLED = ("--config", "throttleRate=10000", "--config", "throttleBurst=5000")
REQUESTS = 240  # a round; a multiple of the connections


class Deployed(NamedTuple):
    """A stack of its own: its client factory, the name of its get function, its URL of `/latest`, and its log."""

    aws: Aws
    function: str
    latest: str
    log: Callable[[], str]


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The stack on an embedded AWS, with a table for the scanning function."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {**os.environ, "LOCAL_STATE_DIR": str(tmp_path_factory.mktemp("state"))}

    def local(*arguments: str) -> str:
        command = [sys.executable, "-m", "local", *arguments, "--port", str(port)]
        pipe = subprocess.PIPE
        return subprocess.run(
            command, cwd=PROJECT, env=environment, stdout=pipe, text=True, check=True
        ).stdout

    local("up", "--offline", "--detach", *UNTHROTTLED)
    try:
        outputs = json.loads(local("outputs"))
        latest = f"{outputs['api_url']}/latest"
        aws = Aws(f"http://127.0.0.1:{port}", config.load(PROJECT, "local")["aws:region"])
        _fill(aws, requests.get(latest, timeout=30).json())
        yield Deployed(aws, outputs["get_function_name"], latest, lambda: local("logs", "get"))
    finally:
        local("down")


@pytest.fixture(scope="session", params=["latest", "empty", "scan"])
def function(request: pytest.FixtureRequest, deployed: Deployed) -> str:
    """Put an alternative in the place of the get function: the gateway and its path stay the same."""
    name = str(request.param)
    if name != "latest":
        file = PROJECT / "benchmarks" / "alternatives" / f"{name}.py"
        code = archive.build(pulumi.AssetArchive({"get_rates.py": pulumi.FileAsset(str(file))}))
        deployed.aws.client("lambda").update_function_code(FunctionName=deployed.function, ZipFile=code)
        while "alternative" not in requests.get(deployed.latest, timeout=30).headers:
            pass
    return name


@pytest.mark.benchmark(group=f"{REQUESTS} requests through the local gateway", timer=time.perf_counter)
@pytest.mark.parametrize("connections", [1, 8])
def bench_gateway(
    benchmark: BenchmarkFixture, deployed: Deployed, function: str, connections: int, rounds: int
) -> None:
    # The warm-up starts as many execution environments as the connections need.
    benchmark.pedantic(load, (deployed.latest, connections, REQUESTS), rounds=rounds, warmup_rounds=2)
    benchmark.extra_info["per_second"] = REQUESTS / benchmark.stats.stats.median
    if function == "latest":
        latencies = re.findall(r'"Latency":([\d.]+)', deployed.log())
        benchmark.extra_info["handler_ms"] = median(map(float, latencies[-REQUESTS:]))


def load(url: str, connections: int, count: int) -> None:
    """Send `count` GET requests over so many connections. Raises OSError if an answer is not a 200."""
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(_ask, [url] * connections, [count // connections] * connections))


def _ask(url: str, count: int) -> None:
    """Send requests one after the other over one connection."""
    target = urlsplit(url)
    connection = http.client.HTTPConnection(target.netloc, timeout=30)
    for _ in range(count):
        connection.request("GET", target.path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise OSError(f"{url} is answered with {answer.status} instead of 200")
    connection.close()


def _fill(aws: Aws, publication: dict[str, Any]) -> None:
    """Make the scanning function's table: the latest rates, one item for each currency."""
    client = aws.client("dynamodb")
    client.create_table(
        TableName="scanned",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "currency", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "currency", "AttributeType": "S"}],
    )
    for currency, rate in publication["rates"].items():
        item = {"currency": {"S": currency}, "date": {"S": publication["date"]}, "rate": {"N": str(rate)}}
        client.put_item(TableName="scanned", Item=item)
