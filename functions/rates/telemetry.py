"""One JSON line a request or an update: a log entry that CloudWatch also reads metrics from (embedded metric
format)."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

NAMESPACE = "ExchangeRates"
DIMENSION = "Stack"

# Every metric there is, by name, with its unit. CloudWatch bills each: at most ten.
REQUESTS = "Requests"
LATENCY = "Latency"
CLIENT_ERRORS = "ClientErrors"
SERVER_ERRORS = "ServerErrors"
CACHE_HITS = "CacheHits"
UPDATES_SUCCEEDED = "UpdatesSucceeded"
PUBLICATIONS = "Publications"
YEARS_WRITTEN = "YearsWritten"
DATA_AGE = "DataAge"
DATA_STALE = "DataStale"
UNITS = {
    REQUESTS: "Count",
    LATENCY: "Milliseconds",
    CLIENT_ERRORS: "Count",
    SERVER_ERRORS: "Count",
    CACHE_HITS: "Count",
    UPDATES_SUCCEEDED: "Count",
    PUBLICATIONS: "Count",
    YEARS_WRITTEN: "Count",
    DATA_AGE: "Seconds",
    DATA_STALE: "Count",
}


def emit(stack: str, metrics: Mapping[str, float], fields: Mapping[str, Any]) -> None:
    """Print the line: metrics by their names above, and fields that are only logged."""
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": name, "Unit": UNITS[name]} for name in metrics],
    }
    line = {
        "_aws": {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": [directive]},
        DIMENSION: stack,
        **metrics,
        **fields,
    }
    print(json.dumps(line, separators=(",", ":")), flush=True)
