"""What a month costs on AWS, from what was measured and AWS's list prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from math import ceil
from typing import NamedTuple

from benchmarks import prices
from benchmarks.figures import Figure, Section
from benchmarks.get_function import GetFunction, proxy_event
from benchmarks.memory_table import MemoryTable
from infra import alarm_list
from infra.function import MEMORY_MB
from infra.metrics import Watched
from rates.serving.reader import TIME_TO_LIVE
from rates.telemetry import UNITS

REQUESTS = {"10k": 10_000, "1m": 1_000_000, "100m": 100_000_000}  # a month
MINUTES = 30 * 24 * 60
# Lambda gives a function CPU by its memory, a whole core at this much; and takes its time around a call.
CORE_MB = 1769
INVOCATION_MS = 1.0
# An instance that waits is let go after some minutes, and a busy one is replaced now and then.
INSTANCE_MINUTES = 5
LOG_LINE_BYTES = 26 + 300  # CloudWatch's own share of an event, and Lambda's START, END and REPORT
GATEWAY_HEADER_BYTES = 300  # what API Gateway and TLS add to an answer
UPDATES = 30 + 22 * 5  # daily, and the catch-up tries of working days
PUBLICATIONS = 22
ALARMS = len(alarm_list.alarms(Watched(*("" for _ in fields(Watched))), traffic_gigabytes=10))


class Measured(NamedTuple):
    """What a month's cost follows from: of a request for `latest`, an instance, an update and the table."""

    request_ms: float
    answer_bytes: int
    log_bytes: int
    cold_start_ms: float
    latest_read_units: float
    history_read_units: float
    unchanged_seconds: float
    unchanged_read_units: float
    changed_seconds: float
    changed_read_units: float
    changed_write_units: float
    table_bytes: float


def measured(values: Mapping[str, float], table: MemoryTable) -> Measured:
    """From the figures of the other benchmarks, by their keys."""
    answer_bytes, log_bytes = GetFunction(table).sizes(proxy_event("/latest"))
    return Measured(
        request_ms=values["warm.latest.ms"],
        answer_bytes=answer_bytes,
        log_bytes=log_bytes,
        cold_start_ms=values["cold.first_answer.ms"],
        latest_read_units=values["steady.latest.read_units"],
        history_read_units=values["first.history_all.read_units"],
        unchanged_seconds=values["update.unchanged.seconds"],
        unchanged_read_units=values["update.unchanged.read_units"],
        changed_seconds=values["update.changed.seconds"],
        changed_read_units=values["update.changed.read_units"],
        changed_write_units=values["update.changed.write_units"],
        table_bytes=table.bytes,
    )


def month(requests: int, known: Measured) -> dict[str, float]:
    """US dollars by part, for so many requests a month that are spread evenly.

    Every instance reads `latest` again after each time to live, and the whole history once.
    """
    instances = min(requests, MINUTES // INSTANCE_MINUTES)
    rereads = min(requests, MINUTES * 60 // TIME_TO_LIVE)
    unchanged = UPDATES - PUBLICATIONS
    read_units = (
        rereads * known.latest_read_units
        + instances * known.history_read_units
        + unchanged * known.unchanged_read_units
        + PUBLICATIONS * known.changed_read_units
    )
    slower = CORE_MB / MEMORY_MB
    milliseconds = (
        requests * ceil(known.request_ms * slower + INVOCATION_MS)
        + instances * known.cold_start_ms * slower
        + (unchanged * known.unchanged_seconds + PUBLICATIONS * known.changed_seconds) * 1000 * slower
    )
    table_gb = known.table_bytes / 1e9
    return {
        "api_gateway_rest": requests * prices.REST_REQUEST,
        "lambda": (requests + UPDATES) * prices.LAMBDA_REQUEST
        + milliseconds / 1000 * MEMORY_MB / 1024 * prices.LAMBDA_GB_SECOND,
        "dynamodb": read_units * prices.READ_UNIT
        + PUBLICATIONS * known.changed_write_units * prices.WRITE_UNIT
        + table_gb * (prices.STORED_GB_MONTH + prices.BACKED_UP_GB_MONTH),
        "logs": requests * (known.log_bytes + LOG_LINE_BYTES) / 1e9 * prices.LOGGED_GB,
        "metrics": len(UNITS) * prices.METRIC_MONTH,
        "alarms": ALARMS * prices.ALARM_MONTH,
        "dashboard": prices.DASHBOARD_MONTH,
        "data_transfer": requests * (known.answer_bytes + GATEWAY_HEADER_BYTES) / 1e9 * prices.TRANSFERRED_GB,
    }


def measure(values: Mapping[str, float], table: MemoryTable) -> list[Section]:
    """A month at three sizes, part by part, and in all with an HTTP API in place of the REST API."""
    known = measured(values, table)
    sections = []
    for size, requests in REQUESTS.items():
        parts = month(requests, known)
        total = sum(parts.values())
        with_http = total - parts["api_gateway_rest"] + requests * prices.HTTP_REQUEST
        figures = [
            Figure(
                f"cost.{size}.{part}.usd",
                part.replace("_", " "),
                dollars,
                "USD",
                note=f"{dollars / total:.0%}",
            )
            for part, dollars in parts.items()
        ]
        figures += [
            Figure(f"cost.{size}.total.usd", "in all", total, "USD"),
            Figure(f"cost.{size}.total_with_http_api.usd", "in all, with an HTTP API", with_http, "USD"),
        ]
        sections.append(Section(f"A month on AWS, {requests:,} requests for `latest`", figures))
    return sections
