"""The get function: answers the REST API's requests."""

from __future__ import annotations

import time
import traceback
from datetime import UTC, datetime
from typing import Any

from botocore.config import Config
from botocore.session import get_session

from rates import calendar, settings, telemetry
from rates.serving import gateway, service
from rates.serving.errors import HttpError
from rates.serving.reader import Reader
from rates.storage.store import Store

SETTINGS = settings.load()
# botocore's own client: boto3, which wraps it, adds a tenth to a cold start. With this configuration there is
# an answer or a failure within the function's 10 s.
CONFIG = Config(connect_timeout=2, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})
CLIENT = get_session().create_client("dynamodb", config=CONFIG)
READER = Reader(Store(CLIENT, SETTINGS.table_name))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """A REST API proxy event's response. Never raises; prints one line of telemetry."""
    started, reads = time.perf_counter(), READER.reads
    now = datetime.now(UTC)
    fault = ""
    request = gateway.request(event)
    try:
        response = service.respond(request, READER, SETTINGS, now)
    except Exception:
        # Whatever it is, it is ours: the client is told no more than that, and the log has the rest.
        fault = traceback.format_exc()
        response = service.refused(HttpError(500, "internal server error"))
    metrics = {
        telemetry.LATENCY: round((time.perf_counter() - started) * 1000, 3),
        telemetry.CACHE_HITS: int(READER.reads == reads),
        telemetry.ANSWER_BYTES: len(response.body.encode()),
    }
    if READER.newest_date:
        metrics[telemetry.DATA_STALE] = int(calendar.is_stale(READER.newest_date, now, SETTINGS.update_time))
    fields = {
        "request": request.id,
        "method": request.method,
        "path": request.path[:200],
        "status": response.status,
        "trouble": READER.trouble,
        "fault": fault,
    }
    telemetry.emit(SETTINGS.stack, metrics, fields, embedded=SETTINGS.metrics)
    return response.payload()
