"""Cold start: import and first answer in a fresh interpreter, against a bare boto3 client."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from statistics import median

from benchmarks import archive, endpoint, environment
from benchmarks.figures import Figure, Section, at_most, progress
from benchmarks.get_function import proxy_event
from benchmarks.memory_table import MemoryTable

ROUNDS = 15
REACH = 1.15  # times a bare client
BARE = "import boto3; boto3.client('dynamodb')"
OURS = f"import get_rates; get_rates.handler({proxy_event('/latest')!r}, None)"
TIMED = "import time; started = time.perf_counter()\n{}\nprint((time.perf_counter() - started) * 1000)"


def measure(table: MemoryTable) -> Section:
    """The function's start as Lambda has it: from its archive, without bytecode."""
    times: dict[str, list[float]] = {BARE: [], OURS: []}
    with tempfile.TemporaryDirectory() as folder, endpoint.serve(table) as url:
        with zipfile.ZipFile(io.BytesIO(archive.content())) as packed:
            packed.extractall(folder)
        variables = {
            **os.environ,
            **environment.FUNCTION,
            "AWS_ENDPOINT_URL_DYNAMODB": url,
            "PYTHONPATH": folder,
            "PYTHONDONTWRITEBYTECODE": "1",  # Lambda's file system cannot be written to
        }
        for number in range(ROUNDS + 1):
            progress(f"cold start: round {number} of {ROUNDS}")
            for statements, found in times.items():
                milliseconds = _milliseconds(statements, variables)
                if number:  # files come from the disk before that
                    found.append(milliseconds)
    bare, ours = median(times[BARE]), median(times[OURS])
    # Neighbours in time are compared, so that a busy moment of the machine counts for both.
    ratio = median(one / other for one, other in zip(times[OURS], times[BARE], strict=True))
    return Section(
        "Cold start",
        [
            Figure("cold.bare.ms", "bare boto3: import and client", bare, "ms"),
            Figure("cold.first_answer.ms", "get function: import, client, first answer", ours, "ms"),
            Figure("cold.ratio", "get function / bare boto3", ratio, "x", at_most(REACH)),
        ],
        f"Fresh interpreters, medians of {ROUNDS} rounds in turn; DynamoDB is a server on loopback.",
    )


def _milliseconds(statements: str, variables: dict[str, str]) -> float:
    done = subprocess.run(
        [sys.executable, "-c", TIMED.format(statements)],
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])
