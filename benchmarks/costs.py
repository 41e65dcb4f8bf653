"""The cost on AWS of a month and of the worst day, from measured units and list prices.

`python -m benchmarks.costs` writes the tables of docs/costs.md. With the JSON file of a benchmark run as its
argument, it takes over the figures of that run first.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from math import ceil
from pathlib import Path

from benchmarks.__main__ import figures

DATA = Path(__file__).parent / "data"
DOCUMENT = Path(__file__).parent.parent / "docs" / "costs.md"
PRICES = tomllib.loads((DATA / "prices.toml").read_text(encoding="utf-8"))
INPUTS = tomllib.loads((DATA / "inputs.toml").read_text(encoding="utf-8"))
MEASURED: dict[str, float] = json.loads((DATA / "measured.json").read_text(encoding="utf-8"))
STACK, ASSUMED = INPUTS["stack"], INPUTS["assumed"]
DAY, MONTH = 24 * 3600, 30 * 24 * 3600  # seconds
SCALE = (10_000, 1_000_000, 100_000_000)  # requests a month
WATCHED = {"metric_months": STACK["metrics"], "alarm_months": STACK["alarm_metrics"]}
MOST = STACK["stages"] * STACK["throttle_rate"]  # answers per second of each route: `/` and `/{proxy+}`
FROM_ADDRESS = STACK["requests_per_address"] / 300  # requests per second, with the limit of prod
FIRST_TIER = 10_000  # GB of data transfer


def dollars(usage: Mapping[str, float]) -> dict[str, float]:
    """Return the cost of a usage by part, and the total. The keys of a usage are those of prices.toml."""
    found = {price["part"]: 0.0 for price in PRICES.values()}
    for name, amount in usage.items():
        found[PRICES[name]["part"]] += amount * PRICES[name]["usd"] / PRICES[name]["per"]
    return found | {"Total": sum(found.values())}


def month(requests: int, api: str = "rest_requests", **options: float) -> dict[str, float]:
    """Return the usage of a month with this many requests for `latest`, evenly spread.

    Each execution environment reads the whole history once, and `latest` again after its time to live.
    Without metrics among the options, log lines are shorter. The table has the revisions of a year.
    """
    environments = min(requests, MONTH // ASSUMED["environment_seconds"])
    new = ASSUMED["publications"]
    updates = {"unchanged": STACK["runs"] - new, "changed": new}
    milliseconds = environments * MEASURED["cold.first_answer.ms"]
    milliseconds += sum(count * MEASURED[f"update.{case}.ms"] for case, count in updates.items())
    reads = environments * MEASURED["first.history_all.read_units"]
    reads += min(requests, MONTH // STACK["time_to_live_seconds"]) * MEASURED["steady.read_units"]
    reads += sum(count * MEASURED[f"update.{case}.read_units"] for case, count in updates.items())
    line = MEASURED[
        "steady.log_bytes" if options.get("metric_months") else "steady.log_bytes_without_metrics"
    ]
    added = 12 * new * MEASURED["update.changed.added_bytes"]
    stored = (MEASURED["update.seed.table_bytes"] + added) / 1e9
    return {
        api: requests,
        "lambda_requests": requests + STACK["runs"],
        "lambda_gb_seconds": requests * _billed(MEASURED["warm.latest.ms"]) + _billed(milliseconds),
        "read_units": reads,
        "write_units": new * MEASURED["update.changed.write_units"],
        "stored_gb_months": stored,
        "recoverable_gb_months": stored,
        "logged_gb": requests * (line + ASSUMED["log_bytes"]) / 1e9,
        "transferred_gb": requests * (MEASURED["steady.answer_bytes"] + ASSUMED["header_bytes"]) / 1e9,
        **options,
    }


def worst_day(rate: float, inspected: float = 0, small: float = 0) -> dict[str, float]:
    """Return the usage of a day with `rate` of the largest answers per second.

    `small` is the number of answers per second of the route `/`, which has its own throttle. `inspected` is
    the number of requests per second that the web ACL sees, including those that it blocks.
    """
    large, pages, size = rate * DAY, small * DAY, STACK["largest_answer_bytes"]
    answers = large + pages
    transferred = (large * size + pages * ASSUMED["root_answer_bytes"]) / 1e9
    slowest = MEASURED["warm.history_all_usd.ms"] / MEASURED["warm.history_all_usd.bytes"]  # for each byte
    return {
        "rest_requests": answers,
        "lambda_requests": answers,
        "lambda_gb_seconds": large * _billed(slowest * size) + pages * _billed(MEASURED["warm.latest.ms"]),
        "logged_gb": answers * (MEASURED["steady.log_bytes"] + ASSUMED["log_bytes"]) / 1e9,
        "transferred_gb": min(transferred, FIRST_TIER),
        "transferred_gb_beyond": max(transferred - FIRST_TIER, 0),
        "inspected_requests": inspected * DAY,
    }


def prod(requests: int) -> dict[str, float]:
    """Return the usage of a month of the stack `prod`: watched, and with a limit by address."""
    return month(requests, web_acl_months=1, inspected_requests=requests, **WATCHED)


def tables() -> dict[str, str]:
    """Return the tables of docs/costs.md in Markdown, by name."""
    stacks = {
        "`dev`": [month(n) for n in SCALE],
        "`dev` with an HTTP API": [month(n, "http_requests") for n in SCALE],
        "`prod`": [prod(n) for n in SCALE],
        "`prod` with the dashboard": [prod(n) | {"dashboard_months": 1} for n in SCALE],
        "`prod` without a web ACL": [month(n, **WATCHED) for n in SCALE],
    }
    days = {"without a limit": dollars(worst_day(MOST, small=MOST))}
    for name, rate, small in (
        ("one address", FROM_ADDRESS, 0),
        ("10 addresses", 10 * FROM_ADDRESS, 0),
        ("100 addresses", MOST, MOST),
    ):
        days[f"with a limit, {name}"] = dollars(worst_day(rate, 2 * MOST, small))
    columns = [dollars(usage) for usage in stacks["`prod`"]]
    kinds = [part for part, cost in dollars(worst_day(1, 1)).items() if cost]
    scale, usd = [f"{requests:,} requests" for requests in SCALE], "{:,.2f}".format
    totals = {name: [dollars(usage)["Total"] for usage in row] for name, row in stacks.items()}
    parts = {part: [column[part] for column in columns] for part in columns[0]}
    return {
        "stacks": _table(["Stack", *scale], {name: map(usd, row) for name, row in totals.items()}),
        "parts": _table(["Part", *scale], {part: map(usd, row) for part, row in parts.items() if any(row)}),
        "worst day": _table(
            ["Clients", *kinds], {name: [usd(day[kind]) for kind in kinds] for name, day in days.items()}
        ),
        "measured": _table(["Figure", "Value"], {f"`{name}`": [f"{v:,}"] for name, v in MEASURED.items()}),
    }


def main(arguments: list[str]) -> None:
    """Write the tables between their markers in docs/costs.md."""
    for file in arguments:
        found = figures(json.loads(Path(file).read_text(encoding="utf-8")))
        for name in MEASURED:
            MEASURED[name] = int(found[name]) if found[name].is_integer() else round(found[name], 2)
        (DATA / "measured.json").write_text(json.dumps(MEASURED, indent=2) + "\n", encoding="utf-8")
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, table in tables().items():
        text = re.sub(f"(?s)(<!-- table: {name} -->\n).*?(<!-- end -->)", rf"\g<1>{table}\g<2>", text)
    DOCUMENT.write_text(text, encoding="utf-8")


def _billed(milliseconds: float) -> float:
    """Return the GB-seconds that Lambda bills for a call that takes this time on a whole CPU."""
    slower = ASSUMED["core_mb"] / STACK["memory_mb"]
    return float(ceil(milliseconds * slower + ASSUMED["invocation_ms"]) / 1000 * STACK["memory_mb"] / 1024)


def _table(head: list[str], rows: Mapping[str, Iterable[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *([name, *cells] for name, cells in rows.items())]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main(sys.argv[1:])
