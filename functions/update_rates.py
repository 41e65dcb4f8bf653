"""The update function: brings the table up to the ECB's file, each day and while the stack is deployed."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from typing import Any

from botocore.exceptions import ClientError
from botocore.session import get_session

from rates import calendar, settings, telemetry
from rates.source import Source
from rates.storage.store import Store, client_config
from rates.updating.feed import Clock, Download, download
from rates.updating.update import Summary, update

SETTINGS = settings.load()
CLIENT = get_session().create_client("dynamodb", config=client_config(read_timeout=5, attempts=6))
STORE = Store(CLIENT, SETTINGS.table_name)
CLOCK = Clock()
# A role that was just made is refused for a while (IAM is eventually consistent).
ACCESS_DENIED_SECONDS = 60
ACCESS_DENIED_PAUSE_SECONDS = 3


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Update the table and say what was done. The event may say `{"force": true}`: publish what would be
    refused, and read and check everything even if nothing seems to have changed; and `{"seeding": true}`: a
    feed that cannot be reached is no failure while a whole history is stored.

    Raises what went wrong, for the retries, the dead letters and the alarms; prints one line of telemetry.
    """
    started = time.perf_counter()
    now = datetime.now(UTC)
    metrics: dict[str, float] = {telemetry.UPDATES_SUCCEEDED: 0}
    fields: dict[str, Any] = {"event": event}
    try:
        summary = _update(now, force=event.get("force") is True, seeding=event.get("seeding") is True)
        done = {**summary._asdict(), "corrections": len(summary.corrections)}
        metrics |= _measured(summary, now)
        fields |= done
    except Exception as error:
        fields |= {"error": type(error).__name__, "message": str(error)}
        raise
    finally:
        fields["seconds"] = round(time.perf_counter() - started, 3)
        telemetry.emit(SETTINGS.stack, metrics, fields)
    for correction in summary.corrections:
        print(json.dumps({"correction": correction._asdict()}), flush=True)
    return done


def _update(now: datetime, *, force: bool, seeding: bool) -> Summary:
    """The update, again while its role is not known yet."""
    deadline = CLOCK.now() + ACCESS_DENIED_SECONDS
    while True:
        try:
            return update(STORE, _fetch, now, force=force, seeding=seeding)
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDeniedException" or CLOCK.now() >= deadline:
                raise
        CLOCK.sleep(ACCESS_DENIED_PAUSE_SECONDS)


def _fetch(known: Source | None) -> Download | None:
    """The feed's file; None where it did not change. The validators of another URL say nothing of this
    one."""
    return download(SETTINGS.feed_url, known if known and known.url == SETTINGS.feed_url else None, CLOCK)


def _measured(summary: Summary, now: datetime) -> dict[str, float]:
    due_at = calendar.due_at(date.fromisoformat(summary.date), SETTINGS.update_time)
    return {
        telemetry.UPDATES_SUCCEEDED: int(summary.feed_error is None),
        telemetry.PUBLICATIONS: summary.publications,
        telemetry.YEARS_WRITTEN: len(summary.years_written),
        telemetry.DATA_AGE: max(0, int((now - due_at).total_seconds())),
        telemetry.DATA_STALE: int(calendar.is_stale(summary.date, now, SETTINGS.update_time)),
    }
