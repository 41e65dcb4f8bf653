"""One JSON line for each request and each update: a log entry and its metrics.

CloudWatch reads the metrics from the line itself (embedded metric format).
"""

import json
import time
from collections.abc import Mapping
from typing import Any

NAMESPACE = "ExchangeRates"
DIMENSION = "Stack"

# All metrics by name, with their units. CloudWatch bills each one: at most ten. API Gateway has metrics of
# its own for the number of requests and of errors.
LATENCY = "Latency"
CACHE_HITS = "CacheHits"
ANSWER_BYTES = "AnswerBytes"
UPDATES_SUCCEEDED = "UpdatesSucceeded"
PUBLICATIONS = "Publications"
YEARS_WRITTEN = "YearsWritten"
DATA_AGE = "DataAge"
DATA_STALE = "DataStale"
UNITS = {
    LATENCY: "Milliseconds",
    CACHE_HITS: "Count",
    ANSWER_BYTES: "Bytes",
    UPDATES_SUCCEEDED: "Count",
    PUBLICATIONS: "Count",
    YEARS_WRITTEN: "Count",
    DATA_AGE: "Seconds",
    DATA_STALE: "Count",
}


def emit(stack: str, metrics: Mapping[str, float], fields: Mapping[str, Any], *, embedded: bool) -> None:
    """Print one line with the metrics, by the names above, and with fields that are only logged.

    If not `embedded`, the line has the same fields, but CloudWatch does not make (and bill) metrics of it.
    """
    line: dict[str, Any] = {DIMENSION: stack, **metrics, **fields}
    if embedded:
        directive = {
            "Namespace": NAMESPACE,
            "Dimensions": [[DIMENSION]],
            "Metrics": [{"Name": name, "Unit": UNITS[name]} for name in metrics],
        }
        line["_aws"] = {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": [directive]}
    print(json.dumps(line, separators=(",", ":")), flush=True)
