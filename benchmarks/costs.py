"""The cost on AWS of a month and of the worst day, from measured units and list prices.

`python -m benchmarks.costs` writes the tables of docs/costs.md. If the JSON file of a benchmark run is given, the
figures of that run become the measured ones first.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from math import ceil
from pathlib import Path

from benchmarks.__main__ import figures
from infra import monitoring
from infra.function import MEMORY_MB
from infra.metrics import Watched
from rates.answers import LARGEST_PAYLOAD
from rates.reader import TIME_TO_LIVE
from rates.telemetry import UNITS

DATA = Path(__file__).parent / "data"
DOCUMENT = Path(__file__).parent.parent / "docs" / "costs.md"
PRICES = tomllib.loads((DATA / "prices.toml").read_text(encoding="utf-8"))
MEASURED: dict[str, float] = json.loads((DATA / "measured.json").read_text(encoding="utf-8"))
REQUESTS = (10_000, 1_000_000, 100_000_000)  # a month
DAY, MONTH = 24 * 3600, 30 * 24 * 3600  # seconds
LIFETIME = 300  # seconds until Lambda replaces an execution environment, at the earliest
CORE_MB = 1769  # the memory at which a function gets one whole CPU
INVOCATION_MS = 1.0  # what Lambda itself adds to each call
LOG_BYTES, HEADER_BYTES = (
    326,
    300,
)  # what Lambda and CloudWatch add to a log line, and API Gateway to an answer
UPDATES, PUBLICATIONS = 30 + 22 * 5, 22  # a month: daily and catch-up runs, and new publications
ALARMS = len(monitoring.alarms(Watched(*("" for _ in fields(Watched)))))
MOST = 2 * 20  # answers per second: the default of `throttleRate` on each of two stages
WATCHED, BARE = (
    {"metric_months": len(UNITS), "alarm_months": ALARMS, "dashboard_months": 1},
    {"metric_months": 0},
)


def dollars(usage: Mapping[str, float]) -> dict[str, float]:
    """Return the cost of a usage by part. The keys of the usage are those of prices.toml."""
    found = {price["part"]: 0.0 for price in PRICES.values()}
    for name, amount in usage.items():
        found[PRICES[name]["part"]] += amount * PRICES[name]["usd"] / PRICES[name]["per"]
    return found


def month(requests: int, api: str = "rest_requests", **options: float) -> dict[str, float]:
    """Return the usage of a month with so many evenly spread requests for `latest`.

    Each execution environment reads the whole history once, and `latest` again after its time to live. Log lines
    are shorter if no metrics are among the options.
    """
    environments = min(requests, MONTH // LIFETIME)
    updates = {"unchanged": UPDATES - PUBLICATIONS, "changed": PUBLICATIONS}
    milliseconds = environments * MEASURED["cold.first_answer.ms"]
    milliseconds += sum(count * MEASURED[f"update.{case}.ms"] for case, count in updates.items())
    reads = environments * MEASURED["first.history_all.read_units"]
    reads += min(requests, MONTH // TIME_TO_LIVE) * MEASURED["steady.read_units"]
    reads += sum(count * MEASURED[f"update.{case}.read_units"] for case, count in updates.items())
    line = MEASURED[
        "steady.log_bytes" if options.get("metric_months") else "steady.log_bytes_without_metrics"
    ]
    stored = MEASURED["update.seed.table_bytes"] / 1e9
    return {
        api: requests,
        "lambda_requests": requests + UPDATES,
        "lambda_gb_seconds": requests * _gb_seconds(MEASURED["warm.latest.ms"])
        + milliseconds * CORE_MB / 1024 / 1000,
        "read_units": reads,
        "write_units": PUBLICATIONS * MEASURED["update.changed.write_units"],
        "stored_gb_months": stored,
        "recoverable_gb_months": stored,
        "logged_gb": requests * (line + LOG_BYTES) / 1e9,
        "transferred_gb": requests * (MEASURED["steady.answer_bytes"] + HEADER_BYTES) / 1e9,
        **options,
    }


def worst_day(rate: float, inspected: float = 0) -> dict[str, float]:
    """Return the usage of a day with so many of the largest answers per second.

    `inspected` is the number of requests per second that the web ACL sees, including those that it blocks.
    """
    answers, transferred = rate * DAY, rate * DAY * LARGEST_PAYLOAD / 1e9
    slowest = MEASURED["warm.history_all_usd.ms"] / MEASURED["warm.history_all_usd.bytes"]  # for each byte
    return {
        "rest_requests": answers,
        "lambda_requests": answers,
        "lambda_gb_seconds": answers * _gb_seconds(slowest * LARGEST_PAYLOAD),
        "logged_gb": answers * (MEASURED["steady.log_bytes"] + LOG_BYTES) / 1e9,
        "transferred_gb": min(transferred, 10_000),
        "transferred_gb_beyond": max(transferred - 10_000, 0),
        "inspected_requests": inspected * DAY,
    }


def tables() -> dict[str, str]:
    """Return the tables of docs/costs.md in Markdown, by name."""
    firewall = {"web_acl_months": 1}
    stacks = {
        "dev, REST API": [month(n, **BARE) for n in REQUESTS],
        "dev, if it had an HTTP API": [month(n, "http_requests", **BARE) for n in REQUESTS],
        "prod, REST API": [month(n, **WATCHED) for n in REQUESTS],
        "prod, if it had an HTTP API": [month(n, "http_requests", **WATCHED) for n in REQUESTS],
        "prod with a web ACL": [month(n, inspected_requests=n, **WATCHED, **firewall) for n in REQUESTS],
    }
    limited = {f"300 requests in five minutes, {n} addresses": min(n, MOST) for n in (1, 10, 100)}
    days = {"none": worst_day(MOST)} | {name: worst_day(rate, MOST) for name, rate in limited.items()}
    prod = [dollars(usage) for usage in stacks["prod, REST API"]]
    scale = [f"{requests:,} requests" for requests in REQUESTS]
    return {
        "parts": _table(["Part", *scale], {part: [column[part] for column in prod] for part in prod[0]}),
        "stacks": _table(
            ["Stack", *scale], {name: [sum(dollars(u).values()) for u in row] for name, row in stacks.items()}
        ),
        "worst day": _table(
            ["Limit by address", *dollars({}), "Total"],
            {name: [*dollars(day).values(), sum(dollars(day).values())] for name, day in days.items()},
        ),
        "measured": _table(["Figure", "Value"], {f"`{name}`": [value] for name, value in MEASURED.items()}),
    }


def main(arguments: list[str]) -> None:
    """Write the tables between their markers in docs/costs.md."""
    if arguments:
        found = figures(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
        MEASURED.update({name: round(found[name], 2) for name in MEASURED})
        (DATA / "measured.json").write_text(json.dumps(MEASURED, indent=2) + "\n", encoding="utf-8")
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, table in tables().items():
        text = re.sub(f"(?s)(?<=<!-- table: {name} -->\n).*?(?=<!-- end -->)", table, text)
    DOCUMENT.write_text(text, encoding="utf-8")


def _gb_seconds(milliseconds: float) -> float:
    """Return what Lambda bills for a call that takes so long on a whole CPU."""
    return ceil(milliseconds * CORE_MB / MEMORY_MB + INVOCATION_MS) / 1000 * MEMORY_MB / 1024


def _table(head: list[str], rows: Mapping[str, list[float]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])]]
    lines += [[name, *(f"{value:,.2f}" for value in row)] for name, row in rows.items() if any(row)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main(sys.argv[1:])
