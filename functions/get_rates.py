"""The get function: answers the requests of the REST API."""

import time
from datetime import UTC, datetime
from typing import Any

from rates import calendar, settings, telemetry
from rates.serving import dynamodb, proxy, service
from rates.serving.proxy import Response
from rates.serving.reader import Reader, Report
from rates.storage.store import Store

SETTINGS = settings.load()
CLIENT = dynamodb.Client(SETTINGS.dynamodb_endpoint)
READER = Reader(Store(CLIENT, SETTINGS.table_name))


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Return the response to a REST API proxy event. Prints one line of telemetry.

    Raises only if the event has `probe` and the history cannot be read. No client can send that key.
    """
    if "probe" not in event:
        return _answer(event, READER)[0].payload()
    from rates.serving import probe

    def attempt() -> tuple[dict[str, Any], Report]:
        # A new reader each time: one that was refused does not ask the table again for some seconds.
        response, report = _answer(event, Reader(Store(CLIENT, SETTINGS.table_name)))
        return response.payload(), report

    return probe.answer(attempt, context)


def _answer(event: dict[str, Any], reader: Reader) -> tuple[Response, Report]:
    """Return the response and the report of its read. Never raises; prints one line of telemetry."""
    started = time.perf_counter()
    now = datetime.now(UTC)
    fault = ""
    report = Report()
    request = proxy.request(event)
    try:
        response, report = service.respond(request, reader, SETTINGS, now)
    except Exception:
        import traceback  # not on the path of every first answer

        fault = traceback.format_exc()
        response = service.internal_error(request)
    metrics = {
        telemetry.LATENCY: round((time.perf_counter() - started) * 1000, 3),
        telemetry.ANSWER_BYTES: len(response.body.encode()),
    }
    if report.newest_date:  # the reader answered
        metrics[telemetry.CACHE_HITS] = int(report.reads == 0)
        metrics[telemetry.DATA_STALE] = int(calendar.is_stale(report.newest_date, now, SETTINGS.update_time))
    fields = {
        "request": request.id,
        "method": request.method,
        "path": request.path[:200],
        "status": response.status,
        "reads": report.reads,
        "trouble": report.trouble,
        "fault": fault,
    }
    telemetry.emit(SETTINGS.stack, metrics, fields, embedded=SETTINGS.metrics)
    return response, report
