"""The get function on moto's table: its few calls, and the payloads that API Gateway expects."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.integration.get_function import GetFunction

FUNCTIONS = Path(__file__).parents[2] / "functions"


def test_cold_function_reads_the_latest_with_one_call(get_function: GetFunction) -> None:
    status, answer, _ = get_function.get("/v1/latest?symbols=USD")
    assert (status, answer["rates"]) == (200, {"USD": 1.1172})
    assert get_function.dynamodb.made() == ["GetItem"]


@pytest.mark.parametrize(
    "url",
    [
        *("/2024-05-13", "/2024-01-01", "/2024-01-01..2024-02-01", "/2023-06-01.."),
        *("/2023-06-01..?group=week", "/changes/2025-01-02", "/changes/2025-01-15"),
        *("/changes/2023-07-01..2026-10-30", "/changes/2023-07-01..2025-05-01"),
    ],
)
def test_cold_function_reads_anything_with_two_calls(get_function: GetFunction, url: str) -> None:
    assert get_function.status(url) == 200
    assert get_function.dynamodb.made() == ["GetItem", "BatchGetItem"]


def test_cold_start_imports_neither_botocore_nor_urllib3() -> None:
    """Each would double the time of a cold start."""
    code = "import sys, get_rates; print(*sorted({'boto3', 'botocore', 'urllib3'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": str(FUNCTIONS)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, check=True)
    assert run.stdout.split() == []


def test_event_with_gaps_is_answered(get_function: GetFunction) -> None:
    gaps: list[dict[str, Any]] = [
        {},
        {"path": None, "headers": None, "requestContext": None},
        {"httpMethod": None, "multiValueQueryStringParameters": None},
        {"path": "/latest", "multiValueQueryStringParameters": {"base": []}, "headers": {}},
    ]
    for event in gaps:
        assert get_function.module.handler(event, None)["statusCode"] == 200, event
